graven::network! {
    pub struct Net;

    fn forward(x: [-1, 784]) -> [10] {
        dense(x, 10)
    }
}

fn main() {}
