graven::network! {
    pub struct Net;

    fn forward(a: [2, 2], b: [2, 2]) -> [2, 2] {
        einsum("bqd,bkd->bqk", a, b) - einsum("qd,kd->qk", a, b)
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[[1.0, 2.0], [3.0, 4.0]]], &[[[1.0, 5.0], [0.0, 1.0]]]), [[[0.0; 2]; 2]]);
}
