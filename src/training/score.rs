//! Loss and accuracy: outputs and targets of some rows go in, sums over all of them come out.

use graven_runtime::network::{Objective, Trainable};
use graven_runtime::sample::{Flat, Sample};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::metrics::greatest;

/// How well a model does on some data.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// The mean loss.
    pub loss: f32,
    /// The share of right answers, by the first output and the first target: the class of the greatest score, or the
    /// side of a yes-or-no question. NaN when the targets are real values; `null` in serialised form.
    #[serde(serialize_with = "number_or_null", deserialize_with = "null_as_nan")]
    pub accuracy: f32,
}

fn number_or_null<S: Serializer>(value: &f32, serializer: S) -> Result<S::Ok, S::Error> {
    (!value.is_nan()).then_some(*value).serialize(serializer)
}

fn null_as_nan<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f32, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or(f32::NAN))
}

/// Sums over the rows seen so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    loss: f64,
    rows: u64,
    right: u64,
    answers: u64,
}

impl Tally {
    /// Adds rows with their mean loss.
    pub(super) fn add<N: Trainable>(
        &mut self,
        loss: f32,
        rows: usize,
        outputs: <N::Output as Sample>::Slices<'_>,
        targets: <N::Target as Sample>::Slices<'_>,
    ) {
        self.add_loss(loss, rows);
        answers::<N>(outputs, targets, |predicted, actual| {
            self.right += u64::from(predicted == actual);
            self.answers += 1;
        });
    }

    /// Adds the sums over other rows.
    pub(super) fn merge(&mut self, other: &Self) {
        self.loss += other.loss;
        self.rows += other.rows;
        self.add_answers(other.answers());
    }

    /// Rows seen.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// Adds the mean loss of some rows.
    pub(super) fn add_loss(&mut self, loss: f32, rows: usize) {
        self.loss += f64::from(loss) * rows as f64;
        self.rows += rows as u64;
    }

    /// Right answers, and all.
    pub(super) fn answers(&self) -> [u64; 2] {
        [self.right, self.answers]
    }

    /// Adds what [`Tally::answers`] gave.
    pub(super) fn add_answers(&mut self, [right, answers]: [u64; 2]) {
        self.right += right;
        self.answers += answers;
    }

    /// Everything, for checkpoints.
    pub(super) fn bits(&self) -> Vec<u64> {
        vec![self.loss.to_bits(), self.rows, self.right, self.answers]
    }

    /// What [`Tally::bits`] gave.
    pub(super) fn from_bits(bits: &[u64]) -> Option<Self> {
        let &[loss, rows, right, answers] = bits else { return None };
        Some(Self { loss: f64::from_bits(loss), rows, right, answers })
    }

    /// The means.
    pub(super) fn score(&self) -> Score {
        let accuracy = self.right as f64 / self.answers as f64;
        Score { loss: (self.loss / self.rows as f64) as f32, accuracy: accuracy as f32 }
    }
}

/// How many classes an answer is one of; none of real values.
pub(super) fn classes<N: Trainable>(outputs: <N::Output as Sample>::Slices<'_>) -> usize {
    let (Flat::Reals(_), classes) = N::Output::first(outputs) else { return 0 };
    match N::OBJECTIVE {
        Objective::Classification => classes,
        Objective::BinaryProbability | Objective::BinaryLogit => 2,
        Objective::Regression => 0,
    }
}

/// Visits the predicted and the actual class of every answer; real values have none.
pub(super) fn answers<N: Trainable>(
    outputs: <N::Output as Sample>::Slices<'_>,
    targets: <N::Target as Sample>::Slices<'_>,
    visit: impl FnMut(usize, usize),
) {
    let (Flat::Reals(outputs), classes) = N::Output::first(outputs) else { return };
    let (targets, _) = N::Target::first(targets);
    match N::OBJECTIVE {
        Objective::Classification => class_answers(outputs, classes, targets, visit),
        Objective::BinaryProbability => binary_answers(outputs, 0.5, targets, visit),
        Objective::BinaryLogit => binary_answers(outputs, 0.0, targets, visit),
        Objective::Regression => {}
    }
}

fn class_answers(outputs: &[f32], classes: usize, targets: Flat<'_>, mut visit: impl FnMut(usize, usize)) {
    let predicted = outputs.chunks_exact(classes.max(1)).map(greatest);
    match targets {
        Flat::Indices(labels) => predicted.zip(labels).for_each(|(class, &label)| visit(class, label as usize)),
        Flat::Reals(shares) => {
            predicted
                .zip(shares.chunks_exact(classes.max(1)))
                .for_each(|(class, shares)| visit(class, greatest(shares)));
        }
    }
}

/// Targets are 0 or 1, or -1 and 1: both have their border below one half.
fn binary_answers(outputs: &[f32], border: f32, targets: Flat<'_>, mut visit: impl FnMut(usize, usize)) {
    let predicted = outputs.iter().map(|&output| usize::from(output > border));
    match targets {
        Flat::Indices(labels) => predicted.zip(labels).for_each(|(answer, &label)| visit(answer, label as usize)),
        Flat::Reals(targets) => {
            predicted.zip(targets).for_each(|(answer, &target)| visit(answer, usize::from(target > 0.5)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collect(visitor: impl FnOnce(&mut dyn FnMut(usize, usize))) -> Vec<(usize, usize)> {
        let mut pairs = Vec::new();
        visitor(&mut |predicted, actual| pairs.push((predicted, actual)));
        pairs
    }

    #[test]
    fn classes_are_compared_with_labels_and_with_distributions() {
        let outputs = [0.1, 0.9, 0.0, 0.7, 0.2, 0.1];
        let labels = collect(|visit| class_answers(&outputs, 3, Flat::Indices(&[1, 2]), visit));
        assert_eq!(labels, [(1, 1), (0, 2)]);
        let shares = [0.0, 0.0, 1.0, 0.6, 0.4, 0.0];
        let distributions = collect(|visit| class_answers(&outputs, 3, Flat::Reals(&shares), visit));
        assert_eq!(distributions, [(1, 2), (0, 0)]);
    }

    #[test]
    fn binary_answers_have_sides() {
        let outputs = [0.4, 0.6, -0.1, 0.1];
        let targets = Flat::Reals(&[0.0, 1.0, 0.0, 1.0]);
        assert_eq!(collect(|visit| binary_answers(&outputs, 0.5, targets, visit)), [(0, 0), (1, 1), (0, 0), (0, 1)]);
        assert_eq!(collect(|visit| binary_answers(&outputs, 0.0, targets, visit)), [(1, 0), (1, 1), (0, 0), (1, 1)]);
        let signs = Flat::Reals(&[-1.0, 1.0, -1.0, 1.0]);
        assert_eq!(collect(|visit| binary_answers(&outputs, 0.0, signs, visit)), [(1, 0), (1, 1), (0, 0), (1, 1)]);
    }
}
