graven::network! {
    pub struct Net;

    fn forward(x: [3, 4]) -> [3, 5] {
        dense(x, 5)
    }

    fn loss(logits, label: index<5>[3]) {
        cross_entropy(logits, label)
    }
}

pub fn main() {}
