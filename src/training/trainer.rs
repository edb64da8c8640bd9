//! A run of training: its steps, its epochs, and what happens between them.

mod best;
mod scoring;
mod state;

use std::fmt::Debug;
use std::path::Path;
use std::time::Instant;

use graven_runtime::network::Trainable;
use graven_runtime::optimizer::Optimizer;
use graven_runtime::sample::Sample;

use super::callback::{BoxError, Callback, CallbackError, Flow, StepReport};
use super::checkpoint::{self, Checkpoints};
use super::engine::{Engine, Mode, Rows, Single};
use super::error::{FitError, Quantity};
use super::history::{Epoch, EpochMetrics, History};
use super::plan::{Plan, Rate};
use super::progress::Progress;
use super::schedule::Moment;
use super::score::Tally;
use super::snapshot::{LastGood, Snapshot};
use crate::random;

/// A run that goes on step by step, for loops of one's own; [`super::Fit::trainer`] starts it.
///
/// Epochs of the training data and steps on any other rows may be mixed. What [`super::Fit`] is told holds for both.
///
/// ```
/// # use graven::prelude::*;
/// # graven::network! {
/// #     struct Line;
/// #     fn forward(x: [2]) -> [1] { dense(x, 1) }
/// #     fn loss(y, target: [1]) { mse(y, target) }
/// # }
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let data: Dataset<[f32; 2], [f32; 1]> = Dataset::new(vec![[1.0, 2.0], [3.0, 4.0]], vec![[5.0], [6.0]])?;
/// let mut model = Line::new(1);
/// let mut trainer = model.fit::<2>(&data).optimizer(Sgd::new(1e-3)).epochs(3).trainer()?;
/// while !trainer.is_done() {
///     let epoch = trainer.epoch()?;
///     println!("{epoch}");
/// }
/// let loss = trainer.step(&[[0.5, 0.5]], &[[1.0]])?;
/// assert!(loss.is_finite());
/// let history = trainer.finish()?;
/// assert_eq!(history.epochs.len(), 3);
/// # Ok(())
/// # }
/// ```
pub struct Trainer<'a, N: Trainable, O: Optimizer, const B: usize, M: Mode<N, O, B> = Single> {
    model: &'a mut N,
    optimizer: O,
    plan: Plan<'a, N>,
    engine: M::Engine,
    /// What decides the bits of a step.
    engine_name: String,
    order: Vec<usize>,
    /// Steps done of the epoch that is not done.
    step: usize,
    /// The score of those steps.
    tally: Tally,
    /// Rows of those steps that the metrics have seen.
    measured: u64,
    /// Seconds of the epoch before it was gone on with from a checkpoint.
    seconds: f64,
    /// When the epoch was begun or gone on with.
    since: Option<Instant>,
    stopped: bool,
    /// What the checkpoint that the run went on from has of the logs, until they are told.
    places: Option<Vec<Vec<u8>>>,
    /// Whether callbacks know of the start.
    started: bool,
    history: History,
    good: LastGood,
    best: Option<(Epoch, Snapshot)>,
    progress: Progress,
}

impl<'a, N: Trainable, O: Optimizer + Debug, const B: usize, M: Mode<N, O, B>> Trainer<'a, N, O, B, M> {
    pub(super) fn new(model: &'a mut N, optimizer: O, mut plan: Plan<'a, N>, mode: &M) -> Result<Self, FitError> {
        let engine = mode.engine(plan.batch_size, plan.seed)?;
        let shown = plan.progress && engine.leads();
        let history = History {
            network: N::NAME.to_owned(),
            optimizer: format!("{optimizer:?}"),
            seed: plan.seed,
            rows: plan.training.len(),
            batch_size: plan.batch_size,
            epochs: Vec::with_capacity(plan.epochs),
            metrics: Vec::new(),
            kept: None,
            stopped: false,
        };
        if let Some(average) = &mut plan.average {
            average.start(model);
        }
        let mut trainer = Self {
            engine,
            engine_name: mode.name(plan.batch_size),
            order: (0..plan.training.len()).collect(),
            step: 0,
            tally: Tally::default(),
            measured: 0,
            seconds: 0.0,
            since: None,
            stopped: false,
            places: None,
            started: false,
            history,
            good: LastGood::new(model),
            best: None,
            progress: Progress::new(shown, plan.epochs, plan.steps()),
            model,
            optimizer,
            plan,
        };
        let resumed = trainer.resume_last();
        trainer.engine.agree(resumed.map(|()| false))?;
        trainer.engine.compare(|| trainer.start_hash())?;
        Ok(trainer)
    }

    /// Goes on from the last checkpoint of the settings, where there is one.
    fn resume_last(&mut self) -> Result<(), FitError> {
        match self.plan.resume.take() {
            Some(path) => checkpoint::last(&path)?.map_or(Ok(()), |path| self.load(&path)),
            None => Ok(()),
        }
    }

    /// The model, with the weights of the last step.
    #[must_use]
    pub fn model(&self) -> &N {
        self.model
    }

    /// The optimizer.
    #[must_use]
    pub fn optimizer(&self) -> &O {
        &self.optimizer
    }

