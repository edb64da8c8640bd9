graven::network! {
    pub struct Net;

    fn cell((total, product), step) {
        ((total + step, product * step), step)
    }

    fn forward(x: [3]) -> ([], []) {
        let (last, _) = scan(cell, over = x, init = (zeros([]), ones([])));
        last
    }
}

pub fn main() {
    let (total, product) = Net::new(7).predict(&[[2.0, 3.0, 4.0]]);
    assert_eq!((total[0], product[0]), (9.0, 24.0));
}
