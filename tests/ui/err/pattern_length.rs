graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [2] {
        let (a, b, c) = split(x, 2);
        a + b
    }
}

fn main() {}
