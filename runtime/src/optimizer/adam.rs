//! Adam (Kingma and Ba, 2015).

use fearless_simd::{Simd, prelude::*};

use super::update::{count, flushed, flushed_factor, root, update};
use super::{Moments, Optimizer, by_parameter};
use crate::arena::get;
use crate::network::Trainable;

/// Adam, algorithm 1 of the paper: with `m ← β₁·m + (1 − β₁)·g` and `v ← β₂·v + (1 − β₂)·g²`,
/// `w ← w − learning_rate·m̂ / (√v̂ + ε)` where `m̂ = m / (1 − β₁ᵗ)` and `v̂ = v / (1 − β₂ᵗ)`.
///
/// The defaults are those of Keras 3. Keras adds ε before the correction of `v`, which lets it weigh more in the first
/// steps; the paper and PyTorch add it after.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adam {
    /// Size of a step.
    pub learning_rate: f32,
    /// Decay of the mean of gradients.
    pub beta_1: f32,
    /// Decay of the mean of squared gradients.
    pub beta_2: f32,
    /// Keeps the denominator from zero.
    pub epsilon: f32,
    /// Rate of a penalty on the sum of squares of all parameters.
    pub l2: f32,
}

impl Adam {
    /// Adam with the usual decays.
    #[must_use]
    pub const fn new(learning_rate: f32) -> Self {
        Self { learning_rate, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7, l2: 0.0 }
    }
}

impl Default for Adam {
    fn default() -> Self {
        Self::new(1e-3)
    }
}

impl Adam {
    /// An update after the parameters were multiplied by `keep`.
    #[inline(always)]
    pub(super) fn apply_kept<S: Simd>(
        &self,
        simd: S,
        moments: Moments<'_>,
        gradient: &[f32],
        parameters: &mut [f32],
        keep: f32,
    ) {
        let Self { beta_1, beta_2, epsilon, l2, .. } = *self;
        let Moments { numbers, slices: [mean, square, _] } = moments;
        let (alpha, epsilon) = self.corrected(simd, epsilon, [get(numbers, 0), get(numbers, 1)]);
        update(
            simd,
            gradient,
            parameters,
            [mean, square],
            [2.0 * l2, 1.0 - beta_1, 1.0 - beta_2, alpha, epsilon, keep],
            #[inline(always)]
            |[penalty, fresh_1, fresh_2, alpha, epsilon, keep], gradient, parameter, [mean, square]| {
                let gradient = parameter.mul_add(penalty, gradient);
                let mean = flushed_factor(simd, (gradient - mean).mul_add(fresh_1, mean));
                let square = flushed(simd, (gradient * gradient - square).mul_add(fresh_2, square));
                let change = mean * alpha / (square.sqrt() + epsilon);
                (parameter * keep - change, [mean, square])
            },
        );
    }

    /// `α` and `ε'` with `α·m / (√v + ε') = learning_rate·m̂ / (√v̂ + ε)`.
    #[inline(always)]
    fn corrected<S: Simd>(&self, simd: S, epsilon: f32, [mean, square]: [f32; 2]) -> (f32, f32) {
        let root = root(simd, square);
        (self.learning_rate * root / mean, epsilon * root)
    }
}

impl Optimizer for Adam {
    by_parameter!(2 numbers, 2 moments);

    #[inline(always)]
    fn begin<N: Trainable>(&self, state: &mut Self::State<N>) {
        count(&mut state.numbers, [self.beta_1, self.beta_2]);
    }

    #[inline(always)]
    fn apply<N: Trainable, S: Simd>(
        &self,
        simd: S,
        moments: Moments<'_>,
        _at: usize,
        gradient: &[f32],
        parameters: &mut [f32],
    ) {
        self.apply_kept(simd, moments, gradient, parameters, 1.0);
    }
}
