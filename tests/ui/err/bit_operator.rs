graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        dense(x, 2 << 1)
    }
}

fn main() {}
