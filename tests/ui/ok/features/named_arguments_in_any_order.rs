graven::network! {
    pub struct Net;

    fn affine(x, factor, shift) {
        x * factor + shift
    }

    fn forward(x: [4]) -> [4] {
        affine(shift = 1, x = x, factor = 3)
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[1.0, -2.0, 3.0, 4.0]]), [[4.0, -5.0, 10.0, 13.0]]);
}
