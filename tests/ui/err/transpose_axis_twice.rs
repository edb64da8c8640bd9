graven::network! {
    pub struct Net;

    fn forward(x: [3, 4, 5]) -> [3, 5, 4] {
        transpose(x, [0, 2, 2])
    }
}

fn main() {}
