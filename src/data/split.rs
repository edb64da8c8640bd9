//! Seeded, shuffled splits of a data set into parts that share no row.

use graven_runtime::sample::Sample;

use super::{DataError, Dataset};
use crate::random;

impl<X: Sample, Y: Sample> Dataset<X, Y> {
    /// Shuffles by `seed` and gives that fraction of the rows, and the rest: `data.split(0.9, 7)?`.
    ///
    /// # Errors
    /// A fraction that is not between 0 and 1, or that leaves a part without rows.
    pub fn split(&self, fraction: f64, seed: u64) -> Result<(Self, Self), DataError> {
        self.split_rows(self.share(fraction)?, seed)
    }

    /// Shuffles by `seed` and gives that many rows, and the rest.
    ///
    /// # Errors
    /// A part without rows.
    pub fn split_rows(&self, first: usize, seed: u64) -> Result<(Self, Self), DataError> {
        let [first, second] = self.parts([first], seed)?;
        Ok((first, second))
    }

    /// Shuffles by `seed` and gives a training, a validation and a test part; the test part is what the two
    /// fractions leave: `data.split3(0.7, 0.15, 7)?`.
    ///
    /// # Errors
    /// A fraction that is not between 0 and 1, or fractions that leave a part without rows.
    pub fn split3(&self, training: f64, validation: f64, seed: u64) -> Result<(Self, Self, Self), DataError> {
        let [training, validation, test] = self.parts([self.share(training)?, self.share(validation)?], seed)?;
        Ok((training, validation, test))
    }

    fn share(&self, fraction: f64) -> Result<usize, DataError> {
        share(self.len(), fraction)
    }

    /// Parts of the given sizes and one of all remaining rows.
    fn parts<const N: usize, const M: usize>(&self, sizes: [usize; N], seed: u64) -> Result<[Self; M], DataError> {
        Ok(parts(self.len(), sizes, seed)?.map(|rows| self.gathered(&rows)))
    }
}

/// A fraction of so many rows.
pub(super) fn share(rows: usize, fraction: f64) -> Result<usize, DataError> {
    if fraction > 0.0 && fraction < 1.0 {
        Ok((fraction * rows as f64).round() as usize)
    } else {
        Err(DataError::Fraction { fraction })
    }
}

/// Shuffled positions in parts of the given sizes and one of all that remain.
pub(super) fn parts<const N: usize, const M: usize>(
    rows: usize,
    sizes: [usize; N],
    seed: u64,
) -> Result<[Vec<usize>; M], DataError> {
    let used = sizes.iter().fold(0usize, |used, &size| used.saturating_add(size));
    if sizes.contains(&0) || used >= rows {
        let rest = rows as i64 - i64::try_from(used).unwrap_or(i64::MAX);
        let parts = sizes.iter().map(|&size| i64::try_from(size).unwrap_or(i64::MAX)).chain([rest]).collect();
        return Err(DataError::Split { parts, rows });
    }
    let order = random::permutation(rows, seed, 0);
    let mut start = 0;
    Ok(std::array::from_fn(|part| {
        let end = sizes.get(part).map_or(order.len(), |size| start + size);
        let rows = order[start..end].to_vec();
        start = end;
        rows
    }))
}
