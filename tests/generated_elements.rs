//! Emitted functions of elements and reductions against the reference evaluator.

mod reference;

use reference::compare;

compare! { activations {
    fn forward(x: [6]) -> [19] {
        let h = dense(x, 19);
        let mut y = h;
        for f in [relu, relu6, leaky_relu, elu, selu, gelu, silu, sigmoid, hard_sigmoid, hard_swish, tanh, softplus] {
            y = y + f(4.0 * h);
        }
        for f in [softsign, softmax, log_softmax, l2_normalize] {
            y = y * 0.7 + f(h);
        }
        y
    }
    fn loss(y, t: [19]) { mse(y, t) }
} }

compare! { elements {
    fn forward(x: [6]) -> ([17], [17]) {
        let h = dense(x, 17);
        let positive = exp(h) + 0.5;
        let y = log(positive) + sqrt(positive) * rsqrt(positive + 1.0) + pow(positive, 1.3) - positive / (1.0 + square(h));
        let z = abs(h) + sin(h) * cos(2.0 * h) + erf(h) + clip(h, -0.3, 0.4) + max(h, y) - min(h, 0.2);
        let mask = h > 0.1;
        (select(mask, y, z), select(z <= y, -z, h))
    }
    fn loss(y, z, t: [17], s: [17]) { mse(y, t) + mae(z, s) }
} }

compare! { reductions {
    fn forward(x: [3, 5]) -> ([4], [3], [5]) {
        let h = dense(x, 20);
        let a = reshape(h, [3, 4, 5]);
        let parts = sum(a, axis = [0, 2]) + var(a, axis = [0, 2]);
        let peaks = max(a, axis = [1, 2]) - min(a, axis = [-1, -2]);
        let shares = mean(softmax(a, axis = 1), axis = [0, 1]) * max(a, axis = 2, keep_dims = true);
        (parts, peaks, sum(shares, axis = [0, 1]))
    }
    fn loss(a, b, c, t: [4]) { mse(a, t) + mean(square(b)) + mean(c) }
} }
