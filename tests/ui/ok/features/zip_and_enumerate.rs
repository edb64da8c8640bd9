graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        let mut y = x;
        for (i, (a, b)) in enumerate(zip([1, 2], rev([3, 4]))) {
            y = y + i * a * b;
        }
        y
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[1.0, -2.0, 3.0, 4.0]]), [[7.0, 4.0, 9.0, 10.0]]);
}
