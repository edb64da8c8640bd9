graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        let y;
        y = x;
        y
    }
}

fn main() {}
