graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [3] {
        dense(x, 3, use_bias = True)
    }
}

fn main() {}
