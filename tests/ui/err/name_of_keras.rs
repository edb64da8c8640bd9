graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [3] {
        Dense(x, 3)
    }
}

fn main() {}
