//! Emitted transposed convolutions and up-sampling against the reference evaluator.

mod reference;

use reference::compare;

compare! { decoder {
    fn forward(code: [3, 4, 5]) -> [12, 16, 2] {
        let x = relu(conv2d_transpose(code, 7, kernel = 3, stride = 2, padding = same));
        let x = upsample2d(x, 2, interpolation = bilinear);
        let x = zero_pad2d(x, [1, 2]);
        let x = conv2d_transpose(x, 4, kernel = 2, groups = 1, padding = [1, 1]);
        let x = crop2d(x, [(1, 0), (1, 2)]);
        conv2d(x, 2, kernel = 1)
    }
    fn loss(y, t: [12, 16, 2]) { huber(y, t) }
} }

compare! { transposed_forms {
    fn forward(x: [4, 5, 6]) -> [20] {
        let a = conv2d_transpose(x, 4, kernel = 4, stride = 3, groups = 2);
        let b = conv2d_transpose(x, 4, kernel = 3, stride = 2, padding = 1, output_padding = 1, use_bias = false);
        let c = conv2d_transpose(x, 6, kernel = 1);
        let d = conv2d_transpose(x, 6, kernel = 3, groups = 6, dilation = 2);
        let means = [global_avg_pool2d(a), mean(b, axis = [0, 1]), global_max_pool2d(c), global_avg_pool2d(d * d)];
        concat(means)
    }
    fn loss(y, t: [20]) { mse(y, t) }
} }
