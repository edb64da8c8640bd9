graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [2] {
        dense(x, 2, units = 2)
    }
}

fn main() {}
