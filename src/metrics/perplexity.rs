//! How surprised a network is by the actual classes.

use graven_runtime::sample::{Element, Flat};

use super::answers::ClassScores;
use super::{Metric, MetricOf};

/// e to the mean cross-entropy over all answers, each step of a sequence being one: the number of equally likely classes
/// between which the network would be as unsure. NaN without rows.
#[derive(Clone, Copy, Debug)]
pub struct Perplexity {
    logits: bool,
    ignored: Option<usize>,
    entropy: f64,
    answers: u64,
}

impl Perplexity {
    /// Of outputs before a softmax.
    #[must_use]
    pub fn from_logits() -> Self {
        Self { logits: true, ignored: None, entropy: 0.0, answers: 0 }
    }

    /// Of outputs that are probabilities; one of zero counts as the least positive `f32`.
    #[must_use]
    pub fn from_probabilities() -> Self {
        Self { logits: false, ..Self::from_logits() }
    }

    /// Leaves out answers whose actual class is this one, such as padding.
    #[must_use]
    pub fn ignoring(self, class: usize) -> Self {
        Self { ignored: Some(class), ..self }
    }

    fn add(&mut self, scores: &[f32], share: impl Fn(usize) -> f64) {
        let total = if self.logits { log_sum_exp(scores) } else { 0.0 };
        let log =
            |score: f32| if self.logits { f64::from(score) } else { f64::from(score.max(f32::MIN_POSITIVE)).ln() };
        let terms = scores.iter().enumerate().map(|(class, &score)| (share(class), score));
        self.entropy +=
            terms.filter(|&(share, _)| share != 0.0).map(|(share, score)| share * (total - log(score))).sum::<f64>();
        self.answers += 1;
    }
}

fn log_sum_exp(scores: &[f32]) -> f64 {
    let greatest = f64::from(scores.iter().copied().fold(f32::NEG_INFINITY, f32::max));
    greatest + scores.iter().map(|&score| (f64::from(score) - greatest).exp()).sum::<f64>().ln()
}

impl Metric for Perplexity {
    fn name(&self) -> String {
        "perplexity".to_owned()
    }
    fn value(&self) -> f64 {
        (self.entropy / self.answers as f64).exp()
    }
    fn reset(&mut self) {
        (self.entropy, self.answers) = (0.0, 0);
    }
}

impl<P: ClassScores<T>, T: Element> MetricOf<P, T> for Perplexity {
    fn update(&mut self, outputs: &[P], targets: &[T]) {
        let classes = P::LAST_AXIS.max(1);
        let answers = P::reals(outputs).chunks_exact(classes);
        match T::flatten(targets) {
            Flat::Indices(labels) => {
                for (scores, label) in answers.zip(labels.iter().map(|&label| label as usize)) {
                    if self.ignored != Some(label) {
                        self.add(scores, |class| f64::from(u8::from(class == label)));
                    }
                }
            }
            Flat::Reals(shares) => {
                for (scores, shares) in answers.zip(shares.chunks_exact(classes)) {
                    self.add(scores, |class| shares[class].into());
                }
            }
        }
    }
}
