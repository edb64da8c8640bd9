//! Data: rows of inputs and targets in memory, checked once when they are put together, and streams of rows that need
//! not fit there.

#[cfg(feature = "ndarray")]
mod arrays;
mod augment;
mod block;
pub mod csv;
mod draw;
mod elements;
mod error;
mod fixed;
#[cfg(feature = "image")]
mod folder;
pub mod idx;
mod labels;
mod lineage;
mod lines;
mod normalize;
pub mod npy;
mod numbers;
mod open;
mod reader;
mod rows;
mod scale;
mod schema;
mod source;
mod split;
mod stream;
pub mod text;

#[cfg(feature = "ndarray")]
pub use arrays::{Number, to_array};
pub use augment::{Augment, Image};
pub use draw::Draw;
pub use error::{DataError, FileProblem, Part, Wanted};
pub use fixed::{NumberFile, NumberFiles};
#[cfg(feature = "image")]
pub use folder::ImageFolder;
pub use labels::{LabelColumn, Labels};
pub use lineage::Leak;
pub use lines::{Cells, CsvRows};
pub use normalize::{Normalize, one_hot, smooth};
pub use rows::{IntoRows, IntoTensor};
pub use scale::{Affine, MinMax, Scaling, Standardize};
pub use schema::{ColumnName, Encoder, MissingCategory, MissingNumber, Schema, UnknownCategory};
pub use source::{Batch, InOrder, Shuffled, Source};
pub use split::{Folds, IntoClasses};
pub use stream::{Order, Records, Rows, Stream};

use std::fmt;

use graven_runtime::sample::{Flat, Sample};

use lineage::Lineage;

/// Inputs and targets, row by row: at least one row, as many targets as inputs, every value finite.
///
/// ```
/// use graven::{Dataset, Index};
///
/// let data: Dataset<[f32; 2], Index<3>> =
///     Dataset::new(vec![[0.1, 0.2], [0.3, 0.4], [0.5, 0.6], [0.7, 0.8]], vec![0, 2, 1, 2])?;
/// let (training, validation) = data.split(0.75, 7)?;
/// assert_eq!((training.len(), validation.len()), (3, 1));
///
/// let several: Dataset<([f32; 2], f32), f32> = Dataset::new((vec![[0.1, 0.2]], vec![0.3]), vec![1.0])?;
/// # Ok::<(), graven::DataError>(())
/// ```
pub struct Dataset<X: Sample, Y: Sample> {
    inputs: X::Rows,
    targets: Y::Rows,
    rows: usize,
    lineage: Lineage,
}

impl<X: Sample, Y: Sample> Dataset<X, Y> {
    /// A data set from vectors, slices or arrays of rows; a tuple of those where a sample has several tensors.
    ///
    /// # Errors
    /// No rows, different numbers of rows, a value that is not finite, an integer that is no index.
    pub fn new<I: IntoRows<X>, T: IntoRows<Y>>(inputs: I, targets: T) -> Result<Self, DataError> {
        Self::from_rows(inputs.into_rows()?, targets.into_rows()?)
    }

    fn from_rows(inputs: X::Rows, targets: Y::Rows) -> Result<Self, DataError> {
        let rows = check::<X>(Part::Inputs, X::slices(&inputs), 0)?;
        let found = check::<Y>(Part::Targets, Y::slices(&targets), 0)?;
        if rows != found {
            return Err(DataError::Lengths { expected: rows, found });
        }
        if rows == 0 {
            return Err(DataError::Empty);
        }
        Ok(Self { inputs, targets, rows, lineage: Lineage::new() })
    }

    /// The number of rows, never zero.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "a data set is never empty")]
    pub fn len(&self) -> usize {
        self.rows
    }

