//! How to train: a builder that ends in [`Fit::run`].

use std::fmt::Debug;
use std::io::IsTerminal;
use std::path::PathBuf;

use graven_runtime::network::Trainable;
use graven_runtime::optimizer::{Accumulate, Adam, Groups, Optimizer, Rates};

use super::average::Average;
use super::callback::{Answer, Callback, OnEpoch, OnStep, StepReport};
use super::checkpoint::Checkpoints;
use super::early::EarlyStopping;
use super::engine::{Mode, Parallel, Ranks, Single};
use super::error::FitError;
use super::group::Group;
use super::history::{Epoch, History};
use super::plan::{Data, Plan, Rate};
use super::schedule::Schedule;
use super::trainer::Trainer;
use crate::metrics::{Meters, MetricOf};
use crate::report::Log;

/// A training run of a model with memory for `B` rows.
///
/// The defaults: Adam with its usual learning rate, one epoch, batches of `B` rows, shuffled every epoch by seed 0, one
/// thread, a progress bar when the standard error stream is a terminal. The last, shorter batch of an epoch is a step of
/// its own.
#[must_use = "training starts with `run`"]
pub struct Fit<'a, N: Trainable, O, const B: usize, M = Single> {
    model: &'a mut N,
    optimizer: O,
    plan: Plan<'a, N>,
    mode: M,
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
            rate: Rate::Kept,
            early: None,
            average: None,
            checkpoints: None,
            resume: None,
            callbacks: Vec::new(),
            metrics: Meters::new(),
            logs: Vec::new(),
        };
        Self { model, optimizer: Adam::default(), plan, mode: Single }
    }
}

impl<'a, N: Trainable, O: Optimizer, const B: usize, M> Fit<'a, N, O, B, M> {
    /// What updates the weights; its moments start at zero.
    pub fn optimizer<P: Optimizer + Debug>(self, optimizer: P) -> Fit<'a, N, P, B, M> {
        Fit { model: self.model, optimizer, plan: self.plan, mode: self.mode }
    }

    /// Learning rates of tensors by their names: `[("encoder.*", 0.0), ("*.bias", 2.0)]`. The last pattern that fits
    /// decides; its factor multiplies the learning rate, and zero freezes the tensor. It follows `optimizer`.
    pub fn rates<R: Rates>(self, rates: R) -> Fit<'a, N, Groups<O, R>, B, M> {
        let optimizer = Groups::new(self.optimizer, rates);
        Fit { model: self.model, optimizer, plan: self.plan, mode: self.mode }
    }

    /// Sums the gradients of `batches` times `B` rows before each step. It follows `optimizer` and `rates`.
    pub fn accumulate(self, batches: usize) -> Fit<'a, N, Accumulate<O>, B, M> {
        let optimizer = Accumulate::new(self.optimizer);
        Fit { model: self.model, optimizer, plan: self.plan, mode: self.mode }.batch_size(B.saturating_mul(batches))
    }

    /// Computes each step on that many threads.
    ///
    /// A batch of 32 rows or more is divided into parts, by default two to eight; the gradient of each is
    /// computed by itself, and all are summed in a fixed order. Parts do not depend on the number of threads: one thread
    /// and eight give the same bits. More threads than parts have nothing to do. Any optimizer takes batches of more
    /// than `B` rows.
    ///
    /// A network with batch statistics uses those of each part, as a run on several machines does; its running
    /// statistics move by the mean over all parts.
    pub fn threads(self, threads: usize) -> Fit<'a, N, O, B, Parallel> {
        let mode = Parallel { threads, parts: None };
        Fit { model: self.model, optimizer: self.optimizer, plan: self.plan, mode }
    }
}

impl<'a, N: Trainable, O, const B: usize, M: Into<Parallel>> Fit<'a, N, O, B, M> {
    /// Computes each step in all processes of a group, each on its share of the batch's parts and on as many threads as
    /// `threads` said before.
    ///
    /// All processes make the same calls on the same data. They end with the same weights, and with the bits of one
    /// process: parts do not depend on the number of processes either. More processes than parts have nothing to do.
    /// Process 0 alone calls callbacks, shows progress and writes checkpoints; all go on from the same one.
    pub fn ranks<G: Group>(self, group: G) -> Fit<'a, N, O, B, Ranks<G>> {
        let mode = Ranks { group, within: self.mode.into() };
        Fit { model: self.model, optimizer: self.optimizer, plan: self.plan, mode }
    }
}

impl<N: Trainable, O, const B: usize, M: AsMut<Parallel>> Fit<'_, N, O, B, M> {
    /// Into how many parts each batch is divided; other numbers give other bits.
    pub fn parts(mut self, parts: usize) -> Self {
        self.mode.as_mut().parts = Some(parts);
        self
    }
}

impl<'a, N: Trainable, O, const B: usize, M> Fit<'a, N, O, B, M> {
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
    /// `GlobalNorm`, `Lamb`) or with `threads`, and a network without batch statistics.
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
    pub fn learning_rate(mut self, rate: impl FnMut(usize) -> f32 + 'a) -> Self {
        self.plan.rate = Rate::Epochs(Box::new(rate));
        self
    }

