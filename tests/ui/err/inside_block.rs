graven::network! {
    pub struct Net;

    fn add(a, b) {
        a + b
    }

    fn forward(x: [4], y: [3]) -> [4] {
        add(x, y)
    }
}

fn main() {}
