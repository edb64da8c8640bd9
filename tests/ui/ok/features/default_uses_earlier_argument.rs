graven::network! {
    pub struct Net;

    fn scaled(x, factor = x.channels, shift = factor + 1) {
        x * factor + shift
    }

    fn forward(x: [4]) -> [4] {
        scaled(x)
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[1.0, -2.0, 3.0, 4.0]]), [[9.0, -3.0, 17.0, 21.0]]);
}
