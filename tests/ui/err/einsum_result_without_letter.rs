graven::network! {
    pub struct Net;

    fn forward(a: [3, 4], b: [4, 5]) -> [3, 5] {
        einsum("ij,jk->i k", a, b)
    }
}

fn main() {}
