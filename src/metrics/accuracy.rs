//! Shares of right answers.

use graven_runtime::sample::Element;

use super::answers::{ClassScores, YesNo, each_answer, each_class, greatest};
use super::{Metric, MetricOf};
use crate::training::Confusion;

/// Right ones among all.
#[derive(Clone, Copy, Debug, Default)]
struct Share {
    right: u64,
    all: u64,
}

impl Share {
    fn add(&mut self, right: bool) {
        self.right += u64::from(right);
        self.all += 1;
    }

    fn value(self) -> f64 {
        self.right as f64 / self.all as f64
    }
}

/// The share of answers whose greatest score is that of the actual class; NaN without rows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Accuracy(Share);

impl Accuracy {
    /// Without rows.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Metric for Accuracy {
    fn name(&self) -> String {
        "accuracy".to_owned()
    }
    fn value(&self) -> f64 {
        self.0.value()
    }
    fn reset(&mut self) {
        self.0 = Share::default();
    }
}

impl<P: ClassScores<T>, T: Element> MetricOf<P, T> for Accuracy {
    fn update(&mut self, outputs: &[P], targets: &[T]) {
        each_class(outputs, targets, |scores, actual| self.0.add(greatest(scores) == actual));
    }
}

/// The share of answers with the actual class among the `K` greatest scores; of equal scores the first classes count.
#[derive(Clone, Copy, Debug, Default)]
pub struct TopK<const K: usize>(Share);

impl<const K: usize> TopK<K> {
    /// Without rows.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl<const K: usize> Metric for TopK<K> {
    fn name(&self) -> String {
        format!("top_{K}_accuracy")
    }
    fn value(&self) -> f64 {
        self.0.value()
    }
    fn reset(&mut self) {
        self.0 = Share::default();
    }
}

impl<P: ClassScores<T>, T: Element, const K: usize> MetricOf<P, T> for TopK<K> {
    fn update(&mut self, outputs: &[P], targets: &[T]) {
        each_class(outputs, targets, |scores, actual| self.0.add(rank(scores, actual) < K));
    }
}

/// Classes that come before a class; all of them when its score is NaN.
fn rank(scores: &[f32], class: usize) -> usize {
    let Some(&own) = scores.get(class).filter(|score| !score.is_nan()) else { return scores.len() };
    let before = |&(other, &score): &(usize, &f32)| score > own || (score == own && other < class);
    scores.iter().enumerate().filter(before).count()
}

/// The share of yes-or-no answers on the target's side of a threshold; NaN without rows.
#[derive(Clone, Copy, Debug)]
pub struct BinaryAccuracy {
    threshold: f32,
    share: Share,
}

impl BinaryAccuracy {
    /// Yes is what is greater than `threshold`: 0.5 for probabilities, 0 for logits.
    #[must_use]
    pub fn new(threshold: f32) -> Self {
        Self { threshold, share: Share::default() }
    }
}

impl Metric for BinaryAccuracy {
    fn name(&self) -> String {
        "binary_accuracy".to_owned()
    }
    fn value(&self) -> f64 {
        self.share.value()
    }
    fn reset(&mut self) {
        self.share = Share::default();
    }
}

impl<P: YesNo<T>, T: Element> MetricOf<P, T> for BinaryAccuracy {
    fn update(&mut self, outputs: &[P], targets: &[T]) {
        each_answer(outputs, targets, |score, yes| self.share.add((score > self.threshold) == yes));
    }
}

/// A confusion table that fills itself; its value is the accuracy.
impl Metric for Confusion {
    fn name(&self) -> String {
        "confusion".to_owned()
    }
    fn value(&self) -> f64 {
        self.accuracy().into()
    }
    fn reset(&mut self) {
        self.clear();
    }
}

impl<P: ClassScores<T>, T: Element> MetricOf<P, T> for Confusion {
    fn update(&mut self, outputs: &[P], targets: &[T]) {
        self.expect_classes(P::LAST_AXIS);
        each_class(outputs, targets, |scores, actual| self.add(greatest(scores), actual));
    }
}
