graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        gaussian_noise(dropout(x, 0.9), 1.0)
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[1.0, -2.0, 3.0, 4.0]]), [[1.0, -2.0, 3.0, 4.0]]);
}
