//! The run-time scalars of one call.

use crate::plain::Zeroable;

/// What a kernel may need to know about the rows it works on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Batch {
    /// Rows present.
    pub rows: usize,
    /// Position of the first of them in the whole batch; not zero in later micro-batches.
    pub first_row: usize,
    /// One over the rows of the whole batch.
    pub inverse_total: f32,
    /// Seed of everything random.
    pub seed: u64,
    /// Training steps taken before this one.
    pub step: u64,
}

/// Seed and step, kept in training memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Clock {
    /// Seed of everything random.
    pub seed: u64,
    /// Training steps taken.
    pub step: u64,
}

// SAFETY: two integers.
unsafe impl Zeroable for Clock {}
