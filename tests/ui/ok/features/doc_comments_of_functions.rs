graven::network! {
    pub struct Net;

    /// Twice the input.
    fn twice(x) {
        x * 2
    }

    fn forward(x: [4]) -> [4] {
        twice(x)
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[1.0, -2.0, 3.0, 4.0]]), [[2.0, -4.0, 6.0, 8.0]]);
}
