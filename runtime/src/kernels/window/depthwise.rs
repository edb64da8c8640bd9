//! Depthwise convolutions: each channel has filters of its own, and the channels lie in the lanes.

use core::marker::PhantomData;

use fearless_simd::{Simd, prelude::*};

use super::super::Epilogue;
use super::super::tile::{Blocks, in_blocks};
use super::geometry::{Window, Windowed};
use crate::arena::get;
use crate::lanes::{LANES, Vector, load, splat};

/// The windows of `rows` images times the weights `w` of shape `[taps, filters]`; filter `n` reads channel
/// `n / multiplier`.
///
/// `x` begins at the first tap of the first window. A row of results is a row of pixels, `[width, filters]`.
#[inline(never)]
pub fn depthwise<S: Simd, E: Epilogue<S>, W: Windowed>(
    simd: S,
    x: &[f32],
    w: &[f32],
    rows: usize,
    _scratch: &mut [f32],
    epilogue: &mut E,
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let window = const { W::WINDOW };
            let [down, _] = window.steps();
            for image in 0..rows {
                for row in 0..window.output[0] {
                    let first = image * window.image() + row * down;
                    let row = image * window.output[0] + row;
                    for filter in (0..window.filters).step_by(LANES) {
                        let mut line =
                            Line::<_, _, W> { simd, x, w, first, row, filter, epilogue, window: PhantomData };
                        in_blocks::<S, _>(window.output[1], &mut line);
                    }
                }
            }
        },
    );
}

struct Line<'a, S: Simd, E: Epilogue<S>, W> {
    simd: S,
    x: &'a [f32],
    w: &'a [f32],
    first: usize,
    row: usize,
    filter: usize,
    epilogue: &'a mut E,
    window: PhantomData<W>,
}

impl<S: Simd, E: Epilogue<S>, W: Windowed> Blocks for Line<'_, S, E, W> {
    const ROWS: Option<usize> = Some(W::WINDOW.output[1]);

    #[inline(always)]
    fn run<const R: usize>(&mut self, pixel: usize) {
        let (simd, filter, window) = (self.simd, self.filter, const { W::WINDOW });
        let [_, across] = window.steps();
        let lanes = LANES.min(window.filters - filter);
        let mut sums = [splat(simd, 0.0); R];
        for tap in 0..window.taps() {
            let weights = load(simd, self.w, tap * window.filters + filter, lanes);
            let first = self.first + pixel * across + window.tap(tap);
            for (number, sum) in sums.iter_mut().enumerate() {
                let values = window.channels_of(simd, self.x, first + number * across, filter, lanes);
                *sum = values.mul_add(weights, *sum);
            }
        }
        for (number, sum) in sums.iter().enumerate() {
            self.epilogue.store(simd, self.row, (pixel + number) * window.filters + filter, lanes, *sum);
        }
    }
}

impl Window {
    /// The place of a tap.
    #[inline(always)]
    pub(super) const fn tap(self, number: usize) -> usize {
        let (row, column) = (number / self.kernel[1], number % self.kernel[1]);
        row * self.dilation[0] * self.row() + column * self.dilation[1] * self.channels
    }

    /// The channels that filters from `filter` on read from the pixel at `first`.
    #[inline(always)]
    pub(super) fn channels_of<S: Simd>(
        self,
        simd: S,
        x: &[f32],
        first: usize,
        filter: usize,
        lanes: usize,
    ) -> Vector<S> {
        if self.multiplier() == 1 {
            return load(simd, x, first + filter, lanes);
        }
        let mut values = [0.0; LANES];
        for (number, value) in values.iter_mut().enumerate().take(lanes) {
            *value = get(x, first + (filter + number) / self.multiplier());
        }
        values.simd_into(simd)
    }
}
