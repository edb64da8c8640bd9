#![deny(dead_code)]

graven::network! {
    pub struct Net;

    const WIDTH = 8;
    const SPARE = 2 * WIDTH;

    fn block(x) {
        spare(x)
    }

    fn spare(x) {
        dense(x, 2)
    }

    fn _kept(x) {
        x
    }

    fn forward(x: [4]) -> [2] {
        dense(x, 2)
    }
}

fn main() {}
