//! A rate that falls when the loss does not.

use super::{Moment, Schedule};

/// Falls by a factor when the loss has not become better for some epochs; Keras' `ReduceLROnPlateau`.
///
/// The loss is that of the validation data, or of the training data where there is none. With [`Schedule::times`] and
/// a first rate of one it lowers another schedule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReduceOnPlateau {
    rate: f64,
    factor: f64,
    patience: u64,
    min_delta: f64,
    cooldown: u64,
    min_rate: f64,
    best: f64,
    waited: u64,
    cooling: u64,
}

impl ReduceOnPlateau {
    /// A tenth after ten epochs without a loss at least 1e-4 lower.
    #[must_use]
    pub const fn new(initial: f64) -> Self {
        Self {
            rate: initial,
            factor: 0.1,
            patience: 10,
            min_delta: 1e-4,
            cooldown: 0,
            min_rate: 0.0,
            best: f64::INFINITY,
            waited: 0,
            cooling: 0,
        }
    }

    /// What the rate is multiplied by.
    #[must_use]
    pub const fn factor(self, factor: f64) -> Self {
        Self { factor, ..self }
    }

    /// Epochs without a better loss before the rate falls.
    #[must_use]
    pub const fn patience(self, patience: u64) -> Self {
        Self { patience, ..self }
    }

    /// How much lower a loss has to be to be better.
    #[must_use]
    pub const fn min_delta(self, min_delta: f64) -> Self {
        Self { min_delta, ..self }
    }

    /// Epochs after a fall in which none is counted.
    #[must_use]
    pub const fn cooldown(self, cooldown: u64) -> Self {
        Self { cooldown, ..self }
    }

    /// The rate that is never left downwards.
    #[must_use]
    pub const fn min_rate(self, min_rate: f64) -> Self {
        Self { min_rate, ..self }
    }
}

impl Schedule for ReduceOnPlateau {
    fn rate(&self, _at: Moment) -> f64 {
        self.rate
    }

    fn hear(&mut self, loss: f64) {
        if self.cooling > 0 {
            self.cooling -= 1;
            self.waited = 0;
        }
        if loss < self.best - self.min_delta {
            self.best = loss;
            self.waited = 0;
        } else if self.cooling == 0 {
            self.waited += 1;
            if self.waited >= self.patience {
                self.rate = self.min_rate.max(self.rate * self.factor);
                self.cooling = self.cooldown;
                self.waited = 0;
            }
        }
    }

    fn remember(&self, numbers: &mut Vec<f64>) {
        numbers.extend([self.rate, self.best, self.waited as f64, self.cooling as f64]);
    }

    fn recall(&mut self, numbers: &mut dyn Iterator<Item = f64>) {
        let mut next = |old| numbers.next().unwrap_or(old);
        self.rate = next(self.rate);
        self.best = next(self.best);
        self.waited = next(0.0) as u64;
        self.cooling = next(0.0) as u64;
    }
}
