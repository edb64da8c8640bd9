graven::network! {
    pub struct Net;

    budget { ram = 1 KiB, batch = 8 }

    fn forward(x: [64]) -> [10] {
        let hidden = relu(dense(x, 100));
        dense(hidden, 10)
    }
}

fn main() {}
