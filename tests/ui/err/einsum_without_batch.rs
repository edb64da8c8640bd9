graven::network! {
    pub struct Net;

    fn forward(a: [3, 4]) -> [3, 5] {
        let weight = param([5, 4]);
        einsum("bqd,bkd->bqk", a, weight)
    }
}

fn main() {}
