//! Stochastic gradient descent.

use fearless_simd::{Simd, prelude::*};

use super::update::{flushed, update};
use super::{Moments, Optimizer, by_parameter};
use crate::network::Trainable;

/// Gradient descent with momentum, as in Keras 3: `v ← momentum·v − learning_rate·g`, then `w ← w + v`, or with
/// Nesterov's look-ahead `w ← w + momentum·v − learning_rate·g`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sgd {
    /// Size of a step.
    pub learning_rate: f32,
    /// Share of the last step that is taken again.
    pub momentum: f32,
    /// Whether the gradient acts on the momentum already taken.
    pub nesterov: bool,
    /// Rate of a penalty on the sum of squares of all parameters.
    pub l2: f32,
}

impl Sgd {
    /// Plain gradient descent.
    #[must_use]
    pub const fn new(learning_rate: f32) -> Self {
        Self { learning_rate, momentum: 0.0, nesterov: false, l2: 0.0 }
    }
}

impl Default for Sgd {
    fn default() -> Self {
        Self::new(0.01)
    }
}

impl Optimizer for Sgd {
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
        let Self { learning_rate, momentum, nesterov, l2 } = *self;
        let [velocity, ..] = moments.slices;
        update(
            simd,
            gradient,
            parameters,
            [velocity],
            [2.0 * l2, learning_rate, momentum],
            #[inline(always)]
            |[penalty, learning_rate, momentum], gradient, parameter, [velocity]| {
                let step = -(parameter.mul_add(penalty, gradient) * learning_rate);
                let velocity = flushed(simd, velocity.mul_add(momentum, step));
                let change = if nesterov { velocity.mul_add(momentum, step) } else { velocity };
                (parameter + change, [velocity])
            },
        );
    }
}
