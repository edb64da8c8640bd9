//! How to train: a builder that ends in [`Fit::run`].

use std::fmt::Debug;
use std::io::IsTerminal;

use graven_runtime::network::{RowsError, Trainable};
use graven_runtime::optimizer::{Adam, Optimizer};

use super::error::FitError;
use super::history::History;
use super::run::Run;
use crate::data::Dataset;

type Data<N> = Dataset<<N as graven_runtime::network::Network>::Input, <N as Trainable>::Target>;

/// A training run of a model with memory for `B` rows.
///
/// The defaults: Adam with its usual learning rate, one epoch, batches of `B` rows, shuffled every epoch by seed 0, a
/// progress bar when the standard error stream is a terminal. The last, shorter batch of an epoch is a step of its own.
#[must_use = "training starts with `run`"]
pub struct Fit<'a, N: Trainable, O, const B: usize> {
    model: &'a mut N,
    optimizer: O,
    plan: Plan<'a, N>,
}

/// Everything but the optimizer.
pub(super) struct Plan<'a, N: Trainable> {
    pub training: &'a Data<N>,
    pub validation: Option<&'a Data<N>>,
    pub epochs: usize,
    pub batch_size: usize,
    pub seed: u64,
    pub shuffle: bool,
    pub progress: bool,
    pub keep_best: bool,
    pub learning_rate: Option<Box<dyn FnMut(usize) -> f32 + 'a>>,
}

impl<'a, N: Trainable, const B: usize> Fit<'a, N, Adam, B> {
    /// A run with all defaults.
    pub fn new(model: &'a mut N, training: &'a Data<N>) -> Self {
        let plan = Plan {
            training,
            validation: None,
            epochs: 1,
            batch_size: B,
            seed: 0,
            shuffle: true,
            progress: std::io::stderr().is_terminal(),
            keep_best: false,
            learning_rate: None,
        };
        Self { model, optimizer: Adam::default(), plan }
    }
}

impl<'a, N: Trainable, O: Optimizer, const B: usize> Fit<'a, N, O, B> {
    /// What updates the weights; its moments start at zero.
    pub fn optimizer<P: Optimizer + Debug>(self, optimizer: P) -> Fit<'a, N, P, B> {
        Fit { model: self.model, optimizer, plan: self.plan }
    }

    /// How often all rows are seen.
    pub fn epochs(mut self, epochs: usize) -> Self {
        self.plan.epochs = epochs;
        self
    }

    /// Data to score the model on after every epoch; it is never trained on.
    pub fn validation(mut self, data: &'a Data<N>) -> Self {
        self.plan.validation = Some(data);
        self
    }

    /// What shuffling and everything random in the network draw from.
    pub fn seed(mut self, seed: u64) -> Self {
        self.plan.seed = seed;
        self
    }

    /// Whether the rows come in another order every epoch.
    pub fn shuffle(mut self, shuffle: bool) -> Self {
        self.plan.shuffle = shuffle;
        self
    }

    /// Rows of a step. More than `B` run `B` at a time, with an optimizer that owns a gradient (`Accumulate`,
    /// `GlobalNorm`) and a network without batch statistics.
    pub fn batch_size(mut self, rows: usize) -> Self {
        self.plan.batch_size = rows;
        self
    }

    /// Whether to show progress; even then nothing is written when the standard error stream is no terminal.
    pub fn progress(mut self, progress: bool) -> Self {
        self.plan.progress = progress;
        self
    }

    /// The learning rate of each epoch, given the number of epochs done: `|done| 1e-3 * 0.9f32.powi(done as i32)`.
    pub fn learning_rate(mut self, schedule: impl FnMut(usize) -> f32 + 'a) -> Self {
        self.plan.learning_rate = Some(Box::new(schedule));
        self
    }

    /// Whether the model ends with the weights of the epoch with the least validation loss instead of the last.
    pub fn keep_best(mut self, keep_best: bool) -> Self {
        self.plan.keep_best = keep_best;
        self
    }
}

impl<N: Trainable, O: Optimizer + Debug, const B: usize> Fit<'_, N, O, B> {
    /// Trains.
    ///
    /// # Errors
    /// Settings that cannot work, before anything is changed; a loss or weight that is no longer finite, with the model
    /// back at the last good weights.
    pub fn run(self) -> Result<History, FitError> {
        self.check()?;
        Run::<N, O, B>::new(self.model, self.optimizer, self.plan).run()
    }

    fn check(&self) -> Result<(), FitError> {
        let (rows, capacity) = (self.plan.batch_size, B);
        if rows == 0 {
            return Err(FitError::EmptyBatch);
        }
        if rows > capacity && N::BATCH_STATISTICS {
            return Err(RowsError::BatchStatistics { rows, capacity }.into());
        }
        if rows > capacity && (capacity == 0 || !O::OWNS_GRADIENT) {
            return Err(RowsError::TooManyRows { rows, capacity }.into());
        }
        if self.plan.keep_best && self.plan.validation.is_none() {
            return Err(FitError::NoValidation);
        }
        if let Some(validation) = self.plan.validation {
            validation.check_unseen()?;
        }
        Ok(())
    }
}
