//! Precision, recall and F1: answers become counts of right and wrong ones a class, and those one number.

use graven_runtime::sample::Element;

use super::answers::{ClassScores, YesNo, each_answer, each_class, greatest};
use super::{Metric, MetricOf};

/// What is counted of a class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    /// Predicted and actual.
    right: u64,
    /// Predicted, but not actual.
    false_alarms: u64,
    /// Actual, but not predicted.
    missed: u64,
}

/// Counts of every class.
#[derive(Clone, Debug, Default)]
pub struct Counts(Vec<Count>);

impl Counts {
    fn of(&mut self, class: usize) -> &mut Count {
        if self.0.len() <= class {
            self.0.resize(class + 1, Count::default());
        }
        &mut self.0[class]
    }

    fn answer(&mut self, class: usize, predicted: bool, actual: bool) {
        let count = self.of(class);
        count.right += u64::from(predicted && actual);
        count.false_alarms += u64::from(predicted && !actual);
        count.missed += u64::from(!predicted && actual);
    }
}

/// How the numbers of several classes become one, as in scikit-learn. Classes that were neither predicted nor actual do
/// not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Average {
    /// The mean over the classes.
    Macro,
    /// The number of all counts together.
    Micro,
    /// The mean over the classes, weighted by how often each is actual.
    Weighted,
}

impl Average {
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::Macro => "_macro",
            Self::Micro => "_micro",
            Self::Weighted => "_weighted",
        }
    }

    fn value(self, counts: &Counts, number: fn(Count) -> f64) -> f64 {
        let seen = || counts.0.iter().copied().filter(|&count| count != Count::default());
        let weighted = |weight: fn(Count) -> f64| {
            let (sum, weights) = seen().fold((0.0, 0.0), |(sum, weights), count| {
                (sum + weight(count) * number(count), weights + weight(count))
            });
            quotient(sum, weights)
        };
        match self {
            Self::Macro => weighted(|_| 1.0),
            Self::Weighted => weighted(|count| (count.right + count.missed) as f64),
            Self::Micro => number(seen().fold(Count::default(), |all, count| Count {
                right: all.right + count.right,
                false_alarms: all.false_alarms + count.false_alarms,
                missed: all.missed + count.missed,
            })),
        }
    }
}

/// Zero for nothing over nothing, as scikit-learn has it.
fn quotient(numerator: f64, denominator: f64) -> f64 {
    if denominator == 0.0 { 0.0 } else { numerator / denominator }
}

/// How outputs become counts.
pub trait Rule<P: Element, T: Element> {
    /// Counts the answers of some rows.
    fn count(&self, outputs: &[P], targets: &[T], counts: &mut Counts);
}

/// Yes-or-no answers; only yes is counted.
#[derive(Clone, Copy, Debug)]
pub struct Binary {
    threshold: f32,
}

impl Binary {
    /// Yes is what is greater than `threshold`.
    pub(super) fn at(threshold: f32) -> Self {
        Self { threshold }
    }
}

impl<P: YesNo<T>, T: Element> Rule<P, T> for Binary {
    fn count(&self, outputs: &[P], targets: &[T], counts: &mut Counts) {
        each_answer(outputs, targets, |score, yes| counts.answer(0, score > self.threshold, yes));
    }
}

/// One of several classes: that of the greatest score.
#[derive(Clone, Copy, Debug)]
pub struct Multiclass;

impl<P: ClassScores<T>, T: Element> Rule<P, T> for Multiclass {
    fn count(&self, outputs: &[P], targets: &[T], counts: &mut Counts) {
        each_class(outputs, targets, |scores, actual| {
            let predicted = greatest(scores);
            if predicted == actual {
                counts.of(actual).right += 1;
            } else {
                counts.of(predicted).false_alarms += 1;
                counts.of(actual).missed += 1;
            }
        });
    }
}

/// Several labels, each of which applies or not.
#[derive(Clone, Copy, Debug)]
pub struct Multilabel {
    threshold: f32,
}

impl<P: YesNo<T>, T: Element> Rule<P, T> for Multilabel {
    fn count(&self, outputs: &[P], targets: &[T], counts: &mut Counts) {
        let mut position = 0;
        each_answer(outputs, targets, |score, yes| {
            counts.answer(position % P::WIDTH, score > self.threshold, yes);
            position += 1;
        });
    }
}

macro_rules! metric {
    ($(#[$doc:meta])* $name:ident $text:literal $number:expr) => {
        $(#[$doc])*
        ///
        /// Nothing over nothing is zero. NaN without rows.
        #[derive(Clone, Debug)]
        pub struct $name<R = Binary> {
            rule: R,
            average: Option<Average>,
            counts: Counts,
            rows: u64,
        }

        impl $name<Binary> {
            /// Of yes-or-no answers; yes is what is greater than `threshold`: 0.5 for probabilities, 0 for logits.
            #[must_use]
            pub fn binary(threshold: f32) -> Self {
                Self { rule: Binary { threshold }, average: None, counts: Counts::default(), rows: 0 }
            }
        }

        impl $name<Multiclass> {
            /// Of classes, by the greatest score.
            #[must_use]
            pub fn classes(average: Average) -> Self {
                Self { rule: Multiclass, average: Some(average), counts: Counts::default(), rows: 0 }
            }
        }

        impl $name<Multilabel> {
            /// Of labels of which several may apply; a label applies when its score is greater than `threshold`.
            #[must_use]
            pub fn labels(average: Average, threshold: f32) -> Self {
                let rule = Multilabel { threshold };
                Self { rule, average: Some(average), counts: Counts::default(), rows: 0 }
            }
        }

        impl<R> $name<R> {
            /// The number of each class, zero for a class that was neither predicted nor actual.
            #[must_use]
            pub fn by_class(&self) -> Vec<f64> {
                self.counts.0.iter().copied().map($number).collect()
            }
        }

        impl<R> Metric for $name<R> {
            fn name(&self) -> String {
                format!("{}{}", $text, self.average.map_or("", Average::suffix))
            }
            fn value(&self) -> f64 {
                if self.rows == 0 {
                    return f64::NAN;
                }
                self.average.unwrap_or(Average::Micro).value(&self.counts, $number)
            }
            fn reset(&mut self) {
                self.counts.0.clear();
                self.rows = 0;
            }
        }

        impl<P: Element, T: Element, R: Rule<P, T>> MetricOf<P, T> for $name<R> {
            fn update(&mut self, outputs: &[P], targets: &[T]) {
                self.rule.count(outputs, targets, &mut self.counts);
                self.rows += outputs.len() as u64;
            }
        }
    };
}

metric! {
    /// The share of what was predicted that is actual: TP / (TP + FP).
    Precision "precision" |count| quotient(count.right as f64, (count.right + count.false_alarms) as f64)
}

metric! {
    /// The share of what is actual that was predicted: TP / (TP + FN).
    Recall "recall" |count| quotient(count.right as f64, (count.right + count.missed) as f64)
}

metric! {
    /// The harmonic mean of precision and recall: 2 TP / (2 TP + FP + FN).
    F1 "f1" |count| {
        quotient(2.0 * count.right as f64, (2 * count.right + count.false_alarms + count.missed) as f64)
    }
}
