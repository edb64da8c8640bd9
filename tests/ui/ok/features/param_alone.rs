graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [3] {
        let table = param([4, 3], init = ones);
        matmul(x, table)
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[1.0, -2.0, 3.0, 4.0]]), [[6.0, 6.0, 6.0]]);
}
