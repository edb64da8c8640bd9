graven::network! {
    pub struct Net;

    fn forward(x: [4], y: [4]) -> [8] {
        concat(x, y)
    }
}

fn main() {}
