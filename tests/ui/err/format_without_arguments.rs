graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        dense(x, 4, name = format!())
    }
}

fn main() {}
