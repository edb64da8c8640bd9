graven::network! {
    pub struct Net;

    fn forward(x: [4, 3]) -> [4] {
        sum(x, dim = 1)
    }
}

fn main() {}
