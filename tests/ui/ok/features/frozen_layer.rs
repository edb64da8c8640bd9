graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [2] {
        dense(dense(x, 3, trainable = false), 2)
    }

    fn loss(y, target: [2]) {
        mse(y, target)
    }
}

pub fn main() {
    assert_eq!(Net::PARAMETERS, 3 * 2 + 2);
}
