graven::network! {
    pub struct Net;

    fn deeper(x) {
        deeper(dense(x, 4))
    }

    fn forward(x: [4]) -> [4] {
        deeper(x)
    }
}

fn main() {}
