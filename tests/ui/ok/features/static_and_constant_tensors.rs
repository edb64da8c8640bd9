graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        x * ones([4]) + zeros([4]) + constant(2, shape = [4]) + constant(1)
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[1.0, -2.0, 3.0, 4.0]]), [[4.0, 1.0, 6.0, 7.0]]);
}
