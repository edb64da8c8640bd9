graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        concat([]) + x
    }
}

fn main() {}
