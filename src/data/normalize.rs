//! Transforms that need no fitting: rows of length one, classes as shares.

use graven_runtime::index::Index;
use graven_runtime::sample::Sample;
use serde::{Deserialize, Serialize};

use super::Dataset;

/// Divides every row of every tensor by its length; a row of zeros stays.
///
/// ```
/// use graven::data::Normalize;
///
/// let mut rows = [[3.0, 4.0], [0.0, 0.0]];
/// Normalize::Euclidean.apply_rows::<[f32; 2]>(&mut rows);
/// assert_eq!(rows, [[0.6, 0.8], [0.0, 0.0]]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Normalize {
    /// By the sum of the absolute values, so that positive rows add up to one.
    Sum,
    /// By the root of the sum of the squares.
    Euclidean,
    /// By the greatest absolute value.
    Greatest,
}

impl Normalize {
    /// Divides the inputs of a data set.
    pub fn apply<X: Sample, Y: Sample>(self, data: &mut Dataset<X, Y>) {
        self.apply_rows::<X>(X::slices_mut(&mut data.inputs));
    }

    /// Divides rows, for instance those to predict.
    pub fn apply_rows<X: Sample>(self, rows: X::SlicesMut<'_>) {
        X::visit_reals_mut(rows, &mut |values, width| {
            for row in values.chunks_mut(width.max(1)) {
                let length = self.length(row);
                if length > 0.0 {
                    row.iter_mut().for_each(|value| *value = (f64::from(*value) / length) as f32);
                }
            }
        });
    }

    fn length(self, row: &[f32]) -> f64 {
        let values = row.iter().map(|&value| f64::from(value));
        match self {
            Self::Sum => values.map(f64::abs).sum(),
            Self::Euclidean => values.map(|value| value * value).sum::<f64>().sqrt(),
            Self::Greatest => values.map(f64::abs).fold(0.0, f64::max),
        }
    }
}

/// One for the class of each row, zero for the others.
#[must_use]
pub fn one_hot<const K: usize>(classes: &[Index<K>]) -> Vec<[f32; K]> {
    smooth(classes, 0.0)
}

/// Shares for classes that may be wrong: `share` is divided among all classes, the class of the row gets the rest.
#[must_use]
pub fn smooth<const K: usize>(classes: &[Index<K>], share: f32) -> Vec<[f32; K]> {
    let row = |class: &Index<K>| {
        let mut row = [share / K as f32; K];
        row[class.get()] += 1.0 - share;
        row
    };
    classes.iter().map(row).collect()
}
