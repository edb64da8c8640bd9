graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [1] {
        dense(x, 1)
    }

    fn loss(y, target: []) {
        mse(y, target)
    }
}

fn main() {}
