graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        let y = x;
        y = relu(y);
        y
    }
}

fn main() {}
