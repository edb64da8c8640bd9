graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        let mut y = x;
        if y.rank > 1 {
            y = flatten(y);
        }
        y
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[1.0, -2.0, 3.0, 4.0]]), [[1.0, -2.0, 3.0, 4.0]]);
}
