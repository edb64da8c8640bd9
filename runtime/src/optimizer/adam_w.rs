//! Adam with decoupled weight decay (Loshchilov and Hutter, 2019).

use fearless_simd::Simd;

use super::update::count;
use super::{Adam, Moments, Optimizer, by_parameter};
use crate::network::Trainable;

/// [`Adam`] on parameters that shrink by `learning_rate·weight_decay` each step, as in Keras 3.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamW {
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
    /// Share of every parameter, times the learning rate, that is taken away each step.
    pub weight_decay: f32,
}

impl AdamW {
    /// The usual decays.
    #[must_use]
    pub const fn new(learning_rate: f32) -> Self {
        let Adam { learning_rate, beta_1, beta_2, epsilon, l2 } = Adam::new(learning_rate);
        Self { learning_rate, beta_1, beta_2, epsilon, l2, weight_decay: 0.004 }
    }

    #[inline(always)]
    const fn adam(&self) -> Adam {
        let Self { learning_rate, beta_1, beta_2, epsilon, l2, .. } = *self;
        Adam { learning_rate, beta_1, beta_2, epsilon, l2 }
    }
}

impl Default for AdamW {
    fn default() -> Self {
        Self::new(1e-3)
    }
}

impl Optimizer for AdamW {
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
        let keep = 1.0 - self.learning_rate * self.weight_decay;
        self.adam().apply_kept(simd, moments, gradient, parameters, keep);
    }
}
