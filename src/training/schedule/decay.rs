//! Rates that fall by a formula of the step.

use super::{Moment, Schedule};

/// The same rate for ever.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Constant(pub f64);

impl Schedule for Constant {
    fn rate(&self, _at: Moment) -> f64 {
        self.0
    }
}

/// Falls by a factor every so many steps; PyTorch's `StepLR`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepDecay {
    /// The first rate.
    pub initial: f64,
    /// Steps between falls.
    pub every: u64,
    /// What the rate is multiplied by.
    pub factor: f64,
}

impl StepDecay {
    /// `initial · factor^⌊step / every⌋`.
    #[must_use]
    pub const fn new(initial: f64, every: u64, factor: f64) -> Self {
        Self { initial, every, factor }
    }
}

impl Schedule for StepDecay {
    fn rate(&self, at: Moment) -> f64 {
        self.initial * self.factor.powf((at.step / self.every.max(1)) as f64)
    }
}

/// One rate up to each boundary and with it, another behind the last; Keras' `PiecewiseConstantDecay`.
#[derive(Clone, Debug, PartialEq)]
pub struct Piecewise {
    /// The last step of each rate, ascending, with that rate.
    pub pieces: Vec<(u64, f64)>,
    /// The rate behind the last boundary.
    pub last: f64,
}

impl Piecewise {
    /// Each rate with the last step that has it, and the rate of all steps behind.
    #[must_use]
    pub fn new(pieces: impl Into<Vec<(u64, f64)>>, last: f64) -> Self {
        Self { pieces: pieces.into(), last }
    }
}

impl Schedule for Piecewise {
    fn rate(&self, at: Moment) -> f64 {
        self.pieces.iter().find(|(boundary, _)| at.step <= *boundary).map_or(self.last, |(_, rate)| *rate)
    }
}

/// Falls by the same factor over any stretch of the same length; Keras' `ExponentialDecay`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exponential {
    /// The first rate.
    pub initial: f64,
    /// Steps in which the rate falls by the factor.
    pub decay_steps: u64,
    /// The factor.
    pub decay_rate: f64,
}

impl Exponential {
    /// `initial · decay_rate^(step / decay_steps)`. In stairs that is [`StepDecay`].
    #[must_use]
    pub const fn new(initial: f64, decay_steps: u64, decay_rate: f64) -> Self {
        Self { initial, decay_steps, decay_rate }
    }
}

impl Schedule for Exponential {
    fn rate(&self, at: Moment) -> f64 {
        self.initial * self.decay_rate.powf(at.step as f64 / self.decay_steps.max(1) as f64)
    }
}

/// Falls to an end along a power of what is left; Keras' `PolynomialDecay`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Polynomial {
    /// The first rate.
    pub initial: f64,
    /// Steps to the end.
    pub decay_steps: u64,
    /// The rate at the end and after it.
    pub end: f64,
    /// The power; one is a straight line.
    pub power: f64,
    /// Whether a stretch that is over is prolonged by its own length, from where the line then is.
    pub cycle: bool,
}

impl Polynomial {
    /// A straight line from one rate to another.
    #[must_use]
    pub const fn new(initial: f64, decay_steps: u64, end: f64) -> Self {
        Self { initial, decay_steps, end, power: 1.0, cycle: false }
    }

    /// Along that power.
    #[must_use]
    pub const fn power(self, power: f64) -> Self {
        Self { power, ..self }
    }

    /// Whether to start again.
    #[must_use]
    pub const fn cycle(self, cycle: bool) -> Self {
        Self { cycle, ..self }
    }
}

impl Schedule for Polynomial {
    fn rate(&self, at: Moment) -> f64 {
        let stretch = self.decay_steps.max(1);
        let stretches = if self.cycle { at.step.div_ceil(stretch).max(1) } else { 1 };
        let left = 1.0 - super::share(at.step, stretch.saturating_mul(stretches));
        self.end + (self.initial - self.end) * left.powf(self.power)
    }
}
