graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> ([2], [1]) {
        dense(x, 2)
    }
}

fn main() {}
