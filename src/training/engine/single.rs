//! Steps on one thread, each gradient used as soon as it is there.

use graven_runtime::network::{RowsError, Trainable, TrainingMemory};
use graven_runtime::optimizer::{Moments, Optimizer};
use graven_runtime::plain::Zeroable;
use graven_runtime::sample::Sample;

use super::{Batch, Engine, Mode, Rows};
use crate::training::error::FitError;
use crate::training::evaluate::evaluate_in;
use crate::training::plan::{Data, MetersOf};
use crate::training::score::{Score, Tally};

/// One thread: forward, backward and update are one pass, and no gradient is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Single;

/// Memory of [`Single`].
pub struct Fused<N: Trainable, O: Optimizer, const B: usize> {
    memory: Box<N::Training<B>>,
    state: Box<O::State<N>>,
    batch: Batch<N>,
    seed: u64,
}

impl<N: Trainable, O: Optimizer, const B: usize> Mode<N, O, B> for Single {
    type Engine = Fused<N, O, B>;

    fn engine(&self, batch_size: usize, seed: u64) -> Result<Self::Engine, FitError> {
        let mut memory = N::Training::<B>::boxed();
        memory.reseed(seed);
        Ok(Fused { memory, state: O::State::<N>::boxed(), batch: Batch::new(batch_size.max(B)), seed })
    }

    fn check(&self, rows: usize) -> Result<(), FitError> {
        let capacity = B;
        if rows > capacity && N::BATCH_STATISTICS {
            return Err(RowsError::BatchStatistics { rows, capacity }.into());
        }
        if rows > capacity && (capacity == 0 || !O::OWNS_GRADIENT) {
            return Err(RowsError::TooManyRows { rows, capacity }.into());
        }
        Ok(())
    }

    fn name(&self, _batch_size: usize) -> String {
        format!("one thread, {B} rows at a time")
    }
}

impl<N: Trainable, O: Optimizer, const B: usize> Engine<N, O, B> for Fused<N, O, B> {
    fn step(&mut self, model: &mut N, optimizer: &O, rows: Rows<'_, N>, tally: &mut Tally) -> Result<f32, FitError> {
        let count = rows.count()?;
        self.batch.gather(&rows, count);
        let Batch { inputs, targets, outputs, .. } = &mut self.batch;
        let (inputs, targets) = match rows.positions {
            Some(_) => (N::Input::slices(inputs), N::Target::slices(targets)),
            None => (N::Input::shorter(rows.inputs), N::Target::shorter(rows.targets)),
        };
        let loss = {
            let mut places = N::Output::slices_mut(outputs);
            let places = N::Output::part_mut(&mut places, 0, count);
            model.train_rows::<B, O>(&mut self.memory, optimizer, &mut self.state, inputs, targets, places)?
        };
        self.batch.tally(&rows, count, loss, tally);
        Ok(loss)
    }

    fn resume(&mut self, step: u64) {
        self.memory.resume(self.seed, step);
    }

    fn steps(&self) -> u64 {
        self.memory.step()
    }

    fn measure(&self, rows: &Rows<'_, N>, meters: &mut MetersOf<'_, N>) -> usize {
        let count = rows.count().unwrap_or(0);
        let (outputs, targets) = self.batch.answers(rows, count);
        meters.update(outputs, targets);
        count
    }

    fn evaluate(&mut self, model: &N, data: &Data<N>, meters: &mut MetersOf<'_, N>) -> Result<Score, RowsError> {
        evaluate_in(model, &mut self.memory, &mut self.batch.outputs, data, meters)
    }

    fn moments(&mut self) -> Option<Moments<'_>> {
        O::moments::<N>(&mut self.state)
    }
}
