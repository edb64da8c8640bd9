graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [2] {
        let hidden = dense(x, 3);
        dense(hidden, 2)
    }

    fn loss(y, target: [2]) {
        mse(y, target) + l2(0.1, of = hidden) + l1(0.01)
    }
}

pub fn main() {}
