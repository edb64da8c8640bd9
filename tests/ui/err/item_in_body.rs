graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        struct Inner;
        dense(x, 4)
    }
}

fn main() {}
