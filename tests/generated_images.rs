//! Emitted normalisation and augmentation of images against the reference evaluator.

mod reference;

use reference::compare;

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
