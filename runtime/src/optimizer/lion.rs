//! Lion (Chen and others, 2023).

use fearless_simd::{Simd, prelude::*};

use super::update::{flushed, update};
use super::{Moments, Optimizer, by_parameter};
use crate::math;
use crate::network::Trainable;

/// Lion, algorithm 2 of the paper: `w ← w − learning_rate·(sign(β₁·m + (1 − β₁)·g) + weight_decay·w)`, then
/// `m ← β₂·m + (1 − β₂)·g`. The defaults are those of Keras 3.
///
/// Every parameter moves by the learning rate, so that a tenth of Adam's is usual.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lion {
    /// Size of a step.
    pub learning_rate: f32,
    /// Share of the mean in the direction of a step.
    pub beta_1: f32,
    /// Decay of the mean of gradients.
    pub beta_2: f32,
    /// Share of every parameter, times the learning rate, that is taken away each step.
    pub weight_decay: f32,
}

impl Lion {
    /// Lion with the usual decays.
    #[must_use]
    pub const fn new(learning_rate: f32) -> Self {
        Self { learning_rate, beta_1: 0.9, beta_2: 0.99, weight_decay: 0.0 }
    }
}

impl Default for Lion {
    fn default() -> Self {
        Self::new(1e-3)
    }
}

impl Optimizer for Lion {
    by_parameter!(0 numbers, 1 moments);

    #[inline(always)]
    fn apply<N: Trainable, S: Simd>(
        &self,
        simd: S,
        moments: Moments<'_>,
        _at: usize,
        gradient: &[f32],
        parameters: &mut [f32],
    ) {
        let Self { learning_rate, beta_1, beta_2, weight_decay } = *self;
        let [mean, ..] = moments.slices;
        update(
            simd,
            gradient,
            parameters,
            [mean],
            [1.0 - beta_1, 1.0 - beta_2, learning_rate, 1.0 - learning_rate * weight_decay],
            #[inline(always)]
            |[fresh_1, fresh_2, learning_rate, keep], gradient, parameter, [mean]| {
                let direction = math::sign(simd, (gradient - mean).mul_add(fresh_1, mean));
                let mean = flushed(simd, (gradient - mean).mul_add(fresh_2, mean));
                (parameter * keep - direction * learning_rate, [mean])
            },
        );
    }
}
