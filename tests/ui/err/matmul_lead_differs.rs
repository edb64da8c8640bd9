graven::network! {
    pub struct Net;

    fn forward(a: [2, 3, 4], b: [5, 4, 3]) -> [2, 3, 3] {
        matmul(a, b)
    }
}

fn main() {}
