//! Emitted convolutions and residual blocks against the reference evaluator.

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
        for (filters, stride) in [(8, 1), (20, 2)] {
            x = residual(x, filters, stride = stride);
        }
        dense(global_avg_pool2d(x), 5)
    }
    fn loss(logits, label: index<5>) { cross_entropy(logits, label) }
} }
