graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [] {
        reshape(dense(x, 1), [])
    }

    fn loss(logit, answer: index<2>) {
        binary_cross_entropy_with_logits(logit, answer)
    }
}

pub fn main() {}
