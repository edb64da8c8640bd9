//! Emitted code at the corners of the language against the reference evaluator: shared weights, lengths that no lane
//! or panel divides, no parameters, outputs that are inputs.

mod reference;

use reference::compare;

compare! { tied_weights {
    fn forward(x: [21]) -> [21] {
        let w = param([21, 37]);
        let hidden = tanh(matmul(x, w));
        matmul(hidden, transpose(w)) + sum(w, axis = 1) * 0.1
    }
    fn loss(y, t: [21]) { mse(y, t) }
} }

compare! { long_axes {
    fn forward(x: [3, 41]) -> [67, 2] {
        let h = dense(x, 67, activation = relu);
        let turned = transpose(h);
        dense(turned, 33, activation = softmax).dense(2) * max(h, axis = 0).reshape([67, 1])
    }
    fn loss(y, t: [67, 2]) { mse(y, t) }
} }

compare! { no_parameters {
    fn forward(x: [5]) -> ([5], [5], []) { (x, softmax(x), constant(2.0, [])) }
    fn loss(x, y, two, t: [5]) { mse(y, t) + mean(x) * two }
} }

compare! { loss_alone_has_parameters {
    fn forward(x: [5], scale: []) -> ([5], []) {
        let y = x * reshape(scale, [1]);
        (y, scale)
    }
    fn loss(y, _scale, t: [5]) { mse(dense(y, 5), t) }
} }

compare! { one_of_everything {
    fn forward(x: [1]) -> [1] { dense(dense(x, 1, activation = sigmoid), 1) }
    fn loss(y, t: [1]) { huber(y, t, delta = 0.2) }
} }
