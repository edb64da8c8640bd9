graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        x * (7 / 2) + 7 % 4 - 7.0 / 2
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[1.0, -2.0, 3.0, 4.0]]), [[2.5, -6.5, 8.5, 11.5]]);
}
