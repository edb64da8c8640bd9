//! What training did, epoch by epoch.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::score::Score;
use crate::metrics::Measured;

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
    /// What the metrics of the run measured in each epoch; empty when it had none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<EpochMetrics>,
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

/// What metrics measured in an epoch, in the order in which `fit` was given them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EpochMetrics {
    /// The number of the epoch, from one.
    pub epoch: usize,
    /// On the training data while training, so over changing weights and with dropout. NaN where this process has not
    /// seen all of its rows: in an epoch that was resumed in its middle, or with several processes.
    pub training: Vec<Measured>,
    /// On the validation data afterwards; empty without.
    pub validation: Vec<Measured>,
}

impl EpochMetrics {
    /// All of them, those of the validation data with `validation_` before their names.
    #[must_use]
    pub fn all(&self) -> Vec<Measured> {
        let validation = self.validation.iter().map(|metric| {
            let name = format!("validation_{}", metric.name);
            Measured { name, value: metric.value }
        });
        self.training.iter().cloned().chain(validation).collect()
    }
}

impl History {
    /// What the metrics measured in an epoch, by its number.
    #[must_use]
    pub fn metrics_of(&self, epoch: usize) -> Option<&EpochMetrics> {
        self.metrics.iter().find(|metrics| metrics.epoch == epoch)
    }

    /// A metric epoch by epoch, by its name: `"f1_macro"` of the training data, `"validation_f1_macro"` of the
    /// validation data.
    #[must_use]
    pub fn metric(&self, name: &str) -> Vec<f64> {
        let values = self.metrics.iter().filter_map(|metrics| {
            let known = metrics.all().into_iter().find(|metric| metric.name == name)?;
            Some(known.value)
        });
        values.collect()
    }

    /// The epoch with the least validation loss, by training loss without validation.
    #[must_use]
    pub fn best(&self) -> Option<&Epoch> {
        self.epochs.iter().min_by(|a, b| a.judged().total_cmp(&b.judged()))
    }

    /// An epoch in one line, with its metrics as far as they are numbers.
    pub(super) fn line(&self, epoch: &Epoch) -> String {
        let metrics = self.metrics_of(epoch.number).map_or_else(Vec::new, EpochMetrics::all);
        let known = metrics.iter().filter(|metric| !metric.value.is_nan());
        known.fold(epoch.to_string(), |line, metric| format!("{line}, {metric}"))
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
            write!(f, "\n{}, {:.2} s{kept}", self.line(epoch), epoch.seconds)?;
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
