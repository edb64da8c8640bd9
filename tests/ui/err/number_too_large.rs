graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        x * 99999999999999999999
    }
}

fn main() {}
