//! Emitted convolutions and pools over sequences, and pools that overlap, against the reference evaluator.

mod reference;

use reference::compare;

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
