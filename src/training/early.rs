//! Stopping when the loss no longer falls.

/// Ends training when the loss has not become lower for some epochs; Keras' `EarlyStopping`.
///
/// The loss is that of the validation data, or of the training data where there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EarlyStopping {
    pub(super) patience: usize,
    pub(super) min_delta: f32,
    pub(super) restore_best: bool,
    pub(super) start_from_epoch: usize,
    pub(super) best: f32,
    pub(super) waited: usize,
}

impl EarlyStopping {
    /// Ends after `patience` epochs without a lower loss.
    #[must_use]
    pub const fn new(patience: usize) -> Self {
        Self { patience, min_delta: 0.0, restore_best: false, start_from_epoch: 0, best: f32::INFINITY, waited: 0 }
    }

    /// How much lower a loss has to be to count.
    #[must_use]
    pub const fn min_delta(self, min_delta: f32) -> Self {
        Self { min_delta, ..self }
    }

    /// Whether the model ends with the weights of the epoch with the least validation loss.
    #[must_use]
    pub const fn restore_best(self, restore_best: bool) -> Self {
        Self { restore_best, ..self }
    }

    /// Epochs before the first that counts.
    #[must_use]
    pub const fn start_from_epoch(self, start_from_epoch: usize) -> Self {
        Self { start_from_epoch, ..self }
    }

    /// Hears the loss of an epoch, numbered from one, and says whether to stop.
    pub(super) fn hear(&mut self, epoch: usize, loss: f32) -> bool {
        if epoch <= self.start_from_epoch {
            return false;
        }
        self.waited += 1;
        if loss < self.best - self.min_delta {
            self.best = loss;
            self.waited = 0;
        }
        self.waited >= self.patience.max(1)
    }
}
