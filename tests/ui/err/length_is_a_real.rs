graven::network! {
    pub struct Net;

    fn forward(x: [2.5]) -> [4] {
        dense(x, 4)
    }
}

fn main() {}
