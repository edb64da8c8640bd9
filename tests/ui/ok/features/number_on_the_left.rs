graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        1 - x / 2
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[1.0, -2.0, 3.0, 4.0]]), [[0.5, 2.0, -0.5, -1.0]]);
}
