graven::network! {
    pub struct Net;

    fn forward(x: [64]) -> [64] {
        let hidden = dense(x, 128, activation = relu);
        x + dense(hidden, 32)
    }
}

fn main() {}
