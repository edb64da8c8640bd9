graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        select(x, x, -x)
    }
}

fn main() {}
