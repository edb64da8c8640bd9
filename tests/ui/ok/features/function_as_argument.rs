graven::network! {
    pub struct Net;

    fn twice(f, x) {
        f(f(x))
    }

    fn forward(x: [4]) -> [4] {
        twice(square, x)
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[1.0, -2.0, 0.5, 0.0]]), [[1.0, 16.0, 0.0625, 0.0]]);
}
