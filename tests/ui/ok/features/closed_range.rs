graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        let mut y = x;
        for i in 1..=3 {
            y = y + i;
        }
        y
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[1.0, -2.0, 3.0, 4.0]]), [[7.0, 4.0, 9.0, 10.0]]);
}
