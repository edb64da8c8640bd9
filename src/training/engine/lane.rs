//! What one thread needs to compute parts of a step and to score batches.

use graven_runtime::Share;
use graven_runtime::batch::Batch as Scalars;
use graven_runtime::network::{Gradients, RowsError, Trainable};
use graven_runtime::plain::Zeroable;
use graven_runtime::sample::Sample;

use super::{Batch, Rows};
use crate::training::score::Tally;

/// What a thread has to itself.
pub(super) struct Lane<N: Trainable, const B: usize> {
    pub memory: Box<N::Training<B>>,
    /// Outputs of the last batch that it scored.
    pub outputs: <N::Output as Sample>::Rows,
    /// The score of each batch of an evaluation.
    pub scores: Vec<Tally>,
}

impl<N: Trainable, const B: usize> Lane<N, B> {
    pub fn new() -> Self {
        Self { memory: N::Training::<B>::boxed(), outputs: N::Output::zeros(B), scores: Vec::new() }
    }
}

/// What a part of a step contributes.
pub(super) struct Part<N: Trainable> {
    pub gradient: Box<N::Gradients>,
    /// New values of what is not trained, for a network with batch statistics.
    pub statistics: Vec<f32>,
    pub batch: Batch<N>,
    /// Rows of the last step; zero when it had no such part.
    pub rows: usize,
    pub first_row: usize,
    pub loss: Result<f32, RowsError>,
}

impl<N: Trainable> Part<N> {
    pub fn new(rows: usize) -> Self {
        Self {
            gradient: N::Gradients::boxed(),
            statistics: Vec::new(),
            batch: Batch::new(rows),
            rows: 0,
            first_row: 0,
            loss: Ok(0.0),
        }
    }

    /// Gradient, statistics, outputs and loss of this part of a step over `all` rows, `B` rows at a time.
    pub fn compute<const B: usize>(
        &mut self,
        model: &N,
        memory: &mut N::Training<B>,
        scalars: Scalars,
        all: &Rows<'_, N>,
    ) {
        let rows = all.part(self.first_row, self.rows);
        self.batch.gather(&rows, self.rows);
        if N::BATCH_STATISTICS {
            self.statistics.clear();
            self.statistics.extend_from_slice(model.values().get(N::PARAMETERS..).unwrap_or_default());
        }
        self.loss = (0..self.rows).step_by(B.max(1)).try_fold(0.0, |loss, start| {
            let count = B.min(self.rows - start);
            let scalars = Scalars { rows: count, first_row: self.first_row + start, ..scalars };
            Ok(loss + self.piece(model, memory, scalars, &rows, start)?)
        });
    }

    /// Some rows of a part, from `start` of the part on.
    fn piece<const B: usize>(
        &mut self,
        model: &N,
        memory: &mut N::Training<B>,
        scalars: Scalars,
        rows: &Rows<'_, N>,
        start: usize,
    ) -> Result<f32, RowsError> {
        let Batch { inputs, targets, outputs, .. } = &mut self.batch;
        let (inputs, targets) = match rows.positions {
            Some(_) => (N::Input::slices(inputs), N::Target::slices(targets)),
            None => (N::Input::shorter(rows.inputs), N::Target::shorter(rows.targets)),
        };
        let mut places = N::Output::slices_mut(outputs);
        let share = Share { gradient: self.gradient.as_mut_slice(), statistics: &mut self.statistics, add: start > 0 };
        model.share_rows::<B>(
            memory,
            scalars,
            N::Input::part(inputs, start, scalars.rows),
            N::Target::part(targets, start, scalars.rows),
            N::Output::part_mut(&mut places, start, scalars.rows),
            share,
        )
    }
}
