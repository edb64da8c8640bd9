//! Metrics: outputs and targets of some rows go in, one number over all rows since the last reset comes out.

mod accuracy;
mod answers;
mod auc;
mod counts;
mod meters;
mod perplexity;
mod regression;

pub use accuracy::{Accuracy, BinaryAccuracy, TopK};
pub use answers::{ClassScores, Reals, YesNo};
pub use auc::{OneVsRest, RocAuc};
pub use counts::{Average, Binary, F1, Multiclass, Multilabel, Precision, Recall, Rule};
pub use meters::{Measured, Meters, Of, of};
pub use perplexity::Perplexity;
pub use regression::{MeanAbsoluteError, MeanSquaredError, R2, RootMeanSquaredError};

pub(crate) use answers::greatest;

use graven_runtime::sample::Sample;

/// A number over all rows since the last reset.
pub trait Metric {
    /// What it is called in reports: `f1_macro`.
    fn name(&self) -> String;
    /// The number; NaN where there is none.
    fn value(&self) -> f64;
    /// Forgets all rows.
    fn reset(&mut self);
}

/// A metric of rows that come in parts. `O` is a sample of the network's outputs, `T` of its targets.
///
/// The value depends on the rows seen since the last reset, not on how they were divided. The metrics of this module
/// skip what is longer when there are more outputs than targets or the other way round.
///
/// ```
/// use graven::metrics::{Accuracy, Metric, MetricOf};
/// use graven::{Index, Sample};
///
/// /// The share of rows in which the network is sure.
/// #[derive(Default)]
/// struct Confidence {
///     sure: f64,
///     rows: f64,
/// }
///
/// impl Metric for Confidence {
///     fn name(&self) -> String {
///         "confidence".to_owned()
///     }
///     fn value(&self) -> f64 {
///         self.sure / self.rows
///     }
///     fn reset(&mut self) {
///         *self = Self::default();
///     }
/// }
///
/// impl<T: Sample> MetricOf<[f32; 3], T> for Confidence {
///     fn update(&mut self, outputs: &[[f32; 3]], _targets: T::Slices<'_>) {
///         self.sure += outputs.iter().filter(|scores| scores.iter().any(|&score| score > 0.9)).count() as f64;
///         self.rows += outputs.len() as f64;
///     }
/// }
///
/// let (outputs, targets) = ([[0.95, 0.03, 0.02], [0.2, 0.5, 0.3]], [Index::<3>::ZERO; 2]);
/// let (mut confidence, mut accuracy) = (Confidence::default(), Accuracy::new());
/// let metrics: [&mut dyn MetricOf<[f32; 3], Index<3>>; 2] = [&mut confidence, &mut accuracy];
/// for metric in metrics {
///     metric.update(&outputs, &targets);
///     assert_eq!(metric.value(), 0.5, "{}", metric.name());
/// }
/// ```
pub trait MetricOf<O: Sample, T: Sample>: Metric {
    /// Takes rows into account.
    fn update(&mut self, outputs: O::Slices<'_>, targets: T::Slices<'_>);
}

impl<M: Metric + ?Sized> Metric for &mut M {
    fn name(&self) -> String {
        (**self).name()
    }
    fn value(&self) -> f64 {
        (**self).value()
    }
    fn reset(&mut self) {
        (**self).reset();
    }
}

impl<O: Sample, T: Sample, M: MetricOf<O, T> + ?Sized> MetricOf<O, T> for &mut M {
    fn update(&mut self, outputs: O::Slices<'_>, targets: T::Slices<'_>) {
        (**self).update(outputs, targets);
    }
}

impl<M: Metric + ?Sized> Metric for Box<M> {
    fn name(&self) -> String {
        (**self).name()
    }
    fn value(&self) -> f64 {
        (**self).value()
    }
    fn reset(&mut self) {
        (**self).reset();
    }
}

impl<O: Sample, T: Sample, M: MetricOf<O, T> + ?Sized> MetricOf<O, T> for Box<M> {
    fn update(&mut self, outputs: O::Slices<'_>, targets: T::Slices<'_>) {
        (**self).update(outputs, targets);
    }
}
