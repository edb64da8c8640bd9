graven::network! {
    pub struct Net;

    fn forward(x) -> [2] {
        dense(x, 2)
    }
}

fn main() {}
