graven::network! {
    pub struct Net;

    fn layer(x) {
        dense(x, 2)
    }

    fn layer(x) {
        dense(x, 3)
    }

    fn forward(x: [4]) -> [2] {
        layer(x)
    }
}

fn main() {}
