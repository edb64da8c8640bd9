//! The parts of a batch: they follow from its rows and from settings, never from the number of threads.

use std::ops::Range;

/// Rows that a part has at least, unless the parts are counted by the user: each further part writes and reads another
/// whole gradient.
const FEWEST_ROWS: usize = 32;
/// Parts that a batch has at most, unless the parts are counted by the user.
const MOST_PARTS: usize = 8;
/// Rows from which a batch has two parts nevertheless.
const DIVIDED: usize = 32;

/// How batches are divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split {
    /// Parts of a whole batch.
    pub parts: usize,
    /// Rows of a part of a whole batch, rounded up.
    nominal: usize,
}

impl Split {
    /// For batches of `batch_size` rows, into `parts` if that is given.
    pub fn new(batch_size: usize, parts: Option<usize>) -> Self {
        let most = (batch_size / FEWEST_ROWS).clamp(if batch_size < DIVIDED { 1 } else { 2 }, MOST_PARTS);
        let parts = parts.unwrap_or(1 << most.ilog2()).clamp(1, batch_size.max(1));
        Self { parts, nominal: batch_size.div_ceil(parts).max(1) }
    }

    /// Rows that the longest part of a whole batch has.
    pub fn longest(self) -> usize {
        self.nominal
    }

    /// The parts of `rows` rows: a short batch has fewer of about the same length.
    pub fn of(self, rows: usize) -> impl Iterator<Item = Range<usize>> {
        let parts = rows.div_ceil(self.nominal).clamp(1, self.parts);
        (0..parts).map(move |part| part * rows / parts..(part + 1) * rows / parts)
    }
}

/// The share of `count` things that one of `workers` has.
pub fn share(count: usize, worker: usize, workers: usize) -> Range<usize> {
    worker * count / workers..(worker + 1) * count / workers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_numbers_of_parts() {
        let parts = [1, 16, 31, 32, 63, 64, 128, 1000].map(|rows| Split::new(rows, None).parts);
        assert_eq!(parts, [1, 1, 1, 2, 2, 2, 4, 8]);
        assert_eq!(Split::new(32, Some(5)).parts, 5);
        assert_eq!(Split::new(3, Some(5)).parts, 3);
    }

    #[test]
    fn parts_are_all_rows_in_order() {
        for batch in 1..70 {
            for parts in [None, Some(1), Some(3), Some(8)] {
                let split = Split::new(batch, parts);
                for rows in 1..=2 * batch {
                    let all: Vec<_> = split.of(rows).collect();
                    assert!(all.len() <= split.parts && all.iter().all(|part| !part.is_empty()));
                    assert_eq!((all[0].start, all[all.len() - 1].end), (0, rows));
                    assert!(all.windows(2).all(|pair| pair[0].end == pair[1].start));
                    assert!(rows > batch || all.iter().all(|part| part.len() <= split.longest()));
                }
            }
        }
    }
}
