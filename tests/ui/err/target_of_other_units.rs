graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [3] {
        dense(x, 3)
    }

    fn loss(y, target: [2]) {
        mse(y, target)
    }
}

fn main() {}
