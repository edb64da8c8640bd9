graven::network! {
    pub struct Net;

    fn forward(x: [0]) -> [2] {
        dense(x, 2)
    }
}

fn main() {}
