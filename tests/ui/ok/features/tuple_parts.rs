graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        let pair = (2, (3, 4));
        x * pair.0 + pair.1.1
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[1.0, -2.0, 3.0, 4.0]]), [[6.0, 0.0, 10.0, 12.0]]);
}
