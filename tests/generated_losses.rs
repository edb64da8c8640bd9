//! Emitted losses, penalties and labels against the reference evaluator.

mod reference;

use reference::compare;

compare! { losses {
    fn forward(x: [6]) -> [5] { dense(x, 5) }
    fn loss(y, t: [5]) {
        let shares = softmax(t);
        cross_entropy(y, shares) + categorical_cross_entropy(softmax(y), shares) + kl_divergence(softmax(2.0 * y), shares)
            + binary_cross_entropy(sigmoid(y), sigmoid(t)) + binary_cross_entropy_with_logits(y, sigmoid(t))
            + mse(y, t) + mae(y, t) + huber(3.0 * y, t) + hinge(y, t) + cosine_similarity(y, t)
    }
} }

compare! { labels {
    fn forward(x: [4, 3]) -> ([4, 3], [2]) {
        let h = dense(x, 7, activation = tanh);
        (dense(h, 3), dense(flatten(h), 2, activation = sigmoid))
    }
    fn loss(classes, answers, label: index<3>[4], answer: index<2>[2]) {
        cross_entropy(classes, label) + binary_cross_entropy(answers, answer) + l1(1e-2) + l2(3e-2, of = "dense_1")
    }
} }
