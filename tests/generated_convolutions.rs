//! Emitted convolutions, pools and what belongs to images against the reference evaluator.

mod reference;

use reference::compare;

compare! { lenet {
    fn forward(image: [12, 12, 1]) -> [10] {
        let conv1 = tanh(conv2d(image, 6, kernel = 5, padding = same));
        let conv2 = tanh(conv2d(avg_pool2d(conv1, 2), 16, kernel = 3));
        dense(flatten(max_pool2d(conv2, 2)), 10)
    }
    fn loss(logits, label: index<10>) { cross_entropy(logits, label) + l2(1e-3) }
} }

compare! { residual {
    fn residual(x, filters, stride = 1) {
        let y = relu(batch_norm(conv2d(x, filters, kernel = 3, stride = stride, padding = same)));
        let y = batch_norm(conv2d(y, filters, kernel = 3, padding = same));
        let shortcut = if stride == 1 { x } else { conv2d(x, filters, kernel = 1, stride = stride, padding = same) };
        relu(y + shortcut)
    }
    fn forward(image: [9, 8, 3]) -> [5] {
        let mut x = relu(batch_norm(conv2d(image, 8, kernel = 3, padding = same)));
        for (filters, stride) in [(8, 1), (20, 2), (36, 2)] {
            x = residual(x, filters, stride = stride);
        }
        dense(global_avg_pool2d(x), 5)
    }
    fn loss(logits, label: index<5>) { cross_entropy(logits, label) }
} }

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

compare! { sequences {
    fn forward(wave: [20, 2]) -> [5] {
        let x = relu(conv1d(wave, 9, kernel = 5, stride = 2, padding = same));
        let x = max_pool1d(conv1d(x, 9, kernel = 3, padding = causal, dilation = 2, activation = relu) + x, 2);
        let x = avg_pool1d(conv1d(x, 6, kernel = 1, groups = 3), 3, stride = 1, padding = same);
        dense(global_avg_pool1d(x) + global_max_pool1d(x), 5)
    }
    fn loss(logits, label: index<5>) { cross_entropy(logits, label) }
} }

compare! { pools {
    fn forward(image: [7, 9, 5]) -> [7, 9, 5] {
        let overlapping = max_pool2d(conv2d(image, 5, kernel = 1), 3, stride = 2, padding = 1);
        let averaged = avg_pool2d(overlapping, [2, 3], stride = 1, padding = same);
        let up = upsample2d(averaged, 2);
        let cropped = crop2d(up, [(0, 1), (1, 0)]);
        image * cropped + max_pool2d(cropped, 2, stride = 1, padding = same)
    }
    fn loss(y, t: [7, 9, 5]) { mse(y, t) }
} }

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

compare! { unet {
    fn double(x, filters) {
        let x = relu(group_norm(conv2d(x, filters, kernel = 3, padding = same), groups = 2));
        relu(instance_norm(conv2d(x, filters, kernel = 3, padding = same)))
    }
    fn forward(image: [8, 8, 2]) -> [8, 8, 3] {
        let top = double(image, 4);
        let middle = double(max_pool2d(top, 2), 8);
        let bottom = double(max_pool2d(middle, 2), 10);
        let middle = double(concat([upsample2d(bottom, 2), middle]), 8);
        let top = double(concat([conv2d_transpose(middle, 4, kernel = 2, stride = 2), top]), 4);
        conv2d(top, 3, kernel = 1)
    }
    fn loss(logits, label: index<3>[8, 8]) { cross_entropy(logits, label) }
} }

compare! { augmented {
    fn forward(image: [9, 10, 3]) -> [4] {
        let x = cutout(random_flip(image, mode = horizontal), 4);
        let x = random_crop(zero_pad2d(x, 2), 9, 10);
        let x = spatial_dropout(relu(conv2d(x, 8, kernel = 3)), 0.3);
        dense(global_avg_pool2d(x), 4)
    }
    fn loss(y, t: [4]) { mse(y, t) }
} }
