graven::network! {
    pub struct Net;

    fn forward(x: [5]) -> [2] {
        let (_, middle, _) = split(x, [1, 3]);
        middle
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[1.0, 2.0, 3.0, 4.0, 5.0]]), [[2.0, 3.0]]);
}
