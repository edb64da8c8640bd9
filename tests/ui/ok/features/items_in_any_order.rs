graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        later(x)
    }

    fn later(x) {
        x + ONE
    }

    const ONE = 1;
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[1.0, -2.0, 3.0, 4.0]]), [[2.0, -1.0, 4.0, 5.0]]);
}
