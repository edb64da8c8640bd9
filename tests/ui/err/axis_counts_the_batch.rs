graven::network! {
    pub struct Net;

    fn forward(x: [8]) -> [10] {
        softmax(dense(x, 10), axis = 1)
    }
}

fn main() {}
