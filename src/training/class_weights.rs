//! Weights of samples, to be given to a `loss` as a further target.

use graven_runtime::index::Index;

/// Weights under which every class counts the same: `rows / (classes present · rows of the class)`, as scikit-learn's
/// `class_weight="balanced"`; zero for a class without rows.
#[must_use]
pub fn class_weights<const K: usize>(labels: &[Index<K>]) -> [f32; K] {
    let mut counts = [0usize; K];
    labels.iter().for_each(|label| counts[label.get()] += 1);
    let present = counts.iter().filter(|&&count| count > 0).count();
    counts.map(|count| if count == 0 { 0.0 } else { (labels.len() as f64 / (present * count) as f64) as f32 })
}

/// The weight of each sample by its class.
///
/// A network uses them as a target of its loss, which is a scalar a sample: Keras divides the weighted sum by the number
/// of samples too.
///
/// ```
/// use graven::prelude::*;
/// use graven::training::{class_weights, sample_weights};
///
/// graven::network! {
///     struct Rare;
///     fn forward(x: [2]) -> [2] { dense(x, 2) }
///     fn loss(logits, label: index<2>, weight: []) { cross_entropy(logits, label) * weight }
/// }
///
/// let labels = Index::<2>::from_slice(&[0, 0, 0, 1])?.to_vec();
/// let weights = sample_weights(&labels, class_weights(&labels));
/// assert_eq!(weights, [2.0 / 3.0, 2.0 / 3.0, 2.0 / 3.0, 2.0]);
/// let data: Dataset<[f32; 2], (Index<2>, f32)> = Dataset::new(vec![[0.0, 1.0]; 4], (labels, weights))?;
/// Rare::new(1).fit::<4>(&data).run()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn sample_weights<const K: usize>(labels: &[Index<K>], weights: [f32; K]) -> Vec<f32> {
    labels.iter().map(|label| weights[label.get()]).collect()
}
