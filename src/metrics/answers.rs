//! Which outputs can be compared with which targets, decided by their types.

use graven_runtime::index::Index;
use graven_runtime::sample::{Element, Flat};

/// Outputs that are a score for each of some classes along their last axis, with targets `T` that are class indices or
/// a share for each class: `[f32; K]` with `Index<K>` or `[f32; K]`, and arrays of those.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not class scores for targets `{T}`",
    label = "this metric compares `[f32; K]` with `Index<K>` or `[f32; K]`, and arrays of those",
    note = "for yes-or-no outputs there are `BinaryAccuracy`, `Precision::binary`, `RocAuc::binary` …"
)]
pub trait ClassScores<T: Element>: Element {}

impl<const K: usize> ClassScores<Index<K>> for [f32; K] {}
impl<const K: usize> ClassScores<[f32; K]> for [f32; K] {}
impl<P: ClassScores<T>, T: Element, const N: usize> ClassScores<[T; N]> for [P; N] {}

/// Outputs that each answer a question with yes or no, with targets `T` that are 0 or 1, or -1 and 1: `f32` with `f32`
/// or `Index<2>`, `[f32; 1]` with either, and arrays of those.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not yes-or-no answers for targets `{T}`",
    label = "this metric compares `f32` with `f32` or `Index<2>`, and arrays of those"
)]
pub trait YesNo<T: Element>: Element {}

impl YesNo<f32> for f32 {}
impl YesNo<Index<2>> for f32 {}
impl YesNo<f32> for [f32; 1] {}
impl YesNo<Index<2>> for [f32; 1] {}
impl<P: YesNo<T>, T: Element, const N: usize> YesNo<[T; N]> for [P; N] {}

/// Real numbers: `f32` and arrays of it.
#[diagnostic::on_unimplemented(message = "`{Self}` is not real numbers", label = "this metric compares real numbers")]
pub trait Reals: Element {}

impl Reals for f32 {}
impl<T: Reals, const N: usize> Reals for [T; N] {}

/// Visits the scores and the actual class of every answer.
pub(super) fn each_class<P: ClassScores<T>, T: Element>(
    outputs: &[P],
    targets: &[T],
    mut visit: impl FnMut(&[f32], usize),
) {
    let scores = P::reals(outputs).chunks_exact(P::LAST_AXIS.max(1));
    match T::flatten(targets) {
        Flat::Indices(labels) => scores.zip(labels).for_each(|(scores, &label)| visit(scores, label as usize)),
        Flat::Reals(shares) => scores
            .zip(shares.chunks_exact(P::LAST_AXIS.max(1)))
            .for_each(|(scores, shares)| visit(scores, greatest(shares))),
    }
}

/// Visits the score of every answer and whether it should be yes; targets of -1 and 1 have their border below one half
/// too.
pub(super) fn each_answer<P: YesNo<T>, T: Element>(outputs: &[P], targets: &[T], mut visit: impl FnMut(f32, bool)) {
    let scores = P::reals(outputs).iter().copied();
    match T::flatten(targets) {
        Flat::Indices(labels) => scores.zip(labels).for_each(|(score, &label)| visit(score, label != 0)),
        Flat::Reals(targets) => scores.zip(targets).for_each(|(score, &target)| visit(score, target > 0.5)),
    }
}

/// The position of the greatest score, the first of equal ones.
pub(crate) fn greatest(scores: &[f32]) -> usize {
    let mut greatest = (0, f32::NEG_INFINITY);
    for (class, &score) in scores.iter().enumerate() {
        if score > greatest.1 {
            greatest = (class, score);
        }
    }
    greatest.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_are_compared_step_by_step() {
        let outputs = [[[0.1f32, 0.9], [0.8, 0.2]], [[0.0, 1.0], [0.0, 1.0]]];
        let labels = [[1, 1], [0, 1]].map(|row| row.map(|label| Index::<2>::new(label).unwrap()));
        let mut seen = Vec::new();
        each_class(&outputs, &labels, |scores, actual| seen.push((greatest(scores), actual)));
        assert_eq!(seen, [(1, 1), (0, 1), (1, 0), (1, 1)]);
    }

    #[test]
    fn distributions_have_a_greatest_class() {
        let mut seen = Vec::new();
        each_class(&[[0.7f32, 0.2, 0.1]], &[[0.0f32, 0.4, 0.6]], |scores, actual| {
            seen.push((greatest(scores), actual));
        });
        assert_eq!(seen, [(0, 2)]);
    }

    #[test]
    fn yes_is_one_whatever_no_is() {
        for targets in [[0.0f32, 1.0], [-1.0, 1.0]] {
            let mut seen = Vec::new();
            each_answer(&[[0.25f32], [0.75]], &targets, |score, yes| seen.push((score, yes)));
            assert_eq!(seen, [(0.25, false), (0.75, true)]);
        }
    }

    #[test]
    fn equal_scores_and_nan_give_the_first_class() {
        assert_eq!(greatest(&[0.5, 0.5]), 0);
        assert_eq!(greatest(&[f32::NAN, f32::NAN]), 0);
        assert_eq!(greatest(&[f32::NAN, 0.1]), 1);
    }
}
