graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [3] {
        dense(x, 3)
    }

    fn loss(logits, label: index<3>) {
        softmax_cross_entropy(logits, label)
    }
}

fn main() {}
