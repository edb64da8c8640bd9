//! Rows on their way from one thread to another.

use graven_runtime::sample::Sample;

/// Rows of inputs and as many targets.
pub(super) struct Block<X: Sample, Y: Sample> {
    pub inputs: X::Rows,
    pub targets: Y::Rows,
    pub rows: usize,
}

impl<X: Sample, Y: Sample> Block<X, Y> {
    pub(super) fn new() -> Self {
        Self { inputs: X::zeros(0), targets: Y::zeros(0), rows: 0 }
    }

    pub(super) fn clear(&mut self) {
        X::clear(&mut self.inputs);
        Y::clear(&mut self.targets);
        self.rows = 0;
    }

    pub(super) fn push(&mut self, (input, target): (X, Y)) {
        X::push(&mut self.inputs, input);
        Y::push(&mut self.targets, target);
        self.rows += 1;
    }

    /// Appends rows of another block, as many as there are from `start` on up to `count`; gives their number.
    pub(super) fn extend(&mut self, other: &Self, start: usize, count: usize) -> usize {
        let count = count.min(other.rows - start);
        let (inputs, targets) = other.part(start, count);
        X::extend(&mut self.inputs, inputs);
        Y::extend(&mut self.targets, targets);
        self.rows += count;
        count
    }

    pub(super) fn part(&self, start: usize, count: usize) -> (X::Slices<'_>, Y::Slices<'_>) {
        (X::part(X::slices(&self.inputs), start, count), Y::part(Y::slices(&self.targets), start, count))
    }
}
