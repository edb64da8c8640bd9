graven::network! {
    pub struct Net;

    fn forward(x: [BATCH_SIZE, 784]) -> [10] {
        dense(x, 10)
    }
}

fn main() {}
