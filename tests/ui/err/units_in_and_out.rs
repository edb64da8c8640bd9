graven::network! {
    pub struct Net;

    fn forward(x: [64]) -> [10] {
        dense(x, 64, 10)
    }
}

fn main() {}
