//! Where batches come from: one interface to data sets in memory and to streams.

use graven_runtime::sample::Sample;

use super::stream::{Order, Records, Rows};
use super::{DataError, Dataset};
use crate::random;

/// Consecutive rows of an epoch.
pub struct Batch<'a, X: Sample, Y: Sample> {
    /// The inputs: a slice, or a tuple of slices.
    pub inputs: X::Slices<'a>,
    /// As many targets.
    pub targets: Y::Slices<'a>,
    /// The number of rows, never zero.
    pub rows: usize,
}

/// Rows in batches, epoch by epoch.
///
/// The batches of an epoch follow from the source and the number of the epoch alone. A loop of one's own:
///
/// ```
/// # use graven::prelude::*;
/// use graven::data::{DataError, Source};
///
/// # graven::network! {
/// #     pub struct Line;
/// #     fn forward(x: [1]) -> [1] { dense(x, 1) }
/// #     fn loss(y, target: [1]) { mse(y, target) }
/// # }
/// fn epochs(
///     model: &mut Line,
///     source: &mut impl Source<[f32; 1], [f32; 1]>,
/// ) -> Result<(), Box<dyn std::error::Error>> {
///     let optimizer = Sgd::new(0.1);
///     let mut memory = LineTraining::<32>::boxed();
///     let mut state = <Sgd as Optimizer>::State::<Line>::boxed();
///     for epoch in 1..=3 {
///         source.begin(epoch)?;
///         while let Some(batch) = source.next(32)? {
///             model.train_rows::<32, _>(
///                 &mut memory, &optimizer, &mut state, batch.inputs, batch.targets, &mut [],
///             )?;
///         }
///     }
///     Ok(())
/// }
/// # let data = Dataset::new(vec![[1.0], [2.0]], vec![[1.0], [2.0]])?;
/// # epochs(&mut Line::new(1), &mut data.shuffled(7))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Source<X: Sample, Y: Sample> {
    /// Goes to the first row of an epoch. Epochs may come in any order and need not be finished.
    ///
    /// # Errors
    /// Data that cannot be read.
    fn begin(&mut self, epoch: u64) -> Result<(), DataError>;

    /// The next rows, `rows` of them as long as there are so many (at least one is asked for); nothing at the end of the
    /// epoch and before the first.
    ///
    /// # Errors
    /// Data that cannot be read or is faulty; the epoch is then over.
    fn next(&mut self, rows: usize) -> Result<Option<Batch<'_, X, Y>>, DataError>;

    /// The number of rows of an epoch, where it is known.
    fn rows(&self) -> Option<usize>;
}

impl<X: Sample, Y: Sample, S: Source<X, Y> + ?Sized> Source<X, Y> for &mut S {
    fn begin(&mut self, epoch: u64) -> Result<(), DataError> {
        (**self).begin(epoch)
    }
    fn next(&mut self, rows: usize) -> Result<Option<Batch<'_, X, Y>>, DataError> {
        (**self).next(rows)
    }
    fn rows(&self) -> Option<usize> {
        (**self).rows()
    }
}

/// The rows of a data set in their order, without copying; [`Dataset::in_order`] makes it.
#[derive(Debug)]
pub struct InOrder<'a, X: Sample, Y: Sample> {
    data: &'a Dataset<X, Y>,
    position: usize,
}

impl<X: Sample, Y: Sample> Source<X, Y> for InOrder<'_, X, Y> {
    fn begin(&mut self, _epoch: u64) -> Result<(), DataError> {
        self.position = 0;
        Ok(())
    }

    fn next(&mut self, rows: usize) -> Result<Option<Batch<'_, X, Y>>, DataError> {
        let start = self.position;
        let rows = rows.max(1).min(self.data.len() - start);
        self.position += rows;
        let inputs = X::part(self.data.inputs(), start, rows);
        let targets = Y::part(self.data.targets(), start, rows);
        Ok((rows > 0).then_some(Batch { inputs, targets, rows }))
    }

    fn rows(&self) -> Option<usize> {
        Some(self.data.len())
    }
}

/// The rows of a data set in another order every epoch; [`Dataset::shuffled`] makes it.
pub struct Shuffled<'a, X: Sample, Y: Sample> {
    data: &'a Dataset<X, Y>,
    seed: u64,
    order: Vec<usize>,
    position: usize,
    inputs: X::Rows,
    targets: Y::Rows,
}

impl<X: Sample, Y: Sample> Source<X, Y> for Shuffled<'_, X, Y> {
    fn begin(&mut self, epoch: u64) -> Result<(), DataError> {
        self.order.clear();
        self.order.extend(0..self.data.len());
        random::shuffle(&mut self.order, self.seed, epoch);
        self.position = 0;
        Ok(())
    }

    fn next(&mut self, rows: usize) -> Result<Option<Batch<'_, X, Y>>, DataError> {
        let rest = self.order.get(self.position..).unwrap_or_default();
        let positions = &rest[..rows.max(1).min(rest.len())];
        self.position += positions.len();
        if positions.is_empty() {
            return Ok(None);
        }
        X::gather(self.data.inputs(), positions, &mut self.inputs);
        Y::gather(self.data.targets(), positions, &mut self.targets);
        let (inputs, targets) = (X::slices(&self.inputs), Y::slices(&self.targets));
        Ok(Some(Batch { inputs, targets, rows: positions.len() }))
    }

    fn rows(&self) -> Option<usize> {
        Some(self.data.len())
    }
}

impl<X: Sample, Y: Sample> Dataset<X, Y> {
    /// A source of all rows in their order, the same every epoch.
    #[must_use]
    pub fn in_order(&self) -> InOrder<'_, X, Y> {
        InOrder { data: self, position: 0 }
    }

    /// A source of all rows, shuffled every epoch by `seed` as `fit` does it.
    #[must_use]
    pub fn shuffled(&self, seed: u64) -> Shuffled<'_, X, Y> {
        let (inputs, targets) = (X::zeros(0), Y::zeros(0));
        Shuffled { data: self, seed, order: Vec::new(), position: 0, inputs, targets }
    }
}

/// Rows of a data set in memory, for preparation on the thread of a stream. A shuffled order is that of `fit`.
impl<X: Sample, Y: Sample> Records<X, Y> for Dataset<X, Y> {
    fn open(&self, order: Order) -> Result<Rows<'_, X, Y>, DataError> {
        let positions = match order.seed {
            Some(seed) => random::permutation(self.len(), seed, order.epoch),
            None => (0..self.len()).collect(),
        };
        let row = |row| Some(Ok((X::get(self.inputs(), row)?, Y::get(self.targets(), row)?)));
        Ok(Box::new(positions.into_iter().filter_map(row)))
    }

    fn rows(&self) -> Option<usize> {
        Some(self.len())
    }
}
