graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        let (mut a, mut b) = split(x, 2);
        (a, b) = (b, a);
        concat([a, b])
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[1.0, -2.0, 3.0, 4.0]]), [[3.0, 4.0, 1.0, -2.0]]);
}
