graven::network! {
    pub struct Net;

    fn forward(x: [2, 3]) -> [3, 2] {
        let padded = pad(slice(x, [0, 1], [2, 2]), [(0, 1), 0]);
        reshape(padded, [-1, 2]) + transpose(x)
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]), [[[3.0, 7.0], [7.0, 11.0], [3.0, 6.0]]]);
}
