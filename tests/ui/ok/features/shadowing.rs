graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        let y = x + 1;
        let y = y * 2;
        y
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[1.0, -2.0, 3.0, 4.0]]), [[4.0, -2.0, 8.0, 10.0]]);
}
