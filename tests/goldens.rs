//! PyTorch's outputs, losses, gradients, running statistics and Adam steps, where its files are at hand.
//!
//! The autoencoder's steps normalise batches of four through nine layers, which multiplies every rounding: from the
//! third step on no 32-bit program follows the 64-bit golden (PyTorch's own strays by 9 %). The graph's ten steps in
//! 64 bits are compared by the compiler's tests.

mod golden;

use golden::{
    Golden, ROWS, assert_close, assert_within, channels_first, check_gradients, counted, folder, golden_test,
    model_name, never, tensor_length,
};
use graven::{Adam, Optimizer, Trainable, Weights, network};

network! {
    struct Mlp;

    fn forward(x: [784]) -> [10] {
        dense(relu(dense(x, 128, name = "layers.0")), 10, name = "layers.1")
    }

    fn loss(logits, label: index<10>) {
        cross_entropy(logits, label)
    }
}

network! {
    struct Mlp2;

    fn forward(x: [784]) -> [10] {
        let mut x = x;
        for units in [512, 512] {
            x = relu(dense(x, units));
        }
        dense(x, 10)
    }

    fn loss(logits, label: index<10>) {
        cross_entropy(logits, label)
    }
}

network! {
    struct AutoEncoder;

    fn forward(x: [640]) -> [640] {
        let mut x = x;
        for units in [128, 128, 128, 128, 8, 128, 128, 128, 128] {
            x = relu(batch_norm(dense(x, units), unbiased = true));
        }
        dense(x, 640, name = "out")
    }

    fn loss(y, target: [640]) {
        mse(y, target)
    }
}

golden_test!(
    mlp,
    Mlp,
    "mlp",
    |golden: &Golden| golden.rows::<784>("in.x"),
    10,
    Golden::labels::<10>,
    str::to_owned,
    never,
    10
);

golden_test!(
    mlp2,
    Mlp2,
    "mlp2",
    |golden: &Golden| golden.rows::<784>("in.x"),
    10,
    Golden::labels::<10>,
    |name| counted("layers", "dense", name).unwrap_or_else(|| name.to_owned()),
    never,
    10
);

golden_test!(
    autoencoder,
    AutoEncoder,
    "autoencoder",
    |golden: &Golden| golden.rows::<640>("in.x"),
    640,
    |golden: &Golden| golden.rows::<640>("target"),
    |name| counted("fc", "dense", name)
        .or_else(|| counted("bn", "batch_norm", name))
        .unwrap_or_else(|| name.to_owned()),
    |name| name.starts_with("fc.") && name.ends_with(".bias"),
    2
);
