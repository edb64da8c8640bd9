//! Seeded, shuffled parts of a data set that share no row: splits, folds for cross-validation, stratified and not.

use graven_runtime::sample::Sample;

use super::{DataError, Dataset};
use crate::random;
use crate::training::Class;

impl<X: Sample, Y: Sample> Dataset<X, Y> {
    /// Shuffles by `seed` and gives that fraction of the rows, and the rest: `data.split(0.9, 7)?`.
    ///
    /// # Errors
    /// A fraction that is not between 0 and 1, or that leaves a part without rows.
    pub fn split(&self, fraction: f64, seed: u64) -> Result<(Self, Self), DataError> {
        self.split_rows(share(self.len(), fraction)?, seed)
    }

    /// Shuffles by `seed` and gives that many rows, and the rest.
    ///
    /// # Errors
    /// A part without rows.
    pub fn split_rows(&self, first: usize, seed: u64) -> Result<(Self, Self), DataError> {
        let [first, second] = parts(self.len(), [first], seed)?;
        Ok((self.gathered(&first), self.gathered(&second)))
    }

    /// Shuffles by `seed` and gives a training, a validation and a test part; the test part is what the two
    /// fractions leave: `data.split3(0.7, 0.15, 7)?`.
    ///
    /// # Errors
    /// A fraction that is not between 0 and 1, or fractions that leave a part without rows.
    pub fn split3(&self, training: f64, validation: f64, seed: u64) -> Result<(Self, Self, Self), DataError> {
        let sizes = [share(self.len(), training)?, share(self.len(), validation)?];
        let [training, validation, test] = parts(self.len(), sizes, seed)?.map(|rows| self.gathered(&rows));
        Ok((training, validation, test))
    }

    /// Shuffles by `seed` and gives `folds` pairs of a training and a validation part: every row is in one validation
    /// part, whose sizes differ by at most one.
    ///
    /// ```
    /// use graven::Dataset;
    ///
    /// let data: Dataset<f32, f32> = Dataset::new(vec![0.0; 10], vec![0.0; 10])?;
    /// let sizes: Vec<(usize, usize)> =
    ///     data.k_fold(3, 7)?.map(|(training, validation)| (training.len(), validation.len())).collect();
    /// assert_eq!(sizes, [(6, 4), (7, 3), (7, 3)]);
    /// # Ok::<(), graven::DataError>(())
    /// ```
    ///
    /// # Errors
    /// Less than two folds, or more than there are rows.
    pub fn k_fold(&self, folds: usize, seed: u64) -> Result<Folds<'_, X, Y>, DataError> {
        if folds < 2 || folds > self.len() {
            return Err(DataError::Folds { folds, rows: self.len() });
        }
        let mut fold = vec![0; self.len()];
        for (place, row) in random::permutation(self.len(), seed, 0).into_iter().enumerate() {
            fold[row] = place % folds;
        }
        Ok(Folds { data: self, fold, folds, next: 0 })
    }
}

/// Splits that keep the shares of the classes.
impl<X: Sample, Y: Sample> Dataset<X, Y>
where
    for<'a> Y::Slices<'a>: IntoClasses,
{
    /// As [`Dataset::split`], with that fraction of the rows of each class, rounded so that the parts have the sizes
    /// that `split` gives, and at least one row of each class in both.
    ///
    /// # Errors
    /// As [`Dataset::split`]; a single class, or a class with a single row.
    pub fn stratified_split(&self, fraction: f64, seed: u64) -> Result<(Self, Self), DataError> {
        self.stratified_rows(share(self.len(), fraction)?, seed)
    }

    fn stratified_rows(&self, first: usize, seed: u64) -> Result<(Self, Self), DataError> {
        let classes = self.by_class(2, seed)?;
        if first < classes.len() || self.len() - first < classes.len() {
            let rest = self.len() as i64 - first as i64;
            return Err(DataError::Split { parts: vec![first as i64, rest], rows: self.len() });
        }
        let sizes: Vec<usize> = classes.iter().map(Vec::len).collect();
        let counts = apportion(&sizes, first);
        let mut parts = [Vec::new(), Vec::new()];
        for (rows, count) in classes.iter().zip(counts) {
            parts[0].extend_from_slice(&rows[..count]);
            parts[1].extend_from_slice(&rows[count..]);
        }
        let [first, second] = parts.map(|mut rows| {
            random::shuffle(&mut rows, seed, MIXING);
            self.gathered(&rows)
        });
        Ok((first, second))
    }

    /// As [`Dataset::split3`], stratified.
    ///
    /// # Errors
    /// As [`Dataset::split3`]; a single class, or a class with too few rows for every part.
    pub fn stratified_split3(
        &self,
        training: f64,
        validation: f64,
        seed: u64,
    ) -> Result<(Self, Self, Self), DataError> {
        let (first, second) = (share(self.len(), training)?, share(self.len(), validation)?);
        let (training, rest) = self.stratified_rows(first, seed)?;
        let (validation, test) = rest.stratified_rows(second, seed)?;
        Ok((training, validation, test))
    }

    /// As [`Dataset::k_fold`], with as equal shares of each class in all validation parts as there can be.
    ///
    /// # Errors
    /// As [`Dataset::k_fold`]; a single class, or a class with fewer rows than folds.
    pub fn stratified_k_fold(&self, folds: usize, seed: u64) -> Result<Folds<'_, X, Y>, DataError> {
        if folds < 2 || folds > self.len() {
            return Err(DataError::Folds { folds, rows: self.len() });
        }
        let mut fold = vec![0; self.len()];
        let rows = self.by_class(folds, seed)?.concat();
        for (place, row) in rows.into_iter().enumerate() {
            fold[row] = place % folds;
        }
        Ok(Folds { data: self, fold, folds, next: 0 })
    }

    /// The shuffled rows of each class that there is, each with at least `least` rows.
    fn by_class(&self, least: usize, seed: u64) -> Result<Vec<Vec<usize>>, DataError> {
        let mut classes: Vec<Vec<usize>> = Vec::new();
        for (row, class) in self.targets().into_classes().into_iter().enumerate() {
            if classes.len() <= class {
                classes.resize_with(class + 1, Vec::new);
            }
            classes[class].push(row);
        }
        let few = |rows: &Vec<usize>| !rows.is_empty() && rows.len() < least;
        if let Some(class) = classes.iter().position(few) {
            return Err(DataError::FewRows { class, rows: classes[class].len(), least });
        }
        let single = classes.len().saturating_sub(1);
        classes.retain(|rows| !rows.is_empty());
        if classes.len() == 1 {
            return Err(DataError::OneClass { class: single });
        }
        for (class, rows) in classes.iter_mut().enumerate() {
            random::shuffle(rows, seed, class as u64);
        }
        Ok(classes)
    }
}

