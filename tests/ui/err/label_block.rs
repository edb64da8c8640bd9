graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        'outer: {
            x
        }
    }
}

fn main() {}
