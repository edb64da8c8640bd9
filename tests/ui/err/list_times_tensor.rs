graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        x * [1, 2, 3, 4]
    }
}

fn main() {}
