graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        x % 2
    }
}

fn main() {}
