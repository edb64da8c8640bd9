graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        x * (9223372036854775807 + 1)
    }
}

fn main() {}
