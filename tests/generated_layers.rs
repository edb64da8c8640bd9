//! Emitted layers against the reference evaluator.

mod reference;

use reference::compare;

compare! { classifier {
    fn forward(x: [37]) -> [10] {
        let hidden = dense(x, 70, activation = relu);
        dense(hidden, 10)
    }
    fn loss(logits, label: index<10>) { cross_entropy(logits, label) + l2(1e-3) }
} }

compare! { probabilities {
    fn forward(x: [17]) -> [2] {
        let hidden = dense(x, 33, activation = relu);
        dense(hidden, 2, activation = softmax)
    }
    fn loss(p, t: [2]) { categorical_cross_entropy(p, softmax(t)) }
} }

compare! { batch_statistics {
    fn forward(x: [12]) -> [12] {
        let mut x = x;
        for units in [9, 4, 34] {
            x = relu(batch_norm(dense(x, units)));
        }
        dense(x, 12)
    }
    fn loss(y, t: [12]) { mse(y, t) }
} }

compare! { norms {
    fn forward(x: [5, 7]) -> [2] {
        let h = batch_norm(layer_norm(dense(x, 11, activation = gelu)), momentum = 0.9, center = false);
        let h = rms_norm(h) + layer_norm(h, axis = [0, 1]);
        dense(flatten(h), 2)
    }
    fn loss(y, t: [2]) { mae(y, t) }
} }

compare! { random {
    fn forward(x: [20]) -> [4] {
        let h = dropout(gaussian_noise(dense(x, 18, activation = silu), 0.1), 0.4);
        let h = dropout(reshape(h, [3, 6]), 0.5);
        dense(flatten(h), 4, activation = sigmoid)
    }
    fn loss(p, t: [4]) { binary_cross_entropy(p, sigmoid(t)) }
} }
