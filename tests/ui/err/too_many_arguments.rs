graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [2] {
        dropout(dense(x, 2), 0.5, 0.5, 0.5)
    }
}

fn main() {}
