graven::network! {
    pub struct Net;

    fn halve(x) -> [2] {
        dense(x, 3)
    }

    fn forward(x: [4]) -> [2] {
        halve(x)
    }
}

fn main() {}
