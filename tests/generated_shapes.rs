//! Emitted movements, products and parameters against the reference evaluator.

mod reference;

use reference::compare;

compare! { several {
    fn forward(a: [6], b: []) -> ([3], []) {
        let h = tanh(dense(a, 8)) * reshape(b, [1]);
        (dense(h, 3), sum(h))
    }
    fn loss(y, z, s: [3], t: []) { mse(y, s) + huber(z, t) }
} }

compare! { movements {
    fn forward(x: [4, 6], z: [4, 2]) -> [3, 5] {
        let h = dense(concat([x, z]), 6);
        let (left, right) = split(transpose(h), 2, axis = 0);
        let (first, rest) = split(h, [1], axis = 0);
        let framed = pad(slice(left * right, [1, 0], [2, 3]), [(1, 0), (0, 2)], value = 0.5);
        let joined = concat([slice(rest, [0, 1], [3, 4]), transpose(slice(first, [0, 2], [1, 3]))], axis = 1);
        framed + tanh(joined)
    }
    fn loss(y, t: [3, 5]) { mse(y, t) }
} }

compare! { products {
    fn forward(x: [5, 6], k: [4, 6]) -> [5, 3] {
        let q = dense(x, 6, use_bias = false);
        let weights = softmax(matmul(q, transpose(k)) * 0.4);
        let mixed = matmul(weights, dense(k, 6));
        let w = param([6, 3]);
        let scores = einsum("bqd,bkd->bqk", mixed, k);
        matmul(mixed, w) + mean(scores, axis = 1, keep_dims = true) * param([5, 1])
    }
    fn loss(y, t: [5, 3]) { mse(y, t) }
} }

compare! { frozen {
    fn forward(x: [9]) -> [4] {
        let base = dense(x, 35, activation = relu, trainable = false);
        let head = dense(base, 35, activation = tanh);
        let gain = param([35], init = ones);
        let shift = param([4], init = 0.3, trainable = false);
        dense(head * gain + stop_gradient(head), 4, use_bias = false) + shift
    }
    fn loss(y, t: [4]) { mse(y, t) + l2(1e-2) + l1(1e-2) }
} }
