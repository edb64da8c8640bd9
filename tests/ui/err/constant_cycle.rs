graven::network! {
    pub struct Net;

    const A = B + 1;
    const B = A - 1;

    fn forward(x: [4]) -> [A] {
        dense(x, A)
    }
}

fn main() {}
