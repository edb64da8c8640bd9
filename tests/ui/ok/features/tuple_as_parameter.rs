graven::network! {
    pub struct Net;

    fn sum_of((a, b)) {
        a + b
    }

    fn forward(x: [4]) -> [4] {
        sum_of((x, x * 2))
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[1.0, -2.0, 3.0, 4.0]]), [[3.0, -6.0, 9.0, 12.0]]);
}
