graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [2] {
        softmax(dense(x, 2), axis = 2)
    }
}

fn main() {}
