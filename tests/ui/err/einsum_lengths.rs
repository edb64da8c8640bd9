graven::network! {
    pub struct Net;

    fn forward(a: [3, 4], b: [5, 6]) -> [3, 5] {
        einsum("qd,kd->qk", a, b)
    }
}

fn main() {}
