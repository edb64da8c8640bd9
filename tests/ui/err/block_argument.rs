graven::network! {
    pub struct Net;

    fn layer(x, units) {
        dense(x, units)
    }

    fn forward(x: [4]) -> [2] {
        layer(x, unit = 2)
    }
}

fn main() {}
