//! Which rows a data set has, so that rows that a transform was fitted on are known again after any split.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use thiserror::Error;

/// A row of validation data that a transform of it was fitted on.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "row {row} of the validation data was among the {fitted} rows that its scaling was fitted on; fit on the training \
     part only"
)]
pub struct Leak {
    /// The row of the validation data.
    pub row: usize,
    /// Rows that the transform was fitted on.
    pub fitted: usize,
}

/// Rows of one data set as it was made at first.
#[derive(Clone, Debug)]
pub(super) struct RowSet {
    origin: u64,
    /// Their numbers there; all of them where there is no list.
    rows: Option<Arc<[usize]>>,
}

/// The identity of a data set's rows, and what was fitted before it was transformed.
#[derive(Clone, Debug)]
pub(super) struct Lineage {
    own: RowSet,
    fitted: Vec<Arc<Fitted>>,
}

/// The rows that a transform was fitted on.
#[derive(Debug)]
pub(super) struct Fitted {
    origin: u64,
    /// Their sorted numbers; all of them where there is no list.
    rows: Option<Vec<usize>>,
    count: usize,
}

impl Lineage {
    /// Rows that never were anywhere else.
    pub(super) fn new() -> Self {
        static ORIGINS: AtomicU64 = AtomicU64::new(0);
        let origin = ORIGINS.fetch_add(1, Ordering::Relaxed);
        Self { own: RowSet { origin, rows: None }, fitted: Vec::new() }
    }

    /// The rows at some positions.
    pub(super) fn select(&self, positions: &[usize]) -> Self {
        let rows = positions.iter().map(|&position| self.own.number(position)).collect();
        Self { own: RowSet { origin: self.own.origin, rows: Some(rows) }, fitted: self.fitted.clone() }
    }

    /// What a transform that is fitted on all rows remembers.
    pub(super) fn fit(&self, count: usize) -> Arc<Fitted> {
        let rows = self.own.rows.as_ref().map(|rows| {
            let mut rows = rows.to_vec();
            rows.sort_unstable();
            rows
        });
        Arc::new(Fitted { origin: self.own.origin, rows, count })
    }

    /// A transform was applied.
    pub(super) fn transformed(&mut self, by: &Arc<Fitted>) {
        if !self.fitted.iter().any(|known| Arc::ptr_eq(known, by)) {
            self.fitted.push(Arc::clone(by));
        }
    }

    /// The first of `count` rows that a transform was fitted on.
    pub(super) fn leak(&self, count: usize) -> Option<Leak> {
        self.fitted.iter().find_map(|fitted| {
            let row = (0..count).find(|&row| fitted.contains(self.own.origin, self.own.number(row)))?;
            Some(Leak { row, fitted: fitted.count })
        })
    }
}

impl RowSet {
    fn number(&self, position: usize) -> usize {
        match &self.rows {
            Some(rows) => rows.get(position).copied().unwrap_or(usize::MAX),
            None => position,
        }
    }
}

impl Fitted {
    fn contains(&self, origin: u64, row: usize) -> bool {
        self.origin == origin && self.rows.as_ref().is_none_or(|rows| rows.binary_search(&row).is_ok())
    }
}
