#![deny(unused_variables)]

graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [2] {
        let hidden = dense(x, 8);
        dense(x, 2)
    }
}

fn main() {}
