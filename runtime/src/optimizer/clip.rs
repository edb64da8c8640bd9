//! Clipping of every gradient element.

use fearless_simd::{Simd, prelude::*};

use super::{Moments, Optimizer, inner_learning_rate};
use crate::lanes::{LANES, load_partial, splat};
use crate::math;
use crate::network::Trainable;

/// Clips every element of the gradient to `-limit ..= limit` before `inner` sees it; NaN stays.
///
/// Wrap it in [`super::Accumulate`] for micro-batches, so that whole gradients are clipped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClipValue<O> {
    /// The optimizer that uses the clipped gradient.
    pub inner: O,
    /// The largest magnitude.
    pub limit: f32,
}

impl<O> ClipValue<O> {
    /// Clips what `inner` sees.
    #[must_use]
    pub const fn new(inner: O, limit: f32) -> Self {
        Self { inner, limit }
    }
}

/// Vectors clipped at a time.
const BLOCK: usize = 4 * LANES;

impl<O: Optimizer> Optimizer for ClipValue<O> {
    type State<N: Trainable> = O::State<N>;

    const PARTS: bool = O::PARTS;

    inner_learning_rate!();

    #[inline(always)]
    fn begin<N: Trainable>(&self, state: &mut Self::State<N>) {
        self.inner.begin::<N>(state);
    }

    #[inline(always)]
    fn moments<N: Trainable>(state: &mut Self::State<N>) -> Option<Moments<'_>> {
        O::moments::<N>(state)
    }

    #[inline(always)]
    fn apply<N: Trainable, S: Simd>(
        &self,
        simd: S,
        moments: Moments<'_>,
        at: usize,
        gradient: &[f32],
        parameters: &mut [f32],
    ) {
        let mut moments = moments;
        self.blocks(simd, gradient, parameters, |first, gradient, parameters| {
            self.inner.apply::<N, S>(simd, moments.tail(first), at + first, gradient, parameters);
        });
    }

    #[inline(always)]
    fn update<N: Trainable, S: Simd>(
        &self,
        simd: S,
        state: &mut Self::State<N>,
        at: usize,
        gradient: &[f32],
        parameters: &mut [f32],
    ) {
        self.blocks(simd, gradient, parameters, |first, gradient, parameters| {
            self.inner.update::<N, S>(simd, state, at + first, gradient, parameters);
        });
    }

    #[inline(always)]
    fn finish<N: Trainable, S: Simd>(&self, simd: S, state: &mut Self::State<N>, parameters: &mut [f32]) {
        self.inner.finish::<N, S>(simd, state, parameters);
    }
}

impl<O> ClipValue<O> {
    /// Visits the clipped gradient block by block, each with its position and parameters.
    #[inline(always)]
    fn blocks<S: Simd>(
        &self,
        simd: S,
        gradient: &[f32],
        parameters: &mut [f32],
        mut visit: impl FnMut(usize, &[f32], &mut [f32]),
    ) {
        let blocks = gradient.chunks(BLOCK).zip(parameters.chunks_mut(BLOCK));
        for (number, (gradient, parameters)) in blocks.enumerate() {
            let mut clipped = [0.0; BLOCK];
            for (place, values) in clipped.as_chunks_mut::<LANES>().0.iter_mut().zip(gradient.chunks(LANES)) {
                let values = math::min(simd, load_partial(simd, values), splat(simd, self.limit));
                math::max(simd, values, splat(simd, -self.limit)).store_array(place);
            }
            visit(number * BLOCK, clipped.get(..gradient.len()).unwrap_or_default(), parameters);
        }
    }
}
