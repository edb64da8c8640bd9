graven::network! {
    pub struct Net;

    fn forward(a: [2, 2], b: [2, 2]) -> [2, 2] {
        matmul(a, transpose(b))
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[[1.0, 2.0], [3.0, 4.0]]], &[[[1.0, 0.0], [0.0, 1.0]]]), [[[1.0, 2.0], [3.0, 4.0]]]);
}
