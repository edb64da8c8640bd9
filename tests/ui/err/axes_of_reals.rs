graven::network! {
    pub struct Net;

    fn forward(x: [3, 4]) -> [3] {
        mean(x, axis = 1.0)
    }
}

fn main() {}
