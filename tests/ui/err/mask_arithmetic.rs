graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        let positive = x > 0.0;
        x * positive
    }
}

fn main() {}
