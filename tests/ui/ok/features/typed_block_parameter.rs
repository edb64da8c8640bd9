graven::network! {
    pub struct Net;

    fn flat(image: [2, 2]) -> [4] {
        flatten(image)
    }

    fn forward(x: [2, 2]) -> [4] {
        flat(x)
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[[1.0, 2.0], [3.0, 4.0]]]), [[1.0, 2.0, 3.0, 4.0]]);
}
