//! What is called while training goes on, and may end it.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use graven_runtime::network::Trainable;

use super::history::{Epoch, History};

/// A report of a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepReport {
    /// The epoch, counted from one.
    pub epoch: usize,
    /// The step in its epoch, counted from one.
    pub step: usize,
    /// Steps since the start of training, with this one.
    pub steps: u64,
    /// The mean loss over the rows of the step.
    pub loss: f32,
    /// The learning rate.
    pub learning_rate: f32,
}

/// Whether training goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flow {
    /// On.
    #[default]
    Continue,
    /// No further step. After a step, the epoch ends as usual, with its validation, over the rows seen.
    Stop,
}

/// Any error of a callback.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// Something to do at the events of a run. An error ends training; the model keeps its weights.
///
/// ```
/// use graven::training::{BoxError, Callback, Epoch, Flow};
/// use graven::Trainable;
///
/// /// Ends training at a loss that is good enough.
/// struct Until(f32);
///
/// impl<N: Trainable> Callback<N> for Until {
///     fn on_epoch(&mut self, epoch: &Epoch, _model: &N) -> Result<Flow, BoxError> {
///         Ok(if epoch.training.loss <= self.0 { Flow::Stop } else { Flow::Continue })
///     }
/// }
/// ```
pub trait Callback<N: Trainable> {
    /// Training begins, or goes on after a checkpoint; `history` has what was done before.
    ///
    /// # Errors
    /// Whatever ends training.
    fn on_start(&mut self, history: &History, model: &N) -> Result<(), BoxError> {
        let _ = (history, model);
        Ok(())
    }

    /// A step is done.
    ///
    /// # Errors
    /// Whatever ends training.
    fn on_step(&mut self, step: &StepReport, model: &N) -> Result<Flow, BoxError> {
        let _ = (step, model);
        Ok(Flow::Continue)
    }

    /// An epoch is done, validation too.
    ///
    /// # Errors
    /// Whatever ends training.
    fn on_epoch(&mut self, epoch: &Epoch, model: &N) -> Result<Flow, BoxError> {
        let _ = (epoch, model);
        Ok(Flow::Continue)
    }

    /// An epoch is done, and `history` has it with its metrics. What is not written anew calls [`Callback::on_epoch`].
    ///
    /// # Errors
    /// Whatever ends training.
    fn on_history(&mut self, history: &History, model: &N) -> Result<Flow, BoxError> {
        history.last().map_or(Ok(Flow::Continue), |epoch| self.on_epoch(epoch, model))
    }

    /// Training is done; the model has the weights it keeps.
    ///
    /// # Errors
    /// Whatever is to be reported instead of the history.
    fn on_end(&mut self, history: &History, model: &N) -> Result<(), BoxError> {
        let _ = (history, model);
        Ok(())
    }

    /// What a checkpoint keeps of it.
    fn remember(&self) -> Vec<u8> {
        Vec::new()
    }

    /// Takes back what [`Callback::remember`] gave.
    fn recall(&mut self, bytes: &[u8]) {
        let _ = bytes;
    }
}

/// What closures may answer: nothing, a [`Flow`], or a result of either.
pub trait Answer {
    /// The answer of a callback.
    ///
    /// # Errors
    /// That of the closure.
    fn answer(self) -> Result<Flow, BoxError>;
}

impl Answer for () {
    fn answer(self) -> Result<Flow, BoxError> {
        Ok(Flow::Continue)
    }
}

impl Answer for Flow {
    fn answer(self) -> Result<Flow, BoxError> {
        Ok(self)
    }
}

impl<T: Answer, E: Into<BoxError>> Answer for Result<T, E> {
    fn answer(self) -> Result<Flow, BoxError> {
        self.map_err(Into::into)?.answer()
    }
}

/// A closure for the end of each step.
pub(super) struct OnStep<F>(pub F);

impl<N: Trainable, A: Answer, F: FnMut(&StepReport, &N) -> A> Callback<N> for OnStep<F> {
    fn on_step(&mut self, step: &StepReport, model: &N) -> Result<Flow, BoxError> {
        (self.0)(step, model).answer()
    }
}

/// A closure for the end of each epoch.
pub(super) struct OnEpoch<F>(pub F);

impl<N: Trainable, A: Answer, F: FnMut(&Epoch, &N) -> A> Callback<N> for OnEpoch<F> {
    fn on_epoch(&mut self, epoch: &Epoch, model: &N) -> Result<Flow, BoxError> {
        (self.0)(epoch, model).answer()
    }
}

/// The error of a callback; equal to another with the same text.
#[derive(Clone, Debug)]
pub struct CallbackError(pub Arc<dyn Error + Send + Sync>);

impl From<BoxError> for CallbackError {
    fn from(error: BoxError) -> Self {
        Self(error.into())
    }
}

impl PartialEq for CallbackError {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl fmt::Display for CallbackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for CallbackError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}
