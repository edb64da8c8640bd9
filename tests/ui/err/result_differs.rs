graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [5] {
        dense(x, 4)
    }
}

fn main() {}
