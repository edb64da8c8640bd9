graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [3] {
        ReLU(dense(x, 3))
    }
}

fn main() {}
