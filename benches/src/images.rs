//! The convolutional workloads of the peers' suite, with their padding.

#![allow(missing_docs, reason = "what the macro emits beside the documented types")]

graven::network! {
    /// The network of Keras' MNIST example without dropout.
    pub struct Cnn;

    fn forward(image: [28, 28, 1]) -> [10] {
        let conv1 = conv2d(image, 32, kernel = 3, activation = relu);
        let conv2 = conv2d(conv1, 64, kernel = 3, activation = relu);
        let hidden = dense(flatten(max_pool2d(conv2, 2)), 128, activation = relu);
        dense(hidden, 10)
    }

    fn loss(logits, label: index<10>) {
        cross_entropy(logits, label)
    }
}

graven::network! {
    /// MLPerf Tiny keyword spotting.
    pub struct DsCnn;

    fn norm(x) {
        relu(batch_norm(x))
    }

    fn forward(frames: [49, 10, 1]) -> [12] {
        let mut x = norm(conv2d(frames, 64, kernel = [10, 4], stride = 2, padding = [5, 1]));
        for _ in 0..4 {
            x = norm(depthwise_conv2d(x, 3, padding = 1));
            x = norm(conv2d(x, 64, kernel = 1));
        }
        dense(global_avg_pool2d(x), 12)
    }

    fn loss(logits, label: index<12>) {
        cross_entropy(logits, label)
    }
}

graven::network! {
    /// MLPerf Tiny image classification.
    pub struct ResNet8;

    fn conv_norm(x, filters, stride = 1) {
        batch_norm(conv2d(x, filters, kernel = 3, stride = stride, padding = 1))
    }

    fn stack(x, filters, stride) {
        let y = conv_norm(relu(conv_norm(x, filters, stride = stride)), filters);
        let shortcut = if stride == 1 { x } else { conv2d(x, filters, kernel = 1, stride = stride) };
        relu(y + shortcut)
    }

    fn forward(image: [32, 32, 3]) -> [10] {
        let mut x = relu(conv_norm(image, 16));
        for (filters, stride) in [(16, 1), (32, 2), (64, 2)] {
            x = stack(x, filters, stride);
        }
        dense(global_avg_pool2d(x), 10)
    }

    fn loss(logits, label: index<10>) {
        cross_entropy(logits, label)
    }
}

graven::network! {
    /// MLPerf Tiny visual wake words: a quarter of MobileNetV1's width.
    pub struct MobileNetV1;

    const BLOCKS = [(16, 1), (32, 2), (32, 1), (64, 2), (64, 1), (128, 2)] + [(128, 1); 5] + [(256, 2), (256, 1)];

    fn norm(x) {
        relu(batch_norm(x))
    }

    fn forward(image: [96, 96, 3]) -> [2] {
        let mut x = norm(conv2d(image, 8, kernel = 3, stride = 2, padding = 1));
        for (filters, stride) in BLOCKS {
            x = norm(depthwise_conv2d(x, 3, stride = stride, padding = 1));
            x = norm(conv2d(x, filters, kernel = 1));
        }
        dense(global_avg_pool2d(x), 2)
    }

    fn loss(logits, label: index<2>) {
        cross_entropy(logits, label)
    }
}

graven::network! {
    /// ResNet-18 for 224×224 images.
    pub struct ResNet18;

    fn norm(x) {
        batch_norm(x, momentum = 0.9, epsilon = 1e-5, unbiased = true)
    }

    fn block(x, filters, stride) {
        let y = relu(norm(conv2d(x, filters, kernel = 3, stride = stride, padding = 1, use_bias = false)));
        let y = norm(conv2d(y, filters, kernel = 3, padding = 1, use_bias = false));
        let is_plain = stride == 1 && x.channels == filters;
        let shortcut = if is_plain { x } else { norm(conv2d(x, filters, kernel = 1, stride = stride, use_bias = false)) };
        relu(y + shortcut)
    }

    fn forward(image: [224, 224, 3]) -> [1000] {
        let stem = relu(norm(conv2d(image, 64, kernel = 7, stride = 2, padding = 3, use_bias = false)));
        let mut x = max_pool2d(stem, 3, stride = 2, padding = 1);
        for (filters, stride) in [(64, 1), (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1)] {
            x = block(x, filters, stride);
        }
        dense(global_avg_pool2d(x), 1000)
    }

    fn loss(logits, label: index<1000>) {
        cross_entropy(logits, label)
    }
}
