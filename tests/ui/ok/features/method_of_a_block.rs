graven::network! {
    pub struct Net;

    fn scaled(x, factor) {
        x * factor
    }

    fn forward(x: [4]) -> [4] {
        x.scaled(3)
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[1.0, -2.0, 3.0, 4.0]]), [[3.0, -6.0, 9.0, 12.0]]);
}
