graven::network! {
    pub struct Net;

    fn double(x) {
        x * 2
    }

    fn forward(x: [4]) -> [4] {
        let mut y = x;
        for f in [relu, square, double] {
            y = f(y);
        }
        y
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[1.0, -2.0, 3.0, 4.0]]), [[2.0, 0.0, 18.0, 32.0]]);
}
