graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        dense(units = 4)
    }
}

fn main() {}
