graven::network! {
    pub struct Net;

    fn weighted(y, target, factor = 0.5) {
        mse(y, target) * factor
    }

    fn forward(x: [4]) -> [2] {
        dense(x, 2)
    }

    fn loss(y, target: [2]) {
        weighted(y, target)
    }
}

pub fn main() {}
