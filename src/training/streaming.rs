//! Models on sources of batches: scores, and epochs of steps in a loop of one's own.

use graven_runtime::network::{RowsError, Trainable};
use graven_runtime::optimizer::Optimizer;
use graven_runtime::plain::Zeroable;
use graven_runtime::sample::Sample;
use thiserror::Error;

use super::score::{Score, Tally};
use crate::data::{DataError, Source};
use crate::metrics::MetricOf;

/// Why a pass over a source did not finish.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SourceError {
    /// The source's fault.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A batch that the network does not take.
    #[error(transparent)]
    Rows(#[from] RowsError),
    /// The loss of a training step is no finite number; the weights are those after that step.
    #[error("the loss is {value} at epoch {epoch}, step {step}")]
    Diverged {
        /// The loss.
        value: f32,
        /// The epoch.
        epoch: u64,
        /// The step in its epoch, counted from one.
        step: usize,
    },
}

/// Loss, accuracy and any metrics, which are reset first, over epoch 0 of a source; in inference mode, `B` rows at a
/// time.
///
/// # Errors
/// A source that fails, or a `B` of zero.
pub fn evaluate_source<N: Trainable, const B: usize>(
    model: &N,
    source: &mut impl Source<N::Input, N::Target>,
    metrics: &mut [&mut dyn MetricOf<N::Output, N::Target>],
) -> Result<Score, SourceError> {
    if B == 0 {
        return Err(RowsError::TooManyRows { rows: source.rows().unwrap_or(1), capacity: 0 }.into());
    }
    metrics.iter_mut().for_each(|metric| metric.reset());
    let mut memory = N::Training::<B>::boxed();
    let mut outputs = N::Output::zeros(B);
    let mut tally = Tally::default();
    source.begin(0)?;
    while let Some(batch) = source.next(B)? {
        let loss = {
            let mut places = N::Output::slices_mut(&mut outputs);
            let places = N::Output::part_mut(&mut places, 0, batch.rows);
            model.evaluate_rows::<B>(&mut memory, batch.inputs, batch.targets, places)?
        };
        let outputs = N::Output::part(N::Output::slices(&outputs), 0, batch.rows);
        tally.add::<N>(loss, batch.rows, outputs, batch.targets);
        metrics.iter_mut().for_each(|metric| metric.update(outputs, batch.targets));
    }
    Ok(tally.score())
}

/// What changes while a network is trained on a source, besides the network.
pub struct SourceTrainer<N: Trainable, O: Optimizer, const B: usize> {
    memory: Box<N::Training<B>>,
    optimizer: O,
    state: Box<O::State<N>>,
    outputs: <N::Output as Sample>::Rows,
}

impl<N: Trainable, O: Optimizer, const B: usize> SourceTrainer<N, O, B> {
    /// Moments of zero; everything random in the network draws from `seed`.
    pub fn new(optimizer: O, seed: u64) -> Self {
        use graven_runtime::network::TrainingMemory;
        let mut memory = N::Training::<B>::boxed();
        memory.reseed(seed);
        Self { memory, optimizer, state: O::State::<N>::boxed(), outputs: N::Output::zeros(B) }
    }

    /// The optimizer, for instance to change its learning rate.
    pub fn optimizer(&mut self) -> &mut O {
        &mut self.optimizer
    }

    /// A step for each batch of `B` rows of an epoch; the score is that while training.
    ///
    /// # Errors
    /// A source that fails, a `B` of zero, a loss that is not finite. Steps before the fault stay done.
    pub fn epoch(
        &mut self,
        model: &mut N,
        source: &mut impl Source<N::Input, N::Target>,
        epoch: u64,
    ) -> Result<Score, SourceError> {
        let mut tally = Tally::default();
        let mut step = 0;
        source.begin(epoch)?;
        while let Some(batch) = source.next(B)? {
            step += 1;
            let loss = {
                let mut places = N::Output::slices_mut(&mut self.outputs);
                let places = N::Output::part_mut(&mut places, 0, batch.rows);
                let (memory, state) = (&mut *self.memory, &mut *self.state);
                model.train_rows::<B, O>(memory, &self.optimizer, state, batch.inputs, batch.targets, places)?
            };
            if !loss.is_finite() {
                return Err(SourceError::Diverged { value: loss, epoch, step });
            }
            let outputs = N::Output::part(N::Output::slices(&self.outputs), 0, batch.rows);
            tally.add::<N>(loss, batch.rows, outputs, batch.targets);
        }
        Ok(tally.score())
    }
}
