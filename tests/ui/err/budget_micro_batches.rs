graven::network! {
    pub struct Net;

    budget { train_ram = 60 KiB, batch = 64 }

    fn forward(x: [64]) -> [10] {
        let hidden = relu(dense(x, 100));
        dense(hidden, 10)
    }

    fn loss(logits, label: index<10>) {
        cross_entropy(logits, label)
    }
}

fn main() {}
