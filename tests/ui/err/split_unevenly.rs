graven::network! {
    pub struct Net;

    fn forward(x: [10]) -> [3] {
        let (a, b, c) = split(x, 3);
        a + b + c
    }
}

fn main() {}
