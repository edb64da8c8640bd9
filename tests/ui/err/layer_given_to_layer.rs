graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        dense(dense, 4)
    }
}

fn main() {}
