graven::network! {
    pub struct Net;

    fn forward(x: [1, 2], y: [1, 2]) -> [2, 2] {
        concat([x, y], axis = 0)
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[[1.0, 2.0]]], &[[[3.0, 4.0]]]), [[[1.0, 2.0], [3.0, 4.0]]]);
}
