//! Adagrad (Duchi, Hazan and Singer, 2011).

use fearless_simd::{Simd, prelude::*};

use super::update::{flushed, update};
use super::{Moments, Optimizer, by_parameter};
use crate::network::Trainable;

/// Adagrad as in Keras 3: with `v ← v + g²` from `initial_accumulator_value` on,
/// `w ← w − learning_rate·g / √(v + ε)`. PyTorch adds ε behind the root.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adagrad {
    /// Size of a step.
    pub learning_rate: f32,
    /// Where the sum of squared gradients starts.
    pub initial_accumulator_value: f32,
    /// Keeps the denominator from zero.
    pub epsilon: f32,
    /// Rate of a penalty on the sum of squares of all parameters.
    pub l2: f32,
}

impl Adagrad {
    /// Adagrad with the usual start.
    #[must_use]
    pub const fn new(learning_rate: f32) -> Self {
        Self { learning_rate, initial_accumulator_value: 0.1, epsilon: 1e-7, l2: 0.0 }
    }
}

impl Default for Adagrad {
    fn default() -> Self {
        Self::new(1e-3)
    }
}

impl Optimizer for Adagrad {
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
        let Self { learning_rate, initial_accumulator_value, epsilon, l2 } = *self;
        let [sum, ..] = moments.slices;
        update(
            simd,
            gradient,
            parameters,
            [sum],
            [2.0 * l2, learning_rate, initial_accumulator_value + epsilon],
            #[inline(always)]
            |[penalty, learning_rate, start], gradient, parameter, [sum]| {
                let gradient = parameter.mul_add(penalty, gradient);
                let sum = flushed(simd, gradient.mul_add(gradient, sum));
                (parameter - gradient * learning_rate / (sum + start).sqrt(), [sum])
            },
        );
    }
}
