graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [2] {
        let hidden = dense(x, 8);
        dense(hidden, 2)
    }

    fn loss(y, target: [2]) {
        mse(y, target) + l2(1e-4, of = hiden)
    }
}

fn main() {}
