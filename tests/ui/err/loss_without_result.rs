graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [2] {
        dense(x, 2)
    }

    fn loss(target: [2]) {
        l2(1e-4)
    }
}

fn main() {}
