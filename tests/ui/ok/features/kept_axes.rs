graven::network! {
    pub struct Net;

    fn forward(x: [2, 2]) -> [2, 2] {
        x - mean(x, axis = -1, keep_dims = true)
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[[1.0, 3.0], [4.0, 8.0]]]), [[[-1.0, 1.0], [-2.0, 2.0]]]);
}
