graven::network! {
    pub struct Net;

    fn forward(a: [3, 4], b: [5, 4]) -> [3, 5] {
        einsum("q,k->qk", a, b)
    }
}

fn main() {}
