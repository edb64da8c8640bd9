graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        x * int(sqrt(16.0)) + max([1, 2, 3]) - min(2, 5) + sum([1, 1]) + round(0.6) + floor(1.5)
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[1.0, -2.0, 3.0, 4.0]]), [[9.0, -3.0, 17.0, 21.0]]);
}
