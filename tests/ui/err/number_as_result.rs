graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [2] {
        2
    }
}

fn main() {}
