//! Scores of a run: on its validation data, on any other, and by metrics.

use std::fmt::Debug;

use graven_runtime::network::Trainable;
use graven_runtime::optimizer::Optimizer;

use super::Trainer;
use crate::metrics::{Measured, Meters};
use crate::training::engine::{Engine, Mode};
use crate::training::error::{FitError, Quantity};
use crate::training::history::EpochMetrics;
use crate::training::plan::Data;
use crate::training::score::Score;

impl<N: Trainable, O: Optimizer + Debug, const B: usize, M: Mode<N, O, B>> Trainer<'_, N, O, B, M> {
    /// Loss and accuracy in inference mode, on the threads of this run; of the averaged weights, where they are averaged.
    ///
    /// # Errors
    /// None that the settings of this run allow.
    pub fn evaluate(&mut self, data: &Data<N>) -> Result<Score, FitError> {
        self.with_average(|model, engine| Ok(engine.evaluate(model, data, &mut Meters::new())?))
    }

    /// Calls a function with the averaged weights in the model, and puts the others back; with those of the last step
    /// where none are averaged.
    pub fn averaged<T>(&mut self, run: impl FnOnce(&N) -> T) -> T {
        self.with_average(|model, _| run(model))
    }

    fn with_average<T>(&mut self, run: impl FnOnce(&N, &mut M::Engine) -> T) -> T {
        self.swap_average();
        let result = run(self.model, &mut self.engine);
        self.swap_average();
        result
    }

    pub(super) fn swap_average(&mut self) {
        if let Some(average) = &mut self.plan.average {
            average.swap(self.model);
        }
    }

    /// Scores the model on the validation data, where there are some.
    pub(super) fn validate(&mut self, metrics: &mut EpochMetrics) -> Result<Option<Score>, FitError> {
        let Some(data) = self.plan.validation else { return Ok(None) };
        let mut meters = std::mem::take(&mut self.plan.metrics);
        let score = self.with_average(|model, engine| engine.evaluate(model, data, &mut meters));
        self.plan.metrics = meters;
        let score = score?;
        if !score.loss.is_finite() {
            return Err(self.diverged(Quantity::ValidationLoss, score.loss, self.step));
        }
        self.good.confirm();
        metrics.validation = self.plan.metrics.measured();
        Ok(Some(score))
    }

    /// Metrics of the training data; NaN where not all rows of the epoch were seen here: the others were an earlier
    /// program's, or are another process's.
    pub(super) fn training_metrics(&self) -> Vec<Measured> {
        let mut metrics = self.plan.metrics.measured();
        if self.measured != self.tally.rows() {
            metrics.iter_mut().for_each(|metric| metric.value = f64::NAN);
        }
        metrics
    }

    /// Makes the logs those of the epochs that a checkpoint has.
    pub(super) fn resume_logs(&mut self) -> Result<(), FitError> {
        let Some(places) = &self.places else { return Ok(()) };
        let places = places.iter().map(Vec::as_slice).chain(std::iter::repeat([].as_slice()));
        for (log, place) in self.plan.logs.iter_mut().zip(places) {
            log.resume(&self.history, place).map_err(FitError::log)?;
        }
        self.places = None;
        Ok(())
    }

    /// Writes the last epoch to the logs.
    pub(super) fn log(&mut self) -> Result<(), FitError> {
        let Some(epoch) = self.history.last() else { return Ok(()) };
        let metrics = self.history.metrics_of(epoch.number).map_or_else(Vec::new, EpochMetrics::all);
        self.plan.logs.iter_mut().try_for_each(|log| log.record(epoch, &metrics)).map_err(FitError::log)
    }
}