/// The stream of random numbers in which stratified parts are mixed.
const MIXING: u64 = u64::MAX;

/// Targets that are classes: [`Index`](crate::Index), a share for each class, or one yes-or-no answer.
#[diagnostic::on_unimplemented(
    message = "stratified parts need targets that are classes",
    note = "`Index<K>`, `[f32; K]` with a share for each class, or an `f32` of 0 or 1"
)]
pub trait IntoClasses {
    /// The class of every row.
    fn into_classes(self) -> Vec<usize>;
}

impl<T: Class> IntoClasses for &[T] {
    fn into_classes(self) -> Vec<usize> {
        self.iter().map(Class::class).collect()
    }
}

/// How many of each class make `total`: its share rounded down, one more for the greatest remainders, at least one, and
/// at least one left.
fn apportion(sizes: &[usize], total: usize) -> Vec<usize> {
    let rows: usize = sizes.iter().sum();
    let exact = |size: usize| size as f64 * total as f64 / rows as f64;
    let mut counts: Vec<usize> = sizes.iter().map(|&size| (exact(size) as usize).clamp(1, size - 1)).collect();
    while counts.iter().sum::<usize>() != total {
        let grow = counts.iter().sum::<usize>() < total;
        let behind = |class: usize| exact(sizes[class]) - counts[class] as f64;
        let can = |&class: &usize| if grow { counts[class] + 1 < sizes[class] } else { counts[class] > 1 };
        let order = |a: &usize, b: &usize| behind(*a).total_cmp(&behind(*b)).then(b.cmp(a));
        let classes = (0..sizes.len()).filter(can);
        let Some(class) = (if grow { classes.max_by(order) } else { classes.min_by(order) }) else { break };
        counts[class] = if grow { counts[class] + 1 } else { counts[class] - 1 };
    }
    counts
}

/// Pairs of a training and a validation part; [`Dataset::k_fold`] makes it. Each pair is copied when its turn comes.
#[derive(Debug)]
pub struct Folds<'a, X: Sample, Y: Sample> {
    data: &'a Dataset<X, Y>,
    /// The fold in which a row is validated.
    fold: Vec<usize>,
    folds: usize,
    next: usize,
}

impl<X: Sample, Y: Sample> Iterator for Folds<'_, X, Y> {
    type Item = (Dataset<X, Y>, Dataset<X, Y>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.next == self.folds {
            return None;
        }
        let rows = 0..self.data.len();
        let (validation, training): (Vec<usize>, Vec<usize>) = rows.partition(|&row| self.fold[row] == self.next);
        self.next += 1;
        Some((self.data.gathered(&training), self.data.gathered(&validation)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.folds - self.next;
        (left, Some(left))
    }
}

impl<X: Sample, Y: Sample> ExactSizeIterator for Folds<'_, X, Y> {}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apportioned_rows_add_up() {
        assert_eq!(apportion(&[50, 50, 50], 120), [40, 40, 40]);
        assert_eq!(apportion(&[5, 5, 5], 8), [3, 3, 2]);
        assert_eq!(apportion(&[97, 2, 2], 90), [88, 1, 1]);
        assert_eq!(apportion(&[98, 2], 3), [2, 1]);
    }
}
