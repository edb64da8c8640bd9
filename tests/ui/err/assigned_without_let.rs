graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        y = relu(x);
        y
    }
}

fn main() {}
