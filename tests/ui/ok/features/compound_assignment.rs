graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        let mut y = x;
        y += 1;
        y *= 2;
        y -= x;
        y /= 2;
        y
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[1.0, -2.0, 3.0, 4.0]]), [[1.5, 0.0, 2.5, 3.0]]);
}
