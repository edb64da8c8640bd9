//! Larger networks for images, each with its table of layers and the memory that inference takes: MobileNetV1 0.25 (MLPerf
//! Tiny visual wake words), ResNet-18, a U-Net and a convolutional autoencoder.
//!
//! `cargo run --release --example image_networks`

graven::network! {
    /// MobileNetV1 of a quarter of the width for 96×96 images (Howard et al. 2017).
    pub struct MobileNetV1;

    const BLOCKS = [(16, 1), (32, 2), (32, 1), (64, 2), (64, 1), (128, 2)] + [(128, 1); 5] + [(256, 2), (256, 1)];

    fn norm(x) {
        relu(batch_norm(x))
    }

    fn forward(image: [96, 96, 3]) -> [2] {
        let mut x = norm(conv2d(image, 8, kernel = 3, stride = 2, padding = same));
        for (filters, stride) in BLOCKS {
            x = norm(depthwise_conv2d(x, 3, stride = stride, padding = same));
            x = norm(conv2d(x, filters, kernel = 1));
        }
        dense(global_avg_pool2d(x), 2)
    }
}

graven::network! {
    /// ResNet-18 for 224×224 images (He et al. 2016), with PyTorch's padding and batch norm.
    pub struct ResNet18;

    fn norm(x) {
        batch_norm(x, momentum = 0.9, epsilon = 1e-5, unbiased = true)
    }

    fn block(x, filters, stride) {
        let y = relu(norm(conv2d(x, filters, kernel = 3, stride = stride, padding = 1, use_bias = false)));
        let y = norm(conv2d(y, filters, kernel = 3, padding = 1, use_bias = false));
        let same = stride == 1 && x.channels == filters;
        let shortcut = if same { x } else { norm(conv2d(x, filters, kernel = 1, stride = stride, use_bias = false)) };
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
}

graven::network! {
    /// A U-Net for 64×64 images (Ronneberger et al. 2015): a class for each pixel.
    pub struct UNet;

    fn double(x, filters) {
        let x = relu(group_norm(conv2d(x, filters, kernel = 3, padding = same), groups = 8));
        relu(group_norm(conv2d(x, filters, kernel = 3, padding = same), groups = 8))
    }

    fn level(x, filters, depth) {
        let y = double(x, filters);
        if depth == 0 {
            y
        } else {
            let below = level(max_pool2d(y), 2 * filters, depth - 1);
            let up = conv2d_transpose(below, filters, kernel = 2, stride = 2);
            double(concat([y, up]), filters)
        }
    }

    fn forward(image: [64, 64, 3]) -> [64, 64, 4] {
        conv2d(level(image, 16, 3), 4, kernel = 1)
    }
}

graven::network! {
    /// A convolutional autoencoder for 28×28 images: 784 pixels to 98 numbers and back.
    pub struct Autoencoder;

    fn forward(image: [28, 28, 1]) -> [28, 28, 1] {
        let x = relu(conv2d(image, 16, kernel = 3, stride = 2, padding = same));
        let code = relu(conv2d(x, 2, kernel = 3, stride = 2, padding = same));
        let y = relu(conv2d_transpose(code, 16, kernel = 3, stride = 2, padding = same));
        sigmoid(conv2d_transpose(y, 1, kernel = 3, stride = 2, padding = same))
    }

    fn loss(image, target: [28, 28, 1]) {
        binary_cross_entropy(image, target)
    }
}

fn main() {
    for (name, summary, bytes) in [
        ("MobileNetV1 0.25", MobileNetV1::SUMMARY, MobileNetV1Forward::<1>::BYTES),
        ("ResNet-18", ResNet18::SUMMARY, ResNet18Forward::<1>::BYTES),
        ("U-Net", UNet::SUMMARY, UNetForward::<1>::BYTES),
        ("autoencoder", Autoencoder::SUMMARY, AutoencoderForward::<1>::BYTES),
    ] {
        println!("{name}: {bytes} bytes of memory for one image\n{summary}");
    }
    let model = MobileNetV1::new(1);
    println!("{:?}", model.predict(&[[[[0.5; 3]; 96]; 96]]));
}
