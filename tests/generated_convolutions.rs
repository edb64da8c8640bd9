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

