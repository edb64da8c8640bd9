graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [10] {
        dense(x, 10)
    }

    fn loss(logits, label: index<10>[1]) {
        cross_entropy(logits, label)
    }
}

fn main() {}
