//! LAMB (You and others, 2020): Adam whose steps are as long as each tensor allows.

use fearless_simd::{Simd, prelude::*};

use super::update::{add, count, flushed, flushed_factor, norm, root, update};
use super::{Memory, Moments, Optimizer, own_learning_rate};
use crate::arena::view_mut;
use crate::network::Trainable;

/// LAMB, algorithm 2 of the paper: with Adam's `m̂` and `v̂`, the step of each tensor is
/// `r = m̂ / (√v̂ + ε) + weight_decay·w`, and `w ← w − learning_rate·(‖w‖ / ‖r‖)·r`; where a norm is zero, the step is not
/// scaled. The defaults are those of Keras 3, which however decays weights apart from the scaled step.
///
/// A step's length depends on all of a tensor, so the state holds a whole gradient, as [`super::GlobalNorm`]'s does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lamb {
    /// Size of a step, as a share of the tensor's norm.
    pub learning_rate: f32,
    /// Decay of the mean of gradients.
    pub beta_1: f32,
    /// Decay of the mean of squared gradients.
    pub beta_2: f32,
    /// Keeps the denominator from zero.
    pub epsilon: f32,
    /// Share of every parameter that is added to its step.
    pub weight_decay: f32,
}

impl Lamb {
    /// LAMB with the usual decays.
    #[must_use]
    pub const fn new(learning_rate: f32) -> Self {
        Self { learning_rate, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7, weight_decay: 0.0 }
    }
}

impl Default for Lamb {
    fn default() -> Self {
        Self::new(1e-3)
    }
}

/// The parameters of one tensor and what belongs to them.
struct Tensor<'a> {
    parameters: &'a mut [f32],
    mean: &'a mut [f32],
    square: &'a mut [f32],
    step: &'a mut [f32],
}

impl Lamb {
    /// Turns the gradient of a tensor into its step, then takes it.
    #[inline(always)]
    fn tensor<S: Simd>(&self, simd: S, [mean, square]: [f32; 2], tensor: Tensor<'_>) {
        let Tensor { parameters, mean: means, square: squares, step } = tensor;
        let root_square = root(simd, square);
        update(
            simd,
            parameters,
            step,
            [means, squares],
            [1.0 - self.beta_1, 1.0 - self.beta_2, root_square / mean, self.epsilon * root_square, self.weight_decay],
            #[inline(always)]
            |[fresh_1, fresh_2, alpha, epsilon, decay], parameter, gradient, [mean, square]| {
                let mean = flushed_factor(simd, (gradient - mean).mul_add(fresh_1, mean));
                let square = flushed(simd, (gradient * gradient - square).mul_add(fresh_2, square));
                (parameter.mul_add(decay, mean * alpha / (square.sqrt() + epsilon)), [mean, square])
            },
        );
        let (length, step_length) = (norm(simd, parameters), norm(simd, step));
        let trust = if length > 0.0 && step_length > 0.0 { length / step_length } else { 1.0 };
        update(
            simd,
            step,
            parameters,
            [],
            [self.learning_rate * trust],
            #[inline(always)]
            |[rate], step, parameter, []| (parameter - step * rate, []),
        );
    }
}

impl Optimizer for Lamb {
    /// As Adam's, and a gradient that becomes the step.
    type State<N: Trainable> = Memory<N, 2, 3>;

    const OWNS_GRADIENT: bool = true;

    own_learning_rate!();

    #[inline(always)]
    fn begin<N: Trainable>(&self, state: &mut Self::State<N>) {
        let Moments { slices: [.., gradient], .. } = state.moments();
        gradient.fill(0.0);
        count(&mut state.numbers, [self.beta_1, self.beta_2]);
    }

    #[inline(always)]
    fn moments<N: Trainable>(state: &mut Self::State<N>) -> Option<Moments<'_>> {
        let Moments { numbers, slices: [mean, square, _] } = state.moments();
        Some(Moments { numbers, slices: [mean, square, &mut []] })
    }

    #[inline(always)]
    fn update<N: Trainable, S: Simd>(
        &self,
        simd: S,
        state: &mut Self::State<N>,
        at: usize,
        gradient: &[f32],
        _parameters: &mut [f32],
    ) {
        let Moments { slices: [.., sum], .. } = state.moments();
        add(simd, at, gradient, sum);
    }

    #[inline(always)]
    fn finish<N: Trainable, S: Simd>(&self, simd: S, state: &mut Self::State<N>, parameters: &mut [f32]) {
        let corrections = state.numbers;
        let Moments { slices: [mean, square, gradient], .. } = state.moments();
        for slot in N::SLOTS.iter().filter(|slot| slot.info.trainable) {
            let (at, length) = (slot.offset, slot.info.len());
            let tensor = Tensor {
                parameters: view_mut(parameters, at, length),
                mean: view_mut(mean, at, length),
                square: view_mut(square, at, length),
                step: view_mut(gradient, at, length),
            };
            self.tensor(simd, corrections, tensor);
        }
    }
}
