//! Layers that repeat, which emitted code runs in loops, against the reference evaluator.

mod reference;

use reference::compare;

compare! { residual_tower {
    fn residual(x) {
        let y = dropout(relu(batch_norm(dense(x, 12))), 0.2);
        relu(x + batch_norm(dense(y, 9)))
    }
    fn forward(x: [7]) -> [4] {
        let mut y = dense(x, 9);
        for _ in 0..6 {
            y = residual(y);
        }
        dense(y, 4)
    }
    fn loss(y, t: [4]) { mse(y, t) + l2(1e-3) }
} }

compare! { towers_of_two_widths_with_every_layer_given_out {
    fn forward(x: [6]) -> ([5], [5, 6]) {
        let mut a = x;
        let mut all = [];
        for _ in 0..5 {
            a = tanh(dense(a, 6)) + 0.5 * a;
            all = all + [reshape(a, [1, 6])];
        }
        let mut b = a;
        for _ in 0..4 {
            b = layer_norm(dense(dense(b, 3, activation = silu), 5)) * sigmoid(dense(a, 5));
        }
        (b, concat(all, axis = 0))
    }
    fn loss(y, z, t: [5], u: [5, 6]) { mse(y, t) + mae(z, u) }
} }

compare! { shared_weights_in_every_layer {
    fn forward(x: [6]) -> [6] {
        let w = param([6, 6]);
        let mut y = x;
        for _ in 0..7 {
            y = tanh(matmul(y, w)) + x;
        }
        y
    }
    fn loss(y, t: [6]) { mse(y, t) + l1(1e-3) }
} }
