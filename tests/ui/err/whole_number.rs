graven::network! {
    pub struct Net;

    fn forward(x: [9]) -> [3] {
        dense(x, sqrt(x.channels))
    }
}

fn main() {}
