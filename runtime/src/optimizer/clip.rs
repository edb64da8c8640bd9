//! Clipping of every gradient element.

use fearless_simd::{Simd, prelude::*};

use super::Optimizer;
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

    fn learning_rate(&self) -> f32 {
        self.inner.learning_rate()
    }

    fn set_learning_rate(&mut self, learning_rate: f32) {
        self.inner.set_learning_rate(learning_rate);
    }

    #[inline(always)]
    fn begin<N: Trainable>(&self, state: &mut Self::State<N>) {
        self.inner.begin::<N>(state);
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
        let blocks = gradient.chunks(BLOCK).zip(parameters.chunks_mut(BLOCK));
        for (number, (gradient, parameters)) in blocks.enumerate() {
            let mut clipped = [0.0; BLOCK];
            for (place, values) in clipped.as_chunks_mut::<LANES>().0.iter_mut().zip(gradient.chunks(LANES)) {
                let values = math::min(simd, load_partial(simd, values), splat(simd, self.limit));
                math::max(simd, values, splat(simd, -self.limit)).store_array(place);
            }
            let clipped = clipped.get(..gradient.len()).unwrap_or_default();
            self.inner.update::<N, S>(simd, state, at + number * BLOCK, clipped, parameters);
        }
    }

    #[inline(always)]
    fn finish<N: Trainable, S: Simd>(&self, simd: S, state: &mut Self::State<N>, parameters: &mut [f32]) {
        self.inner.finish::<N, S>(simd, state, parameters);
    }
}
