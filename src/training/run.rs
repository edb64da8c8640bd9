//! The training loop: epochs of steps, with all memory taken once before the first.

use std::fmt::Debug;
use std::time::Instant;

use graven_runtime::network::{Trainable, TrainingMemory};
use graven_runtime::optimizer::Optimizer;
use graven_runtime::plain::Zeroable;
use graven_runtime::sample::Sample;

use super::error::{FitError, Quantity};
use super::evaluate::evaluate_in;
use super::fit::Plan;
use super::history::{Epoch, History};
use super::metrics::{Score, Tally};
use super::progress::Progress;
use super::snapshot::{LastGood, Snapshot};
use crate::random;

pub(super) struct Run<'a, N: Trainable, O: Optimizer, const B: usize> {
    model: &'a mut N,
    optimizer: O,
    plan: Plan<'a, N>,
    memory: Box<N::Training<B>>,
    state: Box<O::State<N>>,
    batch: Batch<N>,
    order: Vec<usize>,
    good: LastGood,
    best: Option<(Epoch, Snapshot)>,
    progress: Progress,
}

/// The rows of one step, gathered.
struct Batch<N: Trainable> {
    inputs: <N::Input as Sample>::Rows,
    targets: <N::Target as Sample>::Rows,
    outputs: <N::Output as Sample>::Rows,
}

impl<'a, N: Trainable, O: Optimizer + Debug, const B: usize> Run<'a, N, O, B> {
    pub(super) fn new(model: &'a mut N, optimizer: O, plan: Plan<'a, N>) -> Self {
        let rows = plan.training.len();
        let outputs = plan.batch_size.min(rows).max(B);
        let mut memory = N::Training::<B>::boxed();
        memory.reseed(plan.seed);
        Self {
            memory,
            state: O::State::<N>::boxed(),
            batch: Batch {
                inputs: N::Input::zeros(0),
                targets: N::Target::zeros(0),
                outputs: N::Output::zeros(outputs),
            },
            order: (0..rows).collect(),
            good: LastGood::new(model),
            best: None,
            progress: Progress::new(plan.progress, plan.epochs, rows.div_ceil(plan.batch_size)),
            model,
            optimizer,
            plan,
        }
    }

    pub(super) fn run(mut self) -> Result<History, FitError> {
        let mut history = History {
            network: N::NAME.to_owned(),
            optimizer: format!("{:?}", self.optimizer),
            seed: self.plan.seed,
            rows: self.plan.training.len(),
            batch_size: self.plan.batch_size,
            epochs: Vec::with_capacity(self.plan.epochs),
            kept: None,
        };
        for done in 0..self.plan.epochs {
            let epoch = self.epoch(done)?;
            history.epochs.push(epoch);
        }
        history.kept = self.keep_best(self.plan.epochs);
        Ok(history)
    }

    fn epoch(&mut self, done: usize) -> Result<Epoch, FitError> {
        let start = Instant::now();
        let number = done + 1;
        if let Some(schedule) = &mut self.plan.learning_rate {
            self.optimizer.set_learning_rate(schedule(done));
        }
        self.progress.begin(number);
        let training = self.train(number)?;
        let validation = self.validate(number)?;
        let learning_rate = self.optimizer.learning_rate();
        let epoch = Epoch { number, training, validation, learning_rate, seconds: start.elapsed().as_secs_f64() };
        self.remember(epoch);
        self.progress.end(&epoch);
        Ok(epoch)
    }

    /// A step for each batch of the training data.
    fn train(&mut self, epoch: usize) -> Result<Score, FitError> {
        if self.plan.shuffle {
            self.order.sort_unstable();
            random::shuffle(&mut self.order, self.plan.seed, epoch as u64);
        }
        let mut tally = Tally::default();
        let rows = self.order.len();
        for (number, start) in (0..rows).step_by(self.plan.batch_size).enumerate() {
            let end = rows.min(start.saturating_add(self.plan.batch_size));
            let loss = self.step(start, end, &mut tally)?;
            if !loss.is_finite() {
                return Err(self.diverged(Quantity::Loss, loss, epoch, number + 1));
            }
            self.good.step(self.model);
            self.progress.step(|| tally.score());
        }
        match self.good.propose(self.model) {
            Some(value) => Err(self.diverged(Quantity::Weight, value, epoch, self.steps())),
            None => Ok(tally.score()),
        }
    }

    fn step(&mut self, start: usize, end: usize, tally: &mut Tally) -> Result<f32, FitError> {
        let Batch { inputs, targets, outputs } = &mut self.batch;
        let data = self.plan.training;
        let positions = &self.order[start..end];
        N::Input::gather(data.inputs(), positions, inputs);
        N::Target::gather(data.targets(), positions, targets);
        let (inputs, targets) = (N::Input::slices(inputs), N::Target::slices(targets));
        let (memory, state) = (&mut *self.memory, &mut *self.state);
        let loss = {
            let mut places = N::Output::slices_mut(outputs);
            let places = N::Output::part_mut(&mut places, 0, positions.len());
            self.model.train_rows::<B, O>(memory, &self.optimizer, state, inputs, targets, places)?
        };
        let outputs = N::Output::part(N::Output::slices(outputs), 0, positions.len());
        tally.add::<N>(loss, positions.len(), outputs, targets);
        Ok(loss)
    }

    fn validate(&mut self, epoch: usize) -> Result<Option<Score>, FitError> {
        let Some(data) = self.plan.validation else { return Ok(None) };
        let score = evaluate_in::<N, B>(self.model, &mut self.memory, &mut self.batch.outputs, data)?;
        if !score.loss.is_finite() {
            return Err(self.diverged(Quantity::ValidationLoss, score.loss, epoch, self.steps()));
        }
        self.good.confirm();
        Ok(Some(score))
    }

    fn steps(&self) -> usize {
        self.order.len().div_ceil(self.plan.batch_size)
    }

    fn diverged(&mut self, quantity: Quantity, value: f32, epoch: usize, step: usize) -> FitError {
        self.good.restore(self.model);
        FitError::Diverged { quantity, value, epoch, step }
    }

    /// Copies the weights of the best epoch so far.
    fn remember(&mut self, epoch: Epoch) {
        if !self.plan.keep_best {
            return;
        }
        match &mut self.best {
            Some((best, _)) if best.judged() <= epoch.judged() => {}
            Some((best, weights)) => {
                *best = epoch;
                weights.take(self.model);
            }
            None => self.best = Some((epoch, Snapshot::of(self.model))),
        }
    }

    /// The number of the best epoch, when it is not the last.
    fn keep_best(&mut self, last: usize) -> Option<usize> {
        let (best, weights) = self.best.as_ref().filter(|(best, _)| best.number != last)?;
        weights.restore(self.model);
        Some(best.number)
    }
}