    /// The optimizer, whose hyperparameters may change between steps; a schedule sets the learning rate before each.
    pub fn optimizer_mut(&mut self) -> &mut O {
        &mut self.optimizer
    }

    /// Steps done in all.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.engine.steps()
    }

    /// The report so far.
    #[must_use]
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Whether all epochs are done, or training was ended before.
    #[must_use]
    pub fn is_done(&self) -> bool {
        // An epoch that was stopped in its middle is still to be ended.
        (self.stopped && self.step == 0) || self.history.epochs.len() >= self.plan.epochs
    }

    /// One step on rows of the caller's; returns the mean loss before it.
    ///
    /// # Errors
    /// No rows, tensors of different lengths, more rows than the memory holds for an optimizer or a network that cannot
    /// divide them; a loss that is not finite, with the model back at the last good weights; the error of a callback or
    /// of a checkpoint.
    pub fn step(
        &mut self,
        inputs: <N::Input as Sample>::Slices<'_>,
        targets: <N::Target as Sample>::Slices<'_>,
    ) -> Result<f32, FitError> {
        self.start()?;
        let mut tally = Tally::default();
        let (inputs, targets) = (N::Input::shorter(inputs), N::Target::shorter(targets));
        let number = self.step + 1;
        let loss = self.update(Rows { inputs, targets, positions: None }, number, &mut tally)?;
        self.after_step(loss, 0)?;
        Ok(loss)
    }

    /// The steps of the training data that are left of an epoch, and the validation behind them.
    ///
    /// # Errors
    /// A loss or weight that is not finite, with the model back at the last good weights; the error of a callback or of
    /// a checkpoint.
    pub fn epoch(&mut self) -> Result<Epoch, FitError> {
        self.start()?;
        self.since = Some(Instant::now());
        let number = self.history.epochs.len() + 1;
        if let Rate::Epochs(rate) = &mut self.plan.rate {
            self.optimizer.set_learning_rate(rate(number - 1));
        }
        self.progress.begin(number);
        self.plan.metrics.reset();
        self.measured = 0;
        self.train(number)?;
        let training = self.tally.score();
        let mut metrics = EpochMetrics { epoch: number, training: self.training_metrics(), validation: Vec::new() };
        let validation = self.validate(&mut metrics)?;
        let seconds = self.seconds();
        let learning_rate = self.optimizer.learning_rate();
        let epoch = Epoch { number, training, validation, learning_rate, seconds };
        self.after_epoch(epoch, metrics)?;
        Ok(epoch)
    }

    /// Ends the run: the model has the weights of the best epoch, or the averaged ones, where that was asked for.
    ///
    /// # Errors
    /// The error of a callback or a log.
    pub fn finish(mut self) -> Result<History, FitError> {
        self.start()?;
        let last = self.history.epochs.len();
        self.swap_average();
        self.history.kept = self.keep_best(last);
        self.lead(|trainer| {
            trainer.tell(|callback, history, model| callback.on_end(history, model).map(|()| Flow::Continue))
        })?;
        Ok(self.history)
    }

    /// All epochs that are left.
    pub(super) fn run(mut self) -> Result<History, FitError> {
        while !self.is_done() {
            self.epoch()?;
        }
        self.finish()
    }

    /// Tells logs of a checkpoint and callbacks of the start, once.
    fn start(&mut self) -> Result<(), FitError> {
        if !self.started {
            self.lead(|trainer| {
                trainer.resume_logs()?;
                trainer.tell(|callback, history, model| callback.on_start(history, model).map(|()| Flow::Continue))
            })?;
            self.started = true;
        }
        Ok(())
    }

    /// Does in the leading process what must not be done twice; all processes stop where it does.
    fn lead(&mut self, run: impl FnOnce(&mut Self) -> Result<(), FitError>) -> Result<(), FitError> {
        let outcome = if self.engine.leads() { run(self) } else { Ok(()) };
        self.stopped = self.engine.agree(outcome.map(|()| self.stopped))?;
        Ok(())
    }

    /// Tells callbacks of an event, in their order.
    fn tell(
        &mut self,
        mut event: impl FnMut(&mut dyn Callback<N>, &History, &N) -> Result<Flow, BoxError>,
    ) -> Result<(), FitError> {
        for callback in &mut self.plan.callbacks {
            let flow = event(&mut **callback, &self.history, self.model).map_err(CallbackError::from)?;
            self.stopped |= flow == Flow::Stop;
        }
        Ok(())
    }

    /// A step for each batch of the training data that is left.
    fn train(&mut self, number: usize) -> Result<(), FitError> {
        if self.plan.shuffle {
            self.order.iter_mut().enumerate().for_each(|(row, place)| *place = row);
            random::shuffle(&mut self.order, self.plan.seed, number as u64);
        }
        while self.step < self.plan.steps() && !self.stopped {
            let loss = self.batch()?;
            self.step += 1;
            self.progress.step(|| self.tally.score());
            self.after_step(loss, self.step)?;
        }
        match self.good.propose(self.model) {
            Some(value) => Err(self.diverged(Quantity::Weight, value, self.step)),
            None => Ok(()),
        }
    }

    /// The next step of the training data.
    fn batch(&mut self) -> Result<f32, FitError> {
        let (data, order, mut tally) = (self.plan.training, std::mem::take(&mut self.order), self.tally);
        let start = self.step * self.plan.batch_size;
        let end = order.len().min(start.saturating_add(self.plan.batch_size));
        let rows = Rows { inputs: data.inputs(), targets: data.targets(), positions: Some(&order[start..end]) };
        let loss = self.update(rows, self.step + 1, &mut tally);
        if loss.is_ok() && !self.plan.metrics.is_empty() {
            self.measured += self.engine.measure(&rows, &mut self.plan.metrics) as u64;
        }
        (self.order, self.tally) = (order, tally);
        loss
    }

    /// The step itself, of that number in its epoch, with its learning rate, and the average.
    fn update(&mut self, rows: Rows<'_, N>, number: usize, tally: &mut Tally) -> Result<f32, FitError> {
        if let Rate::Schedule(schedule) = &self.plan.rate {
            let (steps, epoch) = (self.engine.steps(), self.history.epochs.len() as u64);
            let rate = schedule.rate(Moment { step: steps, epoch }) as f32;
            if !rate.is_finite() {
                return Err(FitError::Rate { rate, steps });
            }
            self.optimizer.set_learning_rate(rate);
        }
        let loss = self.engine.step(self.model, &self.optimizer, rows, tally)?;
        if !loss.is_finite() {
            return Err(self.diverged(Quantity::Loss, loss, number));
        }
        self.good.step(self.model);
        if let Some(average) = &mut self.plan.average {
            average.step(self.model);
        }
        Ok(loss)
    }

    /// Callbacks and checkpoints; `step` is zero outside of epochs.
    fn after_step(&mut self, loss: f32, step: usize) -> Result<(), FitError> {
        let (steps, epoch) = (self.engine.steps(), self.history.epochs.len() + 1);
        let learning_rate = self.optimizer.learning_rate();
        let report = StepReport { epoch, step, steps, loss, learning_rate };
        self.lead(|trainer| {
            trainer.tell(|callback, _, model| callback.on_step(&report, model))?;
            let due = |checkpoints: &&Checkpoints| checkpoints.steps > 0 && steps.is_multiple_of(checkpoints.steps);
            if let Some(checkpoints) = trainer.plan.checkpoints.as_ref().filter(due).cloned() {
                trainer.checkpoint(&checkpoints)?;
            }
            Ok(())
        })
    }

    /// Everything that an epoch decides, callbacks and checkpoints.
    fn after_epoch(&mut self, epoch: Epoch, metrics: EpochMetrics) -> Result<(), FitError> {
        let better = self.remember(epoch);
        let loss = epoch.judged();
        if let Rate::Schedule(schedule) = &mut self.plan.rate {
            schedule.hear(f64::from(loss));
        }
        if let Some(early) = &mut self.plan.early {
            self.stopped |= early.hear(epoch.number, loss);
        }
        self.history.epochs.push(epoch);
        if !self.plan.metrics.is_empty() {
            self.history.metrics.push(metrics);
        }
        (self.step, self.tally, self.measured, self.seconds, self.since) = (0, Tally::default(), 0, 0.0, None);
        self.progress.end(&self.history);
        self.lead(|trainer| {
            trainer.log()?;
            trainer.tell(|callback, history, model| callback.on_history(history, model))?;
            trainer.mark_stop();
            let Some(checkpoints) = trainer.plan.checkpoints.clone() else { return Ok(()) };
            if better && checkpoints.best {
                checkpoints.save_best(&trainer.bytes(checkpoints.folder())?)?;
            }
            if trainer.stopped || (checkpoints.epochs > 0 && epoch.number.is_multiple_of(checkpoints.epochs)) {
                trainer.checkpoint(&checkpoints)?;
            }
            Ok(())
        })?;
        self.mark_stop();
        Ok(())
    }

    /// Notes in the history whether training ends before its last epoch.
    fn mark_stop(&mut self) {
        self.history.stopped = self.stopped && self.history.epochs.len() < self.plan.epochs;
    }

    fn diverged(&mut self, quantity: Quantity, value: f32, step: usize) -> FitError {
        self.good.restore(self.model);
        FitError::Diverged { quantity, value, epoch: self.history.epochs.len() + 1, step }
    }

    /// Seconds of the epoch so far.
    fn seconds(&self) -> f64 {
        self.seconds + self.since.map_or(0.0, |since| since.elapsed().as_secs_f64())
    }

    /// Writes everything that the run needs to go on to a file, which is replaced whole or not at all; of several
    /// processes, the leading one does.
    ///
    /// # Errors
    /// A file that cannot be written, or an optimizer that does not give its moments.
    pub fn save(&mut self, path: impl AsRef<Path>) -> Result<(), FitError> {
        self.lead(|trainer| {
            let bytes = trainer.bytes(path.as_ref())?;
            Ok(checkpoint::save(path.as_ref(), &bytes)?)
        })
    }
}
