//! PyTorch's outputs, losses, gradients, running statistics and Adam steps of convolutional networks, where its files are
//! at hand.
//!
//! A bias in front of a batch norm has a gradient of zero, which rounding moves; so are the first steps of Adam, which divides
//! by its size, not those of 64 bits. The graphs' ten steps in 64 bits are compared by the compiler's tests.

mod golden;

use golden::{
    Golden, ROWS, assert_close, assert_within, channels_first, check_gradients, folder, golden_test, model_name, never,
    tensor_length,
};
use graven::{Adam, Optimizer, Trainable, Weights, network};

network! {
    struct Cnn;

    fn forward(image: [28, 28, 1]) -> [10] {
        let conv1 = relu(conv2d(image, 32, kernel = 3));
        let conv2 = relu(conv2d(conv1, 64, kernel = 3));
        let fc1 = relu(dense(flatten(max_pool2d(conv2, 2)), 128));
        let fc2 = dense(fc1, 10);
        fc2
    }

    fn loss(logits, label: index<10>) {
        cross_entropy(logits, label)
    }
}

network! {
    struct DsCnn;

    fn conv_norm(x, kernel, stride = 1, padding = 0, is_depthwise = false) {
        let conv = if is_depthwise {
            depthwise_conv2d(x, kernel, padding = padding)
        } else {
            conv2d(x, 64, kernel, stride = stride, padding = padding)
        };
        let bn = batch_norm(conv, unbiased = true);
        relu(bn)
    }

    fn forward(frames: [49, 10, 1]) -> [12] {
        let mut x = conv_norm(frames, [10, 4], stride = 2, padding = [5, 1], name = "body.0");
        for i in 0..4 {
            x = conv_norm(x, 3, padding = 1, is_depthwise = true, name = format!("body.{}", 2 * i + 1));
            x = conv_norm(x, 1, name = format!("body.{}", 2 * i + 2));
        }
        dense(global_avg_pool2d(x), 12, name = "fc")
    }

    fn loss(logits, label: index<12>) {
        cross_entropy(logits, label)
    }
}

network! {
    struct ResNet8;

    fn conv_norm(x, filters, stride = 1) {
        let conv = conv2d(x, filters, kernel = 3, stride = stride, padding = 1);
        let bn = batch_norm(conv, unbiased = true);
        bn
    }

    fn stack(x, filters, stride) {
        let a = relu(conv_norm(x, filters, stride = stride));
        let b = conv_norm(a, filters);
        let short = if stride == 1 { x } else { conv2d(x, filters, kernel = 1, stride = stride) };
        relu(b + short)
    }

    fn forward(image: [32, 32, 3]) -> [10] {
        let stem = relu(conv_norm(image, 16));
        let s1 = stack(stem, 16, 1);
        let s2 = stack(s1, 32, 2);
        let s3 = stack(s2, 64, 2);
        let fc = dense(flatten(avg_pool2d(s3, 8)), 10);
        fc
    }

    fn loss(logits, label: index<10>) {
        cross_entropy(logits, label)
    }
}

network! {
    struct MobileNet;

    const BLOCKS = [(16, 1), (32, 2), (32, 1), (64, 2), (64, 1), (128, 2)] + [(128, 1); 5] + [(256, 2), (256, 1)];

    fn conv_norm(x, filters, kernel, stride, padding) {
        let conv = if filters == 0 {
            depthwise_conv2d(x, kernel, stride = stride, padding = padding)
        } else {
            conv2d(x, filters, kernel, stride = stride, padding = padding)
        };
        let bn = batch_norm(conv, unbiased = true);
        relu(bn)
    }

    fn forward(image: [96, 96, 3]) -> [2] {
        let mut x = conv_norm(image, 8, 3, 2, 1, name = "body.0");
        for (i, (filters, stride)) in enumerate(BLOCKS) {
            x = conv_norm(x, 0, 3, stride, 1, name = format!("body.{}", 2 * i + 1));
            x = conv_norm(x, filters, 1, 1, 0, name = format!("body.{}", 2 * i + 2));
        }
        dense(global_avg_pool2d(x), 2, name = "fc")
    }

    fn loss(logits, label: index<2>) {
        cross_entropy(logits, label)
    }
}

/// The bias of a convolution in front of a batch norm.
fn before_norm(name: &str) -> bool {
    name.ends_with("conv.bias")
}

golden_test!(
    cnn,
    Cnn,
    "cnn",
    |golden: &Golden| golden.images::<28, 28, 1>("in.x"),
    10,
    Golden::labels::<10>,
    str::to_owned,
    never,
    10
);

golden_test!(
    dscnn,
    DsCnn,
    "dscnn",
    |golden: &Golden| golden.images::<49, 10, 1>("in.x"),
    12,
    Golden::labels::<12>,
    str::to_owned,
    before_norm,
    10
);

golden_test!(
    resnet8,
    ResNet8,
    "resnet8",
    |golden: &Golden| golden.images::<32, 32, 3>("in.x"),
    10,
    Golden::labels::<10>,
    str::to_owned,
    before_norm,
    10
);

golden_test!(
    mobilenet_v1_025,
    MobileNet,
    "mobilenet_v1_025",
    |golden: &Golden| golden.images::<96, 96, 3>("in.x"),
    2,
    Golden::labels::<2>,
    str::to_owned,
    before_norm,
    10
);
