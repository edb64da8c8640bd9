//! Schedules made of schedules.

use super::{Moment, Schedule, share};

/// Counts epochs in place of steps; see [`Schedule::per_epoch`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PerEpoch<S>(pub S);

impl<S: Schedule> Schedule for PerEpoch<S> {
    fn rate(&self, at: Moment) -> f64 {
        self.0.rate(Moment { step: at.epoch, ..at })
    }
    fn hear(&mut self, loss: f64) {
        self.0.hear(loss);
    }
    fn remember(&self, numbers: &mut Vec<f64>) {
        self.0.remember(numbers);
    }
    fn recall(&mut self, numbers: &mut dyn Iterator<Item = f64>) {
        self.0.recall(numbers);
    }
}

/// A linear rise in front of a schedule; see [`Schedule::warmup`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Warmup<S> {
    /// Steps of the rise.
    pub steps: u64,
    /// The share of the schedule's first rate to rise from.
    pub start: f64,
    /// What comes then, counted from zero.
    pub then: S,
}

impl<S> Warmup<S> {
    /// From that share of the schedule's first rate; PyTorch's `LinearLR` has a third.
    #[must_use]
    pub fn from(self, start: f64) -> Self {
        Self { start, ..self }
    }
}

impl<S: Schedule> Schedule for Warmup<S> {
    fn rate(&self, at: Moment) -> f64 {
        match at.step.checked_sub(self.steps) {
            Some(step) => self.then.rate(Moment { step, ..at }),
            None => {
                let first = self.then.rate(Moment { step: 0, ..at });
                first * (self.start + (1.0 - self.start) * share(at.step, self.steps))
            }
        }
    }
    fn hear(&mut self, loss: f64) {
        self.then.hear(loss);
    }
    fn remember(&self, numbers: &mut Vec<f64>) {
        self.then.remember(numbers);
    }
    fn recall(&mut self, numbers: &mut dyn Iterator<Item = f64>) {
        self.then.recall(numbers);
    }
}

/// One schedule after another; see [`Schedule::then`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Then<A, B> {
    /// What comes first.
    pub first: A,
    /// Steps of the first.
    pub steps: u64,
    /// What comes then, counted from zero.
    pub next: B,
}

impl<A: Schedule, B: Schedule> Schedule for Then<A, B> {
    fn rate(&self, at: Moment) -> f64 {
        match at.step.checked_sub(self.steps) {
            Some(step) => self.next.rate(Moment { step, ..at }),
            None => self.first.rate(at),
        }
    }
    fn hear(&mut self, loss: f64) {
        self.first.hear(loss);
        self.next.hear(loss);
    }
    fn remember(&self, numbers: &mut Vec<f64>) {
        self.first.remember(numbers);
        self.next.remember(numbers);
    }
    fn recall(&mut self, numbers: &mut dyn Iterator<Item = f64>) {
        self.first.recall(numbers);
        self.next.recall(numbers);
    }
}

/// The product of two schedules; see [`Schedule::times`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Times<A, B>(pub A, pub B);

impl<A: Schedule, B: Schedule> Schedule for Times<A, B> {
    fn rate(&self, at: Moment) -> f64 {
        self.0.rate(at) * self.1.rate(at)
    }
    fn hear(&mut self, loss: f64) {
        self.0.hear(loss);
        self.1.hear(loss);
    }
    fn remember(&self, numbers: &mut Vec<f64>) {
        self.0.remember(numbers);
        self.1.remember(numbers);
    }
    fn recall(&mut self, numbers: &mut dyn Iterator<Item = f64>) {
        self.0.recall(numbers);
        self.1.recall(numbers);
    }
}
