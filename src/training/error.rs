//! Why training stopped.

use std::fmt;

use graven_runtime::network::RowsError;
use thiserror::Error;

use super::callback::{BoxError, CallbackError};
use super::checkpoint::CheckpointError;
use super::group::GroupError;
use crate::data::Leak;

/// Why `fit` did not finish.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum FitError {
    /// Something is no longer a finite number. The model has the last good weights, finite and with a finite loss.
    /// They are kept every sixteen steps and after each epoch, and are older only where weights that were not finite
    /// left the loss finite meanwhile.
    #[error("{quantity} is {value} at epoch {epoch}, step {step}; the last good weights are kept")]
    Diverged {
        /// What is not finite.
        quantity: Quantity,
        /// Its value.
        value: f32,
        /// The epoch, counted from one.
        epoch: usize,
        /// The step in its epoch, counted from one.
        step: usize,
    },
    /// More rows a batch than the memory holds, for an optimizer or a network that cannot divide them.
    #[error(transparent)]
    Rows(#[from] RowsError),
    /// A batch without rows.
    #[error("a batch needs at least one row")]
    EmptyBatch,
    /// Validation data that a scaling was fitted on.
    #[error(transparent)]
    Leak(#[from] Leak),
    /// The best epoch is asked for without data to judge by.
    #[error("`keep_best` and `restore_best` need `validation` data")]
    NoValidation,
    /// A callback failed.
    #[error("a callback failed: {0}")]
    Callback(#[from] CallbackError),
    /// A log cannot be written, or not be brought back to where a checkpoint was.
    #[error("a log cannot be written: {0}")]
    Log(CallbackError),
    /// A checkpoint could not be written, or is not one to go on from.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The processes of a run cannot go on together.
    #[error(transparent)]
    Group(#[from] GroupError),
    /// The system gives no more threads.
    #[error("{threads} threads cannot be had: {message}")]
    Threads {
        /// Threads asked for.
        threads: usize,
        /// What the system says.
        message: String,
    },
    /// A learning rate that is not finite.
    #[error("the learning rate is {rate} at step {steps}")]
    Rate {
        /// The rate.
        rate: f32,
        /// Steps done.
        steps: u64,
    },
}

impl FitError {
    pub(super) fn log(error: std::io::Error) -> Self {
        Self::Log(CallbackError::from(BoxError::from(error)))
    }
}

/// What can stop being finite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// The loss of a training step.
    Loss,
    /// The loss on the validation data.
    ValidationLoss,
    /// A parameter or running statistic after a step whose loss was finite.
    Weight,
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Loss => "the loss",
            Self::ValidationLoss => "the validation loss",
            Self::Weight => "a weight",
        })
    }
}
