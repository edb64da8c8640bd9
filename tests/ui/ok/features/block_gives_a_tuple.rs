graven::network! {
    pub struct Net;

    fn ends(x) {
        split(x, 2)
    }

    fn forward(x: [4]) -> [4] {
        let (low, high) = ends(x);
        concat([high, low])
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[1.0, -2.0, 3.0, 4.0]]), [[3.0, 4.0, 1.0, -2.0]]);
}
