//! Sums of partial gradients in a fixed tree, and the optimizer on what they sum to.

use graven_runtime::network::Trainable;
use graven_runtime::optimizer::{Moments, Optimizer, add};
use graven_runtime::{Run, Simd, dispatch, view, view_mut};

/// Scalars that are summed and used at a time: a few of such blocks stay in the nearest cache.
const BLOCK: usize = 2048;

/// Sums the block at `at` of all partial gradients into that of the first: each is added to the one `stride` before it,
/// for strides of 1, 2, 4, ….
#[inline(always)]
fn sum<S: Simd>(simd: S, partial: &mut [&mut [f32]], at: usize) {
    let mut stride = 1;
    while stride < partial.len() {
        for pair in partial.chunks_mut(2 * stride) {
            if let Some((left, right)) = pair.split_at_mut_checked(stride)
                && let (Some(sum), Some(other)) = (left.first_mut(), right.first())
            {
                add(simd, 0, view(other, at, BLOCK), view_mut(sum, at, BLOCK));
            }
        }
        stride *= 2;
    }
}

/// The sum of a stretch of all partial gradients, left in the first of them.
pub(super) struct Sum<'a> {
    pub partial: Vec<&'a mut [f32]>,
}

impl Run for Sum<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(mut self, simd: S) {
        let length = self.partial.first().map_or(0, |first| first.len());
        for at in (0..length).step_by(BLOCK) {
            sum(simd, &mut self.partial, at);
        }
    }
}

/// A stretch of the parameters with its partial gradients and its moments.
pub(super) struct Stretch<'a> {
    /// The position of its first parameter.
    pub at: usize,
    pub parameters: &'a mut [f32],
    pub partial: Vec<&'a mut [f32]>,
    pub numbers: Vec<f32>,
    pub slices: [&'a mut [f32]; 3],
}

/// Sums the partial gradients of a stretch and lets the optimizer use the sum.
pub(super) struct Update<'a, N, O> {
    pub optimizer: &'a O,
    pub stretch: Stretch<'a>,
    pub network: std::marker::PhantomData<fn() -> N>,
}

impl<N: Trainable, O: Optimizer> Update<'_, N, O> {
    pub fn run(self) {
        dispatch(self);
    }
}

impl<N: Trainable, O: Optimizer> Run for Update<'_, N, O> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Stretch { at: first, parameters, mut partial, mut numbers, mut slices } = self.stretch;
        for at in (0..parameters.len()).step_by(BLOCK) {
            sum(simd, &mut partial, at);
            let gradient = partial.first().map_or(&[][..], |sum| view(sum, at, BLOCK));
            let slices = slices.each_mut().map(|slice| view_mut(slice, at, BLOCK));
            let moments = Moments { numbers: &mut numbers, slices };
            self.optimizer.apply::<N, S>(simd, moments, first + at, gradient, view_mut(parameters, at, BLOCK));
        }
    }
}

/// A whole gradient for an optimizer that needs all of it at once.
pub(super) struct Whole<'a, N: Trainable, O: Optimizer> {
    pub optimizer: &'a O,
    pub state: &'a mut O::State<N>,
    pub gradient: &'a [f32],
    pub parameters: &'a mut [f32],
}

impl<N: Trainable, O: Optimizer> Run for Whole<'_, N, O> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { optimizer, state, gradient, parameters } = self;
        optimizer.update::<N, S>(simd, state, 0, gradient, parameters);
        optimizer.finish::<N, S>(simd, state, parameters);
    }
}
