//! Scaling fitted on one part of the data and applied to all of it: one affine map for each column.

use std::marker::PhantomData;

use graven_runtime::sample::{Flat, Sample};
use serde::{Deserialize, Serialize};

use super::Dataset;

/// `(value - shift) · factor`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Affine {
    /// Subtracted first.
    pub shift: f64,
    /// Multiplied with then.
    pub factor: f64,
}

/// Fits columns to mean zero and standard deviation one.
#[derive(Clone, Copy, Debug)]
pub struct Standardize;

/// Fits columns to the range from zero to one.
#[derive(Clone, Copy, Debug)]
pub struct MinMax;

impl Standardize {
    /// The scaling of the inputs; fit it on the training part only.
    #[must_use]
    pub fn fit<X: Sample, Y: Sample>(training: &Dataset<X, Y>) -> Scaling<X> {
        Scaling::fit(training.inputs(), standardizing)
    }

    /// The scaling of the targets; fit it on the training part only.
    #[must_use]
    pub fn fit_targets<X: Sample, Y: Sample>(training: &Dataset<X, Y>) -> Scaling<Y> {
        Scaling::fit(training.targets(), standardizing)
    }
}

impl MinMax {
    /// The scaling of the inputs; fit it on the training part only.
    #[must_use]
    pub fn fit<X: Sample, Y: Sample>(training: &Dataset<X, Y>) -> Scaling<X> {
        Scaling::fit(training.inputs(), to_unit_range)
    }

    /// The scaling of the targets; fit it on the training part only.
    #[must_use]
    pub fn fit_targets<X: Sample, Y: Sample>(training: &Dataset<X, Y>) -> Scaling<Y> {
        Scaling::fit(training.targets(), to_unit_range)
    }
}

/// A map for each column of each tensor of samples `X`; indices stay as they are.
///
/// A column whose fitted values are all the same is only shifted, to zero. What leaves the range of `f32` becomes the
/// greatest finite number.
///
/// ```
/// use graven::{Dataset, Standardize};
///
/// let data: Dataset<[f32; 1], f32> = Dataset::new(vec![[1.0], [2.0], [3.0], [4.0]], vec![0.0; 4])?;
/// let (mut training, mut test) = data.split(0.5, 1)?;
/// let scaling = Standardize::fit(&training);
/// scaling.apply(&mut training);
/// scaling.apply(&mut test);
/// # Ok::<(), graven::DataError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scaling<X> {
    tensors: Vec<Vec<Affine>>,
    #[serde(skip)]
    sample: PhantomData<fn() -> X>,
}

impl<X: Sample> Scaling<X> {
    fn fit(rows: X::Slices<'_>, column: fn(&Moments) -> Affine) -> Self {
        let mut tensors = Vec::new();
        X::visit(rows, &mut |values, width| {
            tensors.push(match values {
                Flat::Reals(values) => moments(values, width).iter().map(column).collect(),
                Flat::Indices(_) => Vec::new(),
            });
        });
        Self { tensors, sample: PhantomData }
    }

    /// The maps, a list for each tensor.
    #[must_use]
    pub fn maps(&self) -> &[Vec<Affine>] {
        &self.tensors
    }

    /// Scales the inputs of a data set.
    pub fn apply<Y: Sample>(&self, data: &mut Dataset<X, Y>) {
        self.apply_rows(X::slices_mut(&mut data.inputs));
    }

    /// Scales the targets of a data set.
    pub fn apply_targets<Z: Sample>(&self, data: &mut Dataset<Z, X>) {
        self.apply_rows(X::slices_mut(&mut data.targets));
    }

    /// Scales rows, for instance those to predict.
    pub fn apply_rows(&self, rows: X::SlicesMut<'_>) {
        self.each(rows, |value, map| (value - map.shift) * map.factor);
    }

    /// Undoes the scaling, for instance of predicted targets.
    pub fn invert_rows(&self, rows: X::SlicesMut<'_>) {
        self.each(rows, |value, map| value / map.factor + map.shift);
    }

    fn each(&self, rows: X::SlicesMut<'_>, scaled: impl Fn(f64, &Affine) -> f64) {
        let mut tensors = self.tensors.iter();
        X::visit_reals_mut(rows, &mut |values, width| {
            let maps = tensors.next().map_or(&[][..], Vec::as_slice);
            for row in values.chunks_mut(width.max(1)) {
                for (value, map) in row.iter_mut().zip(maps) {
                    *value = scaled(f64::from(*value), map).clamp(f32::MIN.into(), f32::MAX.into()) as f32;
                }
            }
        });
    }
}

/// What is known of a column.
#[derive(Clone, Copy)]
struct Moments {
    least: f64,
    greatest: f64,
    mean: f64,
    deviation: f64,
}

fn standardizing(column: &Moments) -> Affine {
    if column.least == column.greatest {
        return Affine { shift: column.least, factor: 1.0 };
    }
    Affine { shift: column.mean, factor: column.deviation.recip() }
}

fn to_unit_range(column: &Moments) -> Affine {
    let range = column.greatest - column.least;
    Affine { shift: column.least, factor: if range == 0.0 { 1.0 } else { range.recip() } }
}

/// The moments of each column, with the biased variance; the mean is known before deviations are summed.
fn moments(values: &[f32], width: usize) -> Vec<Moments> {
    let rows = || values.chunks_exact(width.max(1));
    let count = rows().len() as f64;
    let none = Moments { least: f64::INFINITY, greatest: f64::NEG_INFINITY, mean: 0.0, deviation: 0.0 };
    let mut columns = vec![none; width];
    for row in rows() {
        for (column, &value) in columns.iter_mut().zip(row) {
            let value = f64::from(value);
            column.least = column.least.min(value);
            column.greatest = column.greatest.max(value);
            column.mean += value / count;
        }
    }
    for row in rows() {
        for (column, &value) in columns.iter_mut().zip(row) {
            column.deviation += (f64::from(value) - column.mean).powi(2) / count;
        }
    }
    for column in &mut columns {
        column.deviation = column.deviation.sqrt();
    }
    columns
}
