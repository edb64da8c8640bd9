graven::network! {
    pub struct Net;

    const SIDE = HALF * 2;
    const HALF = 1;

    fn forward(x: [SIDE * 2]) -> [SIDE] {
        slice(x, [0], [SIDE])
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[1.0, -2.0, 3.0, 4.0]]), [[1.0, -2.0]]);
}
