//! Budgets are met by exactly the sizes of the generated types, which serve assertions of one's own too.

graven::network! {
    pub struct Net;

    fn forward(x: [64]) -> [10] {
        let hidden = relu(dense(x, 100));
        dense(hidden, 10)
    }

    fn loss(logits, label: index<10>) {
        cross_entropy(logits, label)
    }

    budget { ram = 448 B, train_ram = 32384 B, flash = 30040 B }
}

const _: () = assert!(NetForward::<1>::BYTES == 448);
const _: () = assert!(NetTraining::<1>::BYTES + Net::BYTES == 32_384);
const _: () = assert!(Net::PARAMETER_BYTES == 30_040);

mod wide {
    graven::network! {
        /// Integers, statistics, a batch.
        pub struct Net;

        fn forward(x: [5]) -> ([4], index<4>) {
            let y = batch_norm(dense(x, 4));
            (y, argmax(y))
        }

        fn loss(y, _best, target: [4]) {
            mse(y, target)
        }

        budget { batch = 3, ram = 128 B, train_ram = 768 B, flash = 160 B }
    }
}

const _: () = assert!(wide::NetForward::<3>::BYTES == 128);
const _: () = assert!(wide::NetTraining::<3>::BYTES + wide::Net::BYTES == 768);

fn main() {
    let scalars: usize = wide::Net::tensors().iter().map(|tensor| tensor.shape.iter().product::<usize>()).sum();
    assert_eq!(4 * scalars, 160);
}
