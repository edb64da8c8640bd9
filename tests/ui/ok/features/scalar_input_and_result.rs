graven::network! {
    pub struct Net;

    fn forward(x: []) -> [] {
        x * 2
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[3.0, 4.0]), [6.0, 8.0]);
}