    /// The learning rate of each step: one of [`super::schedule`], or several put together.
    pub fn schedule(mut self, schedule: impl Schedule + 'a) -> Self {
        self.plan.rate = Rate::Schedule(Box::new(schedule));
        self
    }

    /// Whether the model ends with the weights of the epoch with the least validation loss instead of the last.
    pub fn keep_best(mut self, keep_best: bool) -> Self {
        self.plan.keep_best = keep_best;
        self
    }

    /// When to end before the last epoch.
    pub fn early_stopping(mut self, early: EarlyStopping) -> Self {
        self.plan.early = Some(early);
        self
    }

    /// Averages the weights over steps: `a ← decay·a + (1 − decay)·w`, from the first weights on. Validation scores, the
    /// best epoch and the model at the end are those of the average; running statistics are not averaged.
    pub fn average(mut self, decay: f32) -> Self {
        self.plan.average = Some(Average::new(decay));
        self
    }

    /// A metric to measure in every epoch, on the training data while training and on the validation data; several are
    /// added one after another. A reference leaves it to the caller, with what it saw last.
    ///
    /// ```
    /// # use graven::prelude::*;
    /// use graven::metrics::{Average, F1};
    ///
    /// # graven::network! {
    /// #     struct Flowers;
    /// #     fn forward(x: [2]) -> [3] { dense(x, 3) }
    /// #     fn loss(logits, label: index<3>) { cross_entropy(logits, label) }
    /// # }
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let data: Dataset<[f32; 2], Index<3>> = Dataset::new(vec![[1.0, 2.0]; 6], vec![0u8, 1, 2, 0, 1, 2])?;
    /// # let mut model = Flowers::new(1);
    /// let mut confusion = Confusion::default();
    /// let fit = model.fit::<2>(&data).validation(&data).metric(F1::classes(Average::Macro)).metric(&mut confusion);
    /// let history = fit.epochs(3).run()?;
    /// assert_eq!(history.metric("validation_f1_macro").len(), 3);
    /// println!("{confusion}");
    /// # Ok(())
    /// # }
    /// ```
    pub fn metric(mut self, metric: impl MetricOf<N::Output, N::Target> + 'a) -> Self {
        self.plan.metrics.push(metric);
        self
    }

    /// Where to write every epoch with its metrics: `CsvLog::create("log.csv")?`, a [`crate::report::JsonLines`], a
    /// [`crate::report::TensorBoard`], or a log of one's own. Metrics of the validation data have `validation_` before
    /// their names.
    pub fn log(mut self, log: impl Log + 'a) -> Self {
        self.plan.logs.push(Box::new(log));
        self
    }

    /// Something to call at the events of the run; several are called in the order given.
    pub fn callback(mut self, callback: impl Callback<N> + 'a) -> Self {
        self.plan.callbacks.push(Box::new(callback));
        self
    }

    /// A closure to call after each step; it answers nothing, a [`super::Flow`], or a result of either.
    pub fn on_step<A: Answer>(self, run: impl FnMut(&StepReport, &N) -> A + 'a) -> Self {
        self.callback(OnStep(run))
    }

    /// A closure to call after each epoch; it answers nothing, a [`super::Flow`], or a result of either.
    pub fn on_epoch<A: Answer>(self, run: impl FnMut(&Epoch, &N) -> A + 'a) -> Self {
        self.callback(OnEpoch(run))
    }

    /// Where and how often to write checkpoints.
    pub fn checkpoints(mut self, checkpoints: Checkpoints) -> Self {
        self.plan.checkpoints = Some(checkpoints);
        self
    }

    /// Goes on from a checkpoint file, or from the last one of a folder; from the start where there is none yet.
    ///
    /// All other settings have to be those of the run that wrote it, but for the number of epochs and of threads. The
    /// learning rates of a closure are asked for anew.
    pub fn resume(mut self, path: impl Into<PathBuf>) -> Self {
        self.plan.resume = Some(path.into());
        self
    }
}

impl<'a, N: Trainable, O: Optimizer + Debug, const B: usize, M: Mode<N, O, B>> Fit<'a, N, O, B, M> {
    /// Trains.
    ///
    /// # Errors
    /// Settings that cannot work, before anything is changed; a loss or weight that is no longer finite, with the model
    /// back at the last good weights; a callback or a checkpoint that fails.
    pub fn run(self) -> Result<History, FitError> {
        self.trainer()?.run()
    }

    /// The run, to be gone through step by step or epoch by epoch.
    ///
    /// # Errors
    /// Settings that cannot work, or a checkpoint that is not one to go on from.
    pub fn trainer(self) -> Result<Trainer<'a, N, O, B, M>, FitError> {
        self.check()?;
        Trainer::new(self.model, self.optimizer, self.plan, &self.mode)
    }

    fn check(&self) -> Result<(), FitError> {
        if self.plan.batch_size == 0 {
            return Err(FitError::EmptyBatch);
        }
        self.mode.check(self.plan.batch_size)?;
        let best = self.plan.keep_best || self.plan.early.is_some_and(|early| early.restore_best);
        if best && self.plan.validation.is_none() {
            return Err(FitError::NoValidation);
        }
        if let Some(validation) = self.plan.validation {
            validation.check_unseen()?;
        }
        Ok(())
    }
}
