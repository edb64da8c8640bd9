//! Scaling fitted on one part of the data and applied to all of it: one affine map for each column.

use std::marker::PhantomData;
use std::sync::Arc;

use graven_runtime::sample::{Flat, Sample};
use serde::{Deserialize, Serialize};

use super::lineage::Fitted;
use super::{DataError, Dataset, Source};

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
        Scaling::fit(training.inputs(), standardizing).seen(training)
    }

    /// The scaling of the targets; fit it on the training part only.
    #[must_use]
    pub fn fit_targets<X: Sample, Y: Sample>(training: &Dataset<X, Y>) -> Scaling<Y> {
        Scaling::fit(training.targets(), standardizing).seen(training)
    }

    /// The scaling of the inputs of epoch 0 of a source, which is read once.
    ///
    /// # Errors
    /// A source that fails.
    pub fn fit_source<X: Sample, Y: Sample>(training: &mut impl Source<X, Y>) -> Result<Scaling<X>, DataError> {
        Scaling::fit_source(training, standardizing)
    }
}

impl MinMax {
    /// The scaling of the inputs; fit it on the training part only.
    #[must_use]
    pub fn fit<X: Sample, Y: Sample>(training: &Dataset<X, Y>) -> Scaling<X> {
        Scaling::fit(training.inputs(), to_unit_range).seen(training)
    }

    /// The scaling of the targets; fit it on the training part only.
    #[must_use]
    pub fn fit_targets<X: Sample, Y: Sample>(training: &Dataset<X, Y>) -> Scaling<Y> {
        Scaling::fit(training.targets(), to_unit_range).seen(training)
    }

    /// The scaling of the inputs of epoch 0 of a source, which is read once.
    ///
    /// # Errors
    /// A source that fails.
    pub fn fit_source<X: Sample, Y: Sample>(training: &mut impl Source<X, Y>) -> Result<Scaling<X>, DataError> {
        Scaling::fit_source(training, to_unit_range)
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
///
/// It remembers the rows that it was fitted on, until it is stored: validation data that are among them, when they were
/// scaled by it, are refused ([`Dataset::check_unseen`]).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scaling<X> {
    tensors: Vec<Vec<Affine>>,
    #[serde(skip)]
    fitted: Option<Arc<Fitted>>,
    #[serde(skip)]
    sample: PhantomData<fn() -> X>,
}

/// Equal are scalings with equal maps, whatever they were fitted on.
impl<X> PartialEq for Scaling<X> {
    fn eq(&self, other: &Self) -> bool {
        self.tensors == other.tensors
    }
}

impl<X: Sample> Scaling<X> {
    fn fit(rows: X::Slices<'_>, column: fn(&Moments) -> Affine) -> Self {
        let mut moments = Vec::new();
        add::<X>(&mut moments, rows);
        Self::of(&moments, column)
    }

    fn fit_source<Y: Sample>(
        source: &mut impl Source<X, Y>,
        column: fn(&Moments) -> Affine,
    ) -> Result<Self, DataError> {
        let mut moments = Vec::new();
        source.begin(0)?;
        while let Some(batch) = source.next(READ_ROWS)? {
            add::<X>(&mut moments, batch.inputs);
        }
        if moments.is_empty() { Err(DataError::Empty) } else { Ok(Self::of(&moments, column)) }
    }

    fn of(moments: &[Vec<Moments>], column: fn(&Moments) -> Affine) -> Self {
        let tensors = moments.iter().map(|columns| columns.iter().map(column).collect()).collect();
        Self { tensors, fitted: None, sample: PhantomData }
    }

    fn seen<A: Sample, B: Sample>(mut self, training: &Dataset<A, B>) -> Self {
        self.fitted = Some(training.lineage.fit(training.len()));
        self
    }

    /// The maps, a list for each tensor.
    #[must_use]
    pub fn maps(&self) -> &[Vec<Affine>] {
        &self.tensors
    }

    /// Scales the inputs of a data set.
    pub fn apply<Y: Sample>(&self, data: &mut Dataset<X, Y>) {
        self.apply_rows(X::slices_mut(&mut data.inputs));
        self.fitted.iter().for_each(|fitted| data.lineage.transformed(fitted));
    }

    /// Scales the targets of a data set.
    pub fn apply_targets<Z: Sample>(&self, data: &mut Dataset<Z, X>) {
        self.apply_rows(X::slices_mut(&mut data.targets));
        self.fitted.iter().for_each(|fitted| data.lineage.transformed(fitted));
    }

    /// Scales rows, for instance those to predict.
    pub fn apply_rows(&self, rows: X::SlicesMut<'_>) {
        self.each(rows, |value, map| (value - map.shift) * map.factor);
    }

    /// Scales one sample, for instance in [`Stream::map`](super::Stream::map).
    pub fn apply_sample(&self, sample: &mut X) {
        self.apply_rows(sample.one_mut());
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

/// Rows that are read from a source at once.
const READ_ROWS: usize = 256;

/// What is known of a column: extremes, and the mean and the squared deviations from it by Welford's updates.
#[derive(Clone, Copy)]
struct Moments {
    rows: f64,
    least: f64,
    greatest: f64,
    mean: f64,
    deviations: f64,
}

impl Moments {
    const NONE: Self =
        Self { rows: 0.0, least: f64::INFINITY, greatest: f64::NEG_INFINITY, mean: 0.0, deviations: 0.0 };

    fn add(&mut self, value: f64) {
        self.rows += 1.0;
        self.least = self.least.min(value);
        self.greatest = self.greatest.max(value);
        let before = value - self.mean;
        self.mean += before / self.rows;
        self.deviations += before * (value - self.mean);
    }
}

fn standardizing(column: &Moments) -> Affine {
    if column.least == column.greatest {
        return Affine { shift: column.least, factor: 1.0 };
    }
    Affine { shift: column.mean, factor: (column.deviations / column.rows).sqrt().recip() }
}

fn to_unit_range(column: &Moments) -> Affine {
    let range = column.greatest - column.least;
    Affine { shift: column.least, factor: if range == 0.0 { 1.0 } else { range.recip() } }
}

/// Adds rows to the moments of each column of each tensor; indices have none.
fn add<X: Sample>(moments: &mut Vec<Vec<Moments>>, rows: X::Slices<'_>) {
    let mut tensor = 0;
    X::visit(rows, &mut |values, width| {
        if moments.len() == tensor {
            let columns = if matches!(values, Flat::Reals(_)) { width } else { 0 };
            moments.push(vec![Moments::NONE; columns]);
        }
        if let Flat::Reals(values) = values {
            for row in values.chunks_exact(width.max(1)) {
                moments[tensor].iter_mut().zip(row).for_each(|(column, &value)| column.add(value.into()));
            }
        }
        tensor += 1;
    });
}
