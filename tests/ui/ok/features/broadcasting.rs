graven::network! {
    pub struct Net;

    fn forward(x: [2, 1], y: [3]) -> [2, 3] {
        x * y
    }
}

pub fn main() {
    let y = Net::new(7).predict(&[[[1.0], [2.0]]], &[[1.0, 2.0, 3.0]]);
    assert_eq!(*y, [[[1.0, 2.0, 3.0], [2.0, 4.0, 6.0]]]);
}
