graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [10] {
        dense(x, 10)
    }

    fn loss(logits, label: []) {
        cross_entropy(logits, label)
    }
}

fn main() {}
