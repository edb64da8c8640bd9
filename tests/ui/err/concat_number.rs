graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        concat([x, 1.0])
    }
}

fn main() {}
