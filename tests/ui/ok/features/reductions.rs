graven::network! {
    pub struct Net;

    fn forward(x: [2, 3]) -> [3] {
        sum(x, axis = 0) + max(x, axis = 0) - min(x) + sum(x, axis = [0, 1]) / 21 + mean(x, axis = 1).sum()
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]), [[16.0, 19.0, 22.0]]);
}
