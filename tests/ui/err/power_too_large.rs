graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        x * pow(10, 40)
    }
}

fn main() {}
