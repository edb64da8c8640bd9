graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [2] {
        dense(x[0], 2)
    }
}

fn main() {}
