//! Distances between real numbers.

use super::answers::Reals;
use super::{Metric, MetricOf};

/// The scalars of outputs and targets in pairs. Both have as many a row, which rustc checks.
fn pairs<'a, P: Reals, T: Reals>(outputs: &'a [P], targets: &'a [T]) -> impl Iterator<Item = (f64, f64)> + 'a {
    const { assert!(P::WIDTH == T::WIDTH, "outputs and targets have different numbers of scalars a row") };
    let outputs = P::reals(outputs).iter().map(|&output| f64::from(output));
    outputs.zip(T::reals(targets).iter().map(|&target| f64::from(target)))
}

/// A mean over all scalars.
#[derive(Clone, Copy, Debug, Default)]
struct Mean {
    sum: f64,
    scalars: u64,
}

impl Mean {
    fn add(&mut self, value: f64) {
        self.sum += value;
        self.scalars += 1;
    }

    fn value(self) -> f64 {
        self.sum / self.scalars as f64
    }
}

macro_rules! distance {
    ($type:ident, $name:literal, $doc:literal, $of_pair:expr, $of_mean:expr) => {
        #[doc = $doc]
        ///
        /// The mean is over all scalars of all rows; NaN without rows.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct $type(Mean);

        impl $type {
            /// Without rows.
            #[must_use]
            pub fn new() -> Self {
                Self::default()
            }
        }

        impl Metric for $type {
            fn name(&self) -> String {
                $name.to_owned()
            }
            fn value(&self) -> f64 {
                let of_mean: fn(f64) -> f64 = $of_mean;
                of_mean(self.0.value())
            }
            fn reset(&mut self) {
                self.0 = Mean::default();
            }
        }

        impl<P: Reals, T: Reals> MetricOf<P, T> for $type {
            fn update(&mut self, outputs: &[P], targets: &[T]) {
                let of_pair: fn(f64) -> f64 = $of_pair;
                pairs(outputs, targets).for_each(|(output, target)| self.0.add(of_pair(output - target)));
            }
        }
    };
}

distance!(MeanAbsoluteError, "mae", "The mean of \\|output − target\\|.", f64::abs, |mean| mean);
distance!(MeanSquaredError, "mse", "The mean of (output − target)².", |error| error * error, |mean| mean);
distance!(
    RootMeanSquaredError,
    "rmse",
    "The root of the mean of (output − target)².",
    |error| error * error,
    f64::sqrt
);

/// The coefficient of determination, 1 − Σ(output − target)² / Σ(target − mean)², averaged over the scalars of a row.
///
/// As in scikit-learn a scalar whose targets are all equal counts 1 when every output is right and 0 otherwise, and
/// there is no number for less than two rows.
#[derive(Clone, Debug, Default)]
pub struct R2 {
    columns: Vec<Column>,
}

/// Welford's running mean and squared deviations of the targets, and the squared errors.
#[derive(Clone, Copy, Debug, Default)]
struct Column {
    rows: u64,
    mean: f64,
    deviations: f64,
    errors: f64,
}

impl Column {
    fn add(&mut self, output: f64, target: f64) {
        self.rows += 1;
        let before = target - self.mean;
        self.mean += before / self.rows as f64;
        self.deviations += before * (target - self.mean);
        self.errors += (output - target).powi(2);
    }

    fn value(&self) -> f64 {
        match (self.errors == 0.0, self.deviations == 0.0) {
            _ if self.rows < 2 => f64::NAN,
            (true, _) => 1.0,
            (false, true) => 0.0,
            (false, false) => 1.0 - self.errors / self.deviations,
        }
    }
}

impl R2 {
    /// Without rows.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Metric for R2 {
    fn name(&self) -> String {
        "r2".to_owned()
    }
    fn value(&self) -> f64 {
        self.columns.iter().map(Column::value).sum::<f64>() / self.columns.len() as f64
    }
    fn reset(&mut self) {
        self.columns.clear();
    }
}

impl<P: Reals, T: Reals> MetricOf<P, T> for R2 {
    fn update(&mut self, outputs: &[P], targets: &[T]) {
        self.columns.resize(P::WIDTH, Column::default());
        for (position, (output, target)) in pairs(outputs, targets).enumerate() {
            self.columns[position % P::WIDTH].add(output, target);
        }
    }
}
