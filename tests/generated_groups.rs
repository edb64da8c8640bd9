//! Emitted convolutions of groups of channels, and of each channel for itself, against the reference evaluator.

mod reference;

use reference::compare;

compare! { depthwise {
    fn forward(image: [11, 9, 3]) -> [4] {
        let x = relu(conv2d(image, 24, kernel = [3, 2], stride = [2, 1], padding = [1, 0]));
        let x = relu6(depthwise_conv2d(x, 3, padding = same, depth_multiplier = 2));
        let x = relu(conv2d(x, 10, kernel = 1));
        let x = depthwise_conv2d(x, [3, 1], stride = 2, padding = [(0, 1), (0, 0)], use_bias = false);
        let x = separable_conv2d(x, 7, kernel = 3, padding = same, activation = silu);
        dense(global_max_pool2d(x), 4)
    }
    fn loss(y, t: [4]) { mse(y, t) + l1(1e-3) }
} }

compare! { groups_and_dilation {
    fn forward(image: [10, 10, 6]) -> [3, 3, 8] {
        let x = conv2d(image, 66, kernel = 3, groups = 2, dilation = 2, padding = same, activation = elu);
        let x = conv2d(x, 12, kernel = 1, groups = 3, stride = 3);
        conv2d(x, 8, kernel = 2, activation = sigmoid)
    }
    fn loss(y, t: [3, 3, 8]) { mae(y, t) }
} }
