#![deny(unused_variables, unused_mut)]

graven::network! {
    pub struct Net;

    fn scaled(x, factor, _offset = 0.0) {
        x * 2.0
    }

    fn forward(x: [4], spare: [3]) -> [2] {
        let hidden = dense(x, 8);
        let (first, _second) = (x, hidden);
        let mut idle = scaled(x, 3);
        for step in 0..2 {
            idle.relu();
        }
        dense(x, 2)
    }

    fn loss(logits, target: [2]) {
        mean(target)
    }
}

fn main() {}
