//! Optimizers that own a whole gradient: they gather it during the step and use it at the end.

use fearless_simd::Simd;

use super::update::{add, norm};
use super::{Moments, Optimizer};
use crate::network::{Gradients, Trainable};
use crate::plain::{Zeroable, plain};

/// Scales the whole gradient so that its Euclidean norm is at most `limit`, then lets `inner` use it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GlobalNorm<O> {
    /// The optimizer that uses the scaled gradient.
    pub inner: O,
    /// The largest norm.
    pub limit: f32,
}

impl<O> GlobalNorm<O> {
    /// Scales what `inner` sees.
    #[must_use]
    pub const fn new(inner: O, limit: f32) -> Self {
        Self { inner, limit }
    }
}

/// Sums the gradients of all micro-batches of a step, then lets `inner` use the sum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Accumulate<O> {
    /// The optimizer that uses the sum.
    pub inner: O,
}

impl<O> Accumulate<O> {
    /// Sums what `inner` sees.
    #[must_use]
    pub const fn new(inner: O) -> Self {
        Self { inner }
    }
}

/// A whole gradient and the state of the optimizer that uses it.
#[repr(C)]
pub struct Gathered<N: Trainable, O: Optimizer> {
    gradient: N::Gradients,
    inner: O::State<N>,
}

plain!([N: Trainable, O: Optimizer] Gathered<N, O>, "Gradients and optimizer states are plain data.");

macro_rules! gathering_optimizer {
    ($name:ident, $prepare:ident) => {
        impl<O: Optimizer> Optimizer for $name<O> {
            type State<N: Trainable> = Gathered<N, O>;

            const OWNS_GRADIENT: bool = true;

            super::inner_learning_rate!();

            #[inline(always)]
            fn begin<N: Trainable>(&self, state: &mut Gathered<N, O>) {
                state.gradient.as_mut_slice().fill(0.0);
                self.inner.begin::<N>(&mut state.inner);
            }

            #[inline(always)]
            fn moments<N: Trainable>(state: &mut Gathered<N, O>) -> Option<Moments<'_>> {
                O::moments::<N>(&mut state.inner)
            }

            #[inline(always)]
            fn update<N: Trainable, S: Simd>(
                &self,
                simd: S,
                state: &mut Gathered<N, O>,
                at: usize,
                gradient: &[f32],
                _parameters: &mut [f32],
            ) {
                add(simd, at, gradient, state.gradient.as_mut_slice());
            }

            #[inline(always)]
            fn finish<N: Trainable, S: Simd>(&self, simd: S, state: &mut Gathered<N, O>, parameters: &mut [f32]) {
                self.$prepare(simd, state.gradient.as_mut_slice());
                self.inner.update::<N, S>(simd, &mut state.inner, 0, state.gradient.as_slice(), parameters);
                self.inner.finish::<N, S>(simd, &mut state.inner, parameters);
            }
        }
    };
}

gathering_optimizer!(GlobalNorm, scale);
gathering_optimizer!(Accumulate, keep);

impl<O> GlobalNorm<O> {
    #[inline(always)]
    fn scale<S: Simd>(&self, simd: S, gradient: &mut [f32]) {
        let norm = norm(simd, gradient);
        if norm > self.limit {
            let factor = self.limit / norm;
            for value in gradient {
                *value *= factor;
            }
        }
    }
}

impl<O> Accumulate<O> {
    #[inline(always)]
    fn keep<S: Simd>(&self, _simd: S, _gradient: &mut [f32]) {}
}
