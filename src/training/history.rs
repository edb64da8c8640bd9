//! What training did, epoch by epoch.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::metrics::Score;

/// A report of a training run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// The name of the network.
    pub network: String,
    /// The optimizer and its hyperparameters at the start.
    pub optimizer: String,
    /// What shuffling and everything random in the network drew from.
    pub seed: u64,
    /// Rows of the training data.
    pub rows: usize,
    /// Rows of a step.
    pub batch_size: usize,
    /// The epochs, in order.
    pub epochs: Vec<Epoch>,
    /// The number of the epoch whose weights the model has, when that is not the last one.
    pub kept: Option<usize>,
    /// Whether early stopping or a callback ended it before its last epoch.
    #[serde(default)]
    pub stopped: bool,
}

/// A report of an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Epoch {
    /// Its number, from one.
    pub number: usize,
    /// The score on the training data while training, so over changing weights and with dropout.
    pub training: Score,
    /// The score on the validation data afterwards.
    pub validation: Option<Score>,
    /// The learning rate.
    pub learning_rate: f32,
    /// Time taken, with validation.
    pub seconds: f64,
}

impl History {
    /// The epoch with the least validation loss, by training loss without validation.
    #[must_use]
    pub fn best(&self) -> Option<&Epoch> {
        self.epochs.iter().min_by(|a, b| a.judged().total_cmp(&b.judged()))
    }

    /// The last epoch.
    #[must_use]
    pub fn last(&self) -> Option<&Epoch> {
        self.epochs.last()
    }
}

impl Epoch {
    /// The loss to judge by.
    pub(super) fn judged(&self) -> f32 {
        self.validation.unwrap_or(self.training).loss
    }
}

impl fmt::Display for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {} rows, {} a step, {}", self.network, self.rows, self.batch_size, self.optimizer)?;
        for epoch in &self.epochs {
            let kept = if self.kept == Some(epoch.number) { ", kept" } else { "" };
            write!(f, "\n{epoch}, {:.2} s{kept}", epoch.seconds)?;
        }
        Ok(())
    }
}

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "epoch {:>3}: {}", self.number, self.training)?;
        self.validation.map_or(Ok(()), |score| write!(f, ", validation {score}"))
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "loss {:.4}", self.loss)?;
        if self.accuracy.is_nan() { Ok(()) } else { write!(f, " accuracy {:.4}", self.accuracy) }
    }
}
