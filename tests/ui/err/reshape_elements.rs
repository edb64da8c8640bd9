graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [2] {
        reshape(x, [3])
    }
}

fn main() {}
