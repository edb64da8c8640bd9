graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        highway(x, activation = glu)
    }
}

fn main() {}
