graven::network! {
    pub struct Net;

    fn inner(a, b) {
        a * b
    }

    fn outer(x) {
        inner(x, dense(x, 3))
    }

    fn forward(x: [4]) -> [4] {
        outer(x)
    }
}

fn main() {}
