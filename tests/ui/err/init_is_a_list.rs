graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        dense(x, 4, init = [0.0, 0.1])
    }
}

fn main() {}