    /// All inputs: a slice, or a tuple of slices.
    #[must_use]
    pub fn inputs(&self) -> X::Slices<'_> {
        X::slices(&self.inputs)
    }

    /// All targets: a slice, or a tuple of slices.
    #[must_use]
    pub fn targets(&self) -> Y::Slices<'_> {
        Y::slices(&self.targets)
    }

    /// The rows at the positions given, in that order.
    ///
    /// # Errors
    /// No position, or one that is not a row.
    pub fn select(&self, positions: impl IntoIterator<Item = usize>) -> Result<Self, DataError> {
        let positions: Vec<usize> = positions.into_iter().collect();
        if let Some(&row) = positions.iter().find(|&&row| row >= self.rows) {
            return Err(DataError::Row { row, rows: self.rows });
        }
        if positions.is_empty() {
            return Err(DataError::Empty);
        }
        Ok(self.gathered(&positions))
    }

    /// Whether these rows may judge a model: none of them was among the rows that a scaling of theirs was fitted on. It
    /// does not matter when rows were split, selected or scaled; a data set made anew by [`Dataset::new`] has new rows.
    ///
    /// # Errors
    /// The first such row.
    pub fn check_unseen(&self) -> Result<(), Leak> {
        self.lineage.leak(self.rows).map_or(Ok(()), Err)
    }

    fn gathered(&self, positions: &[usize]) -> Self {
        let (mut inputs, mut targets) = (X::zeros(0), Y::zeros(0));
        X::gather(self.inputs(), positions, &mut inputs);
        Y::gather(self.targets(), positions, &mut targets);
        Self { inputs, targets, rows: positions.len(), lineage: self.lineage.select(positions) }
    }

    /// Consecutive parts of `rows` rows, the last one shorter when they do not come out even.
    pub fn batches(&self, rows: usize) -> impl Iterator<Item = (X::Slices<'_>, Y::Slices<'_>)> {
        let rows = rows.max(1);
        (0..self.rows)
            .step_by(rows)
            .map(move |start| (X::part(self.inputs(), start, rows), Y::part(self.targets(), start, rows)))
    }

    /// Changes every real number of the inputs, `|pixel| pixel / 255.0`.
    ///
    /// # Errors
    /// A result that is not finite.
    pub fn map_inputs(mut self, map: impl Fn(f32) -> f32) -> Result<Self, DataError> {
        map_reals::<X>(&mut self.inputs, map);
        check::<X>(Part::Inputs, self.inputs(), 0)?;
        Ok(self)
    }

    /// Changes every real number of the targets.
    ///
    /// # Errors
    /// A result that is not finite.
    pub fn map_targets(mut self, map: impl Fn(f32) -> f32) -> Result<Self, DataError> {
        map_reals::<Y>(&mut self.targets, map);
        check::<Y>(Part::Targets, self.targets(), 0)?;
        Ok(self)
    }

    /// The same inputs with other targets, each made of the one that the row has: odd digits from all digits by
    /// `|digit: Index<10>| digit.get() % 2`. It is for samples with one tensor of targets; integers become indices.
    ///
    /// ```
    /// use graven::{Dataset, Index};
    ///
    /// let digits: Dataset<[f32; 2], Index<10>> = Dataset::new(vec![[0.1, 0.2], [0.3, 0.4]], vec![4, 7])?;
    /// let parities: Dataset<[f32; 2], Index<2>> = digits.with_targets(|digit| digit.get() % 2)?;
    /// assert_eq!(parities.targets()[1].get(), 1);
    /// # Ok::<(), graven::DataError>(())
    /// ```
    ///
    /// # Errors
    /// A result that is not finite, or an integer that is no index.
    pub fn with_targets<Z, T>(self, target: impl FnMut(Y) -> T) -> Result<Dataset<X, Z>, DataError>
    where
        Y: Sample<Rows = Vec<Y>>,
        Z: Sample,
        Vec<T>: IntoRows<Z>,
    {
        let targets = self.targets.into_iter().map(target).collect::<Vec<T>>().into_rows()?;
        check::<Z>(Part::Targets, Z::slices(&targets), 0)?;
        Ok(Dataset { inputs: self.inputs, targets, rows: self.rows, lineage: self.lineage })
    }
}

impl<X: Sample, Y: Sample> Clone for Dataset<X, Y> {
    fn clone(&self) -> Self {
        Self {
            inputs: self.inputs.clone(),
            targets: self.targets.clone(),
            rows: self.rows,
            lineage: self.lineage.clone(),
        }
    }
}

impl<X: Sample, Y: Sample> fmt::Debug for Dataset<X, Y> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dataset").field("rows", &self.rows).finish_non_exhaustive()
    }
}

fn map_reals<X: Sample>(rows: &mut X::Rows, map: impl Fn(f32) -> f32) {
    X::visit_reals_mut(X::slices_mut(rows), &mut |values, _| {
        for value in values {
            *value = map(*value);
        }
    });
}

/// The number of rows, when every tensor has as many and every value is finite; errors count rows from `first`.
fn check<X: Sample>(part: Part, rows: X::Slices<'_>, first: usize) -> Result<usize, DataError> {
    let count = X::rows(rows).map_err(|(expected, found)| DataError::Lengths { expected, found })?;
    let mut fault = None;
    let mut tensor = 0;
    X::visit(rows, &mut |values, width| {
        if let (Flat::Reals(values), None) = (values, &fault) {
            let position = values.iter().position(|value| !value.is_finite());
            fault = position.map(|at| DataError::NotFinite {
                part,
                tensor,
                row: first + at / width,
                position: at % width,
                value: values[at],
            });
        }
        tensor += 1;
    });
    fault.map_or(Ok(count), Err)
}
