graven::network! {
    pub struct Net;

    fn forward(x: f32[2, 2]) -> f32[] {
        sum(x)
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[[1.0, 2.0], [3.0, 4.0]]]), [10.0]);
}
