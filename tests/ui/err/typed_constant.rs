graven::network! {
    pub struct Net;

    const UNITS: usize = 2;

    fn forward(x: [4]) -> [2] {
        dense(x, UNITS)
    }
}

fn main() {}
