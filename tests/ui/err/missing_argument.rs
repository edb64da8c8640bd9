graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [2] {
        dense(x)
    }
}

fn main() {}
