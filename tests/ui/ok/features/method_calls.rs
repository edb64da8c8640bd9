graven::network! {
    pub struct Net;

    fn forward(x: [2, 2]) -> [4] {
        x.relu().flatten().clip(0.0, 2.0)
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[[1.0, -2.0], [3.0, 4.0]]]), [[1.0, 0.0, 2.0, 2.0]]);
}
