//! Adadelta (Zeiler, 2012).

use fearless_simd::{Simd, prelude::*};

use super::update::{flushed, update};
use super::{Moments, Optimizer, by_parameter};
use crate::network::Trainable;

/// Adadelta, algorithm 1 of the paper: with `v ← rho·v + (1 − rho)·g²`, the step `d = g·√(u + ε) / √(v + ε)` and
/// `u ← rho·u + (1 − rho)·d²`, `w ← w − learning_rate·d`. The defaults are those of Keras 3; the paper has a learning
/// rate of one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adadelta {
    /// Size of a step, as a multiple of the one the method finds.
    pub learning_rate: f32,
    /// Decay of both means of squares.
    pub rho: f32,
    /// Keeps the denominator from zero, and lets the first step be more than zero.
    pub epsilon: f32,
    /// Rate of a penalty on the sum of squares of all parameters.
    pub l2: f32,
}

impl Adadelta {
    /// Adadelta with the usual decay.
    #[must_use]
    pub const fn new(learning_rate: f32) -> Self {
        Self { learning_rate, rho: 0.95, epsilon: 1e-7, l2: 0.0 }
    }
}

impl Default for Adadelta {
    fn default() -> Self {
        Self::new(1e-3)
    }
}

impl Optimizer for Adadelta {
    by_parameter!(0 numbers, 2 moments);

    #[inline(always)]
    fn apply<N: Trainable, S: Simd>(
        &self,
        simd: S,
        moments: Moments<'_>,
        _at: usize,
        gradient: &[f32],
        parameters: &mut [f32],
    ) {
        let Self { learning_rate, rho, epsilon, l2 } = *self;
        let [gradients, steps, _] = moments.slices;
        update(
            simd,
            gradient,
            parameters,
            [gradients, steps],
            [2.0 * l2, 1.0 - rho, learning_rate, epsilon],
            #[inline(always)]
            |[penalty, fresh, learning_rate, epsilon], gradient, parameter, [gradients, steps]| {
                let gradient = parameter.mul_add(penalty, gradient);
                let gradients = flushed(simd, (gradient * gradient - gradients).mul_add(fresh, gradients));
                let step = gradient * ((steps + epsilon) / (gradients + epsilon)).sqrt();
                let steps = flushed(simd, (step * step - steps).mul_add(fresh, steps));
                (parameter - step * learning_rate, [gradients, steps])
            },
        );
    }
}
