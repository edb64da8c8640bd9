graven::network! {
    pub struct Net;

    fn forward(x: [8]) -> [2] {
        sigmoid(dense(x, 2))
    }

    fn loss(probability, answer: index<2>) {
        binary_cross_entropy(probability, answer)
    }
}

fn main() {}
