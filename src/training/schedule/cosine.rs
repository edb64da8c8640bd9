//! Rates along half a cosine (Loshchilov and Hutter, 2017).

use std::f64::consts::PI;

use super::{Moment, Schedule, share};

/// From one to zero along half a cosine.
fn half_wave(share: f64) -> f64 {
    0.5 * (1.0 + (PI * share).cos())
}

/// Falls along half a cosine to a share of itself; Keras' `CosineDecay`, PyTorch's `CosineAnnealingLR`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cosine {
    /// The first rate.
    pub initial: f64,
    /// Steps to the end.
    pub decay_steps: u64,
    /// The share of the first rate that is left at the end and after it.
    pub alpha: f64,
}

impl Cosine {
    /// Down to zero.
    #[must_use]
    pub const fn new(initial: f64, decay_steps: u64) -> Self {
        Self { initial, decay_steps, alpha: 0.0 }
    }

    /// Down to that share.
    #[must_use]
    pub const fn alpha(self, alpha: f64) -> Self {
        Self { alpha, ..self }
    }
}

impl Schedule for Cosine {
    fn rate(&self, at: Moment) -> f64 {
        let wave = half_wave(share(at.step, self.decay_steps));
        self.initial * ((1.0 - self.alpha) * wave + self.alpha)
    }
}

/// Half cosines, each from the top again; Keras' `CosineDecayRestarts`, PyTorch's `CosineAnnealingWarmRestarts`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CosineRestarts {
    /// The first rate.
    pub initial: f64,
    /// Steps of the first fall.
    pub first_decay_steps: u64,
    /// How many times longer each fall is than the one before.
    pub t_mul: u64,
    /// How many times higher each fall starts than the one before.
    pub m_mul: f64,
    /// The share of the first rate that every fall ends at.
    pub alpha: f64,
}

impl CosineRestarts {
    /// Each fall twice as long as the one before, from the same rate, down to zero.
    #[must_use]
    pub const fn new(initial: f64, first_decay_steps: u64) -> Self {
        Self { initial, first_decay_steps, t_mul: 2, m_mul: 1.0, alpha: 0.0 }
    }

    /// Each fall that many times longer than the one before.
    #[must_use]
    pub const fn t_mul(self, t_mul: u64) -> Self {
        Self { t_mul, ..self }
    }

    /// Each fall from that many times as high as the one before.
    #[must_use]
    pub const fn m_mul(self, m_mul: f64) -> Self {
        Self { m_mul, ..self }
    }

    /// Down to that share of the first rate.
    #[must_use]
    pub const fn alpha(self, alpha: f64) -> Self {
        Self { alpha, ..self }
    }
}

impl Schedule for CosineRestarts {
    fn rate(&self, at: Moment) -> f64 {
        let mut length = self.first_decay_steps.max(1);
        let (mut step, mut height) = (at.step, 1.0);
        if self.t_mul <= 1 {
            height = self.m_mul.powf((step / length) as f64);
            step %= length;
        }
        while step >= length {
            step -= length;
            length = length.saturating_mul(self.t_mul);
            height *= self.m_mul;
        }
        let wave = half_wave(share(step, length));
        self.initial * ((1.0 - self.alpha) * height * wave + self.alpha)
    }
}
