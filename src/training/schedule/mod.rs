//! Learning rates that change while training: the moment goes in, a rate comes out.
//!
//! A schedule counts steps, those of the optimizer, from zero; [`Schedule::per_epoch`] makes it count epochs instead.
//! Schedules are put together: a warm-up in front, one after another, one times another.
//!
//! ```
//! use graven::schedule::{Cosine, Moment, ReduceOnPlateau, Schedule, StepDecay};
//!
//! let rate = Cosine::new(1e-3, 10_000).warmup(500);
//! assert_eq!(rate.rate(Moment { step: 250, epoch: 0 }), 5e-4);
//! let by_epoch = StepDecay::new(0.1, 30, 0.1).per_epoch();
//! let halved_when_stuck = rate.times(ReduceOnPlateau::new(1.0).factor(0.5));
//! # let _ = (by_epoch, halved_when_stuck);
//! ```

mod compose;
mod cosine;
mod decay;
mod one_cycle;
mod plateau;

pub use compose::{PerEpoch, Then, Times, Warmup};
pub use cosine::{Cosine, CosineRestarts};
pub use decay::{Constant, Exponential, Piecewise, Polynomial, StepDecay};
pub use one_cycle::OneCycle;
pub use plateau::ReduceOnPlateau;

/// How far training has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// Steps of the optimizer done.
    pub step: u64,
    /// Epochs done.
    pub epoch: u64,
}

/// A learning rate for every step.
pub trait Schedule {
    /// The rate of the step that comes next.
    fn rate(&self, at: Moment) -> f64;

    /// Hears the loss of an epoch that is done: on the validation data if there is any.
    fn hear(&mut self, loss: f64) {
        let _ = loss;
    }

    /// Writes what it remembers of the past, for checkpoints; as many numbers each time.
    fn remember(&self, numbers: &mut Vec<f64>) {
        let _ = numbers;
    }

    /// Takes back what [`Schedule::remember`] wrote.
    fn recall(&mut self, numbers: &mut dyn Iterator<Item = f64>) {
        let _ = numbers;
    }

    /// Counts epochs in place of steps.
    fn per_epoch(self) -> PerEpoch<Self>
    where
        Self: Sized,
    {
        PerEpoch(self)
    }

    /// Rises evenly from zero to the first rate over `steps` steps, and starts then.
    fn warmup(self, steps: u64) -> Warmup<Self>
    where
        Self: Sized,
    {
        Warmup { steps, start: 0.0, then: self }
    }

    /// Gives way to another schedule, which counts from zero, after `steps` steps.
    fn then<S: Schedule>(self, steps: u64, next: S) -> Then<Self, S>
    where
        Self: Sized,
    {
        Then { first: self, steps, next }
    }

    /// The product of both.
    fn times<S: Schedule>(self, other: S) -> Times<Self, S>
    where
        Self: Sized,
    {
        Times(self, other)
    }
}

impl<F: Fn(Moment) -> f64> Schedule for F {
    fn rate(&self, at: Moment) -> f64 {
        self(at)
    }
}

impl Schedule for Box<dyn Schedule + '_> {
    fn rate(&self, at: Moment) -> f64 {
        (**self).rate(at)
    }
    fn hear(&mut self, loss: f64) {
        (**self).hear(loss);
    }
    fn remember(&self, numbers: &mut Vec<f64>) {
        (**self).remember(numbers);
    }
    fn recall(&mut self, numbers: &mut dyn Iterator<Item = f64>) {
        (**self).recall(numbers);
    }
}

/// How much of `steps` is done, at most one.
fn share(step: u64, steps: u64) -> f64 {
    step.min(steps) as f64 / steps.max(1) as f64
}
