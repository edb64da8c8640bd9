//! RMSProp (Tieleman and Hinton, 2012).

use fearless_simd::{Simd, prelude::*};

use super::update::{flushed, update};
use super::{Moments, Optimizer, by_parameter};
use crate::network::Trainable;

/// RMSProp as in Keras 3: with `v ← rho·v + (1 − rho)·g²`, `w ← w − learning_rate·g / √(v + ε)`. Centred, the square of
/// the mean gradient is taken from `v` first; with momentum, `m ← momentum·m + step`, then `w ← w − m`.
///
/// PyTorch adds ε behind the root. The state has room for three numbers a parameter; those that neither `centered` nor
/// `momentum` asks for are never touched.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RmsProp {
    /// Size of a step.
    pub learning_rate: f32,
    /// Decay of the mean of squared gradients.
    pub rho: f32,
    /// Share of the last step that is taken again.
    pub momentum: f32,
    /// Keeps the denominator from zero.
    pub epsilon: f32,
    /// Whether steps are divided by the deviation of the gradient instead of its root mean square.
    pub centered: bool,
    /// Rate of a penalty on the sum of squares of all parameters.
    pub l2: f32,
}

impl RmsProp {
    /// RMSProp with the usual decay.
    #[must_use]
    pub const fn new(learning_rate: f32) -> Self {
        Self { learning_rate, rho: 0.9, momentum: 0.0, epsilon: 1e-7, centered: false, l2: 0.0 }
    }
}

impl Default for RmsProp {
    fn default() -> Self {
        Self::new(1e-3)
    }
}

impl Optimizer for RmsProp {
    by_parameter!(0 numbers, 3 moments);

    #[inline(always)]
    fn apply<N: Trainable, S: Simd>(
        &self,
        simd: S,
        moments: Moments<'_>,
        _at: usize,
        gradient: &[f32],
        parameters: &mut [f32],
    ) {
        let Self { learning_rate, rho, momentum, epsilon, centered, l2 } = *self;
        let hyperparameters = [2.0 * l2, 1.0 - rho, learning_rate, epsilon, momentum];
        let [square, mean, velocity] = moments.slices;
        if !centered && momentum == 0.0 {
            return update(
                simd,
                gradient,
                parameters,
                [square],
                hyperparameters,
                #[inline(always)]
                |[penalty, fresh, learning_rate, epsilon, _], gradient, parameter, [square]| {
                    let gradient = parameter.mul_add(penalty, gradient);
                    let square = flushed(simd, (gradient * gradient - square).mul_add(fresh, square));
                    (parameter - gradient * learning_rate / (square + epsilon).sqrt(), [square])
                },
            );
        }
        update(
            simd,
            gradient,
            parameters,
            [square, mean, velocity],
            hyperparameters,
            #[inline(always)]
            |[penalty, fresh, learning_rate, epsilon, momentum], gradient, parameter, [square, mean, velocity]| {
                let gradient = parameter.mul_add(penalty, gradient);
                let square = flushed(simd, (gradient * gradient - square).mul_add(fresh, square));
                let mean = if centered { flushed(simd, (gradient - mean).mul_add(fresh, mean)) } else { mean };
                let variance = square - mean * mean;
                let step = gradient * learning_rate / (variance + epsilon).sqrt();
                let velocity = flushed(simd, velocity.mul_add(momentum, step));
                (parameter - velocity, [square, mean, velocity])
            },
        );
    }
}
