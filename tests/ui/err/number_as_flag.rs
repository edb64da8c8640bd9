graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        dense(x, 4, use_bias = 1)
    }
}

fn main() {}
