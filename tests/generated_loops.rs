//! Emitted loops against the reference evaluator.

mod reference;

use reference::compare;

compare! { recurrent {
    fn cell(h, x, units) {
        let h = tanh(dense(x, units) + dense(h, units, use_bias = false));
        (h, h)
    }
    fn forward(x: [7, 5]) -> ([4], [7, 9], [6]) {
        let (last, all) = scan(cell, over = x, init = zeros([9]), units = 9);
        let (back, _) = scan(cell, over = concat([x, all]), init = zeros([6]), reverse = true, units = 6);
        (dense(last, 4), all * sum(back, keep_dims = true), back)
    }
    fn loss(a, b, c, t: [4], u: [7, 9], v: [6]) { mse(a, t) + mse(b, u) + mse(c, v) + l2(1e-3) }
} }

compare! { nested_with_everything {
    fn inner(state, x, scale) {
        let (a, b) = state;
        let a = a * 0.5 + x * scale;
        ((b, a), layer_norm(a + b))
    }
    fn outer(h, rows, memory) {
        let ((_, b), all) = scan(inner, over = rows, init = (h, h * 0.5), scale = param([6], init = ones));
        let weights = softmax(matmul(all, h.reshape([6, 1])), axis = 0);
        let read = sum(all * weights, axis = 0) + dense(dropout(memory, 0.25), 6);
        let h = tanh(batch_norm(read)) + b;
        (h, (h, mean(weights)))
    }
    fn forward(x: [3, 4, 6], memory: [5]) -> [4] {
        let (last, (states, weights)) = scan(outer, over = x, init = param([6], init = 0.1), memory = memory);
        dense(last + max(states, axis = 0), 4) * sum(weights)
    }
    fn loss(y, t: [4]) { mse(y, t) }
} }

compare! { both_directions_of_an_rnn {
    fn forward(x: [5, 3]) -> ([5, 14], [6]) {
        let there = rnn(x, 8, return_sequences = true);
        let back = rnn(x, 6, activation = sigmoid, return_sequences = true, go_backwards = true);
        let y = concat([there, flip(back, axis = 0)]);
        (y, rnn(y, 6, activation = relu, use_bias = false))
    }
    fn loss(y, z, t: [5, 14], u: [6]) { mse(y, t) + mse(z, u) + l2(1e-3) }
} }

compare! { cells_that_capture {
    fn forward(x: [5, 4], memory: [4]) -> [4] {
        let gate = dense(memory, 4, activation = sigmoid);
        let mix = |a, b| gate * a + (1 - gate) * b;
        let (last, all) = scan(|h, step| { let h = mix(tanh(dense(step, 4)), h); (h, h * memory) }, over = x, init = memory);
        residual(last, |y| dense(y, 4) + mean(all, axis = 0))
    }
    fn loss(y, t: [4]) { mse(y, t) }
} }
