//! Adam with Nesterov's momentum (Dozat, 2016).

use fearless_simd::{Simd, prelude::*};

use super::update::{flushed, flushed_factor, root, update};
use super::{Moments, Optimizer, by_parameter};
use crate::arena::get;
use crate::network::Trainable;

/// How fast the momentum comes near `beta_1`: 0.96ᵗ, as in the paper and in Keras. PyTorch takes 0.96^(0.004·t).
const DECAY: f32 = 0.96;

/// Nadam as in Keras 3: with Adam's moments `m` and `v`, `uₜ = β₁·(1 − 0.96ᵗ/2)` and `pₜ = u₁·…·uₜ`,
/// `w ← w − learning_rate·(uₜ₊₁·m / (1 − pₜ₊₁) + (1 − uₜ)·g / (1 − pₜ)) / (√v̂ + ε)` where `v̂ = v / (1 − β₂ᵗ)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nadam {
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

impl Nadam {
    /// Nadam with the usual decays.
    #[must_use]
    pub const fn new(learning_rate: f32) -> Self {
        Self { learning_rate, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7, l2: 0.0 }
    }
}

impl Default for Nadam {
    fn default() -> Self {
        Self::new(1e-3)
    }
}

impl Nadam {
    /// The momentum where 1 - 0.96ᵗ is `warm`.
    #[inline(always)]
    fn momentum(&self, warm: f32) -> f32 {
        self.beta_1 * (0.5 + 0.5 * warm)
    }
}

/// 1 - 0.96ᵗ⁺¹ from 1 - 0.96ᵗ.
#[inline(always)]
fn warmer(warm: f32) -> f32 {
    (1.0 - DECAY) + DECAY * warm
}

impl Optimizer for Nadam {
    by_parameter!(3 numbers, 2 moments);

    #[inline(always)]
    fn begin<N: Trainable>(&self, state: &mut Self::State<N>) {
        // 1 - 0.96ᵗ, 1 - pₜ and 1 - β₂ᵗ
        let [warm, product, square] = &mut state.numbers;
        *warm = warmer(*warm);
        let momentum = self.momentum(*warm);
        *product = (1.0 - momentum) + momentum * *product;
        *square = (1.0 - self.beta_2) + self.beta_2 * *square;
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
        let Self { learning_rate, beta_1, beta_2, epsilon, l2 } = *self;
        let Moments { numbers, slices: [mean, square, _] } = moments;
        let [warm, product, correction] = [0, 1, 2].map(|at| get(numbers, at));
        let (now, next) = (self.momentum(warm), self.momentum(warmer(warm)));
        // √v̂ + ε = (√v + ε·root) / root, so that the root is taken into the factors of both momenta.
        let root = root(simd, correction);
        let old = learning_rate * root * next / ((1.0 - next) + next * product);
        let new = learning_rate * root * (1.0 - now) / product;
        update(
            simd,
            gradient,
            parameters,
            [mean, square],
            [2.0 * l2, 1.0 - beta_1, 1.0 - beta_2, old, new, epsilon * root],
            #[inline(always)]
            |[penalty, fresh_1, fresh_2, old, new, epsilon], gradient, parameter, [mean, square]| {
                let gradient = parameter.mul_add(penalty, gradient);
                let mean = flushed_factor(simd, (gradient - mean).mul_add(fresh_1, mean));
                let square = flushed(simd, (gradient * gradient - square).mul_add(fresh_2, square));
                let change = mean.mul_add(old, gradient * new) / (square.sqrt() + epsilon);
                (parameter - change, [mean, square])
            },
        );
    }
}
