graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        let (y, state) = dense(x, 4);
        y
    }
}

fn main() {}
