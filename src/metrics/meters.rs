//! Several metrics at once, and metrics of one of several outputs.

use std::fmt;

use graven_runtime::sample::{Field, Sample};
use serde::{Deserialize, Serialize};

use super::{Metric, MetricOf};

/// A metric's name and number; NaN is `null` in serialised form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The metric's name.
    pub name: String,
    /// Its number.
    #[serde(with = "crate::number")]
    pub value: f64,
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:.4}", self.name, self.value)
    }
}

/// Metrics that see the same rows.
///
/// ```
/// use graven::metrics::{Accuracy, Average, F1, Meters};
/// use graven::Index;
///
/// let mut meters: Meters<'_, [f32; 3], Index<3>> = Meters::new().with(Accuracy::new()).with(F1::classes(Average::Macro));
/// meters.update(&[[0.9, 0.1, 0.0], [0.2, 0.1, 0.7]], &[Index::ZERO; 2]);
/// let values: Vec<String> = meters.measured().iter().map(ToString::to_string).collect();
/// assert_eq!(values, ["accuracy 0.5000", "f1_macro 0.3333"]);
/// ```
pub struct Meters<'a, O: Sample, T: Sample> {
    metrics: Vec<Box<dyn MetricOf<O, T> + 'a>>,
}

impl<'a, O: Sample, T: Sample> Meters<'a, O, T> {
    /// No metric.
    #[must_use]
    pub fn new() -> Self {
        Self { metrics: Vec::new() }
    }

    /// With another metric.
    #[must_use]
    pub fn with(mut self, metric: impl MetricOf<O, T> + 'a) -> Self {
        self.push(metric);
        self
    }

    /// Adds a metric.
    pub fn push(&mut self, metric: impl MetricOf<O, T> + 'a) {
        self.metrics.push(Box::new(metric));
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.metrics.is_empty()
    }

    /// Shows rows to every metric.
    pub fn update(&mut self, outputs: O::Slices<'_>, targets: T::Slices<'_>) {
        for metric in &mut self.metrics {
            metric.update(outputs, targets);
        }
    }

    /// All names and numbers, in the order in which the metrics were added.
    #[must_use]
    pub fn measured(&self) -> Vec<Measured> {
        self.metrics.iter().map(|metric| Measured { name: metric.name(), value: metric.value() }).collect()
    }

    /// Makes every metric forget its rows.
    pub fn reset(&mut self) {
        for metric in &mut self.metrics {
            metric.reset();
        }
    }
}

impl<O: Sample, T: Sample> Default for Meters<'_, O, T> {
    fn default() -> Self {
        Self::new()
    }
}

/// A metric of one output and one target of several; [`of`] makes it.
#[derive(Clone, Debug)]
pub struct Of<M, const OUTPUT: usize, const TARGET: usize>(M);

/// The metric of one output and one target, counted from zero, of a network that has several:
/// `of::<1, 0, _>(Accuracy::new())`.
#[must_use]
pub fn of<const OUTPUT: usize, const TARGET: usize, M>(metric: M) -> Of<M, OUTPUT, TARGET> {
    Of(metric)
}

impl<M, const OUTPUT: usize, const TARGET: usize> Of<M, OUTPUT, TARGET> {
    /// The metric.
    pub fn metric(&self) -> &M {
        &self.0
    }
}

impl<M: Metric, const OUTPUT: usize, const TARGET: usize> Metric for Of<M, OUTPUT, TARGET> {
    fn name(&self) -> String {
        format!("output_{OUTPUT}_{}", self.0.name())
    }
    fn value(&self) -> f64 {
        self.0.value()
    }
    fn reset(&mut self) {
        self.0.reset();
    }
}

impl<O, T, M, const OUTPUT: usize, const TARGET: usize> MetricOf<O, T> for Of<M, OUTPUT, TARGET>
where
    O: Field<OUTPUT>,
    T: Field<TARGET>,
    M: MetricOf<O::Tensor, T::Tensor>,
{
    fn update(&mut self, outputs: O::Slices<'_>, targets: T::Slices<'_>) {
        self.0.update(O::field(outputs), T::field(targets));
    }
}
