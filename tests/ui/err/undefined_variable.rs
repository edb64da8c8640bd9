graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [2] {
        let hidden = dense(x, 8, activation = relu);
        dense(hiden, 2)
    }
}

fn main() {}
