//! The gradient of the weights of a depthwise convolution; images and pixels are summed in registers.

use core::marker::PhantomData;

use fearless_simd::{Simd, prelude::*};

use super::super::Epilogue;
use super::geometry::{Window, Windowed};
use super::strip::{Tiles, in_tiles, unrolled_mut};
use super::taps::{Grid, HALF, grid_heights, strip, tallest};
use crate::arena::{get, row, tail};
use crate::lanes::{self, LANES, Vector, load, load_whole, splat};

/// The windows of `rows` images times the cotangents `dy` of shape `[rows, height, width, filters]`; a result's row is
/// zero and its column the position in the weights of [`depthwise`](super::depthwise).
///
/// `x` begins at the first tap of the first window. `scratch` has at least
/// [`Window::depthwise_weight_gradient_scratch`] floats.
#[inline(never)]
pub fn depthwise_weight_gradient<S: Simd, E: Epilogue<S>, W: Windowed>(
    simd: S,
    x: &[f32],
    dy: &[f32],
    rows: usize,
    scratch: &mut [f32],
    epilogue: &mut E,
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let window = const { W::WINDOW };
            let weights = window.taps() * window.filters;
            let Some((gradient, repeated)) = scratch.split_at_mut_checked(weights) else { return };
            if const { W::WINDOW.multiplier() == 1 } {
                window.gradients::<S, W>(simd, x, dy, rows * window.output[0], true, gradient);
            } else {
                gradient.fill(0.0);
                for image in 0..rows {
                    let x = tail(x, image * window.image());
                    let mut first = 0;
                    while first < window.output[0] {
                        let count = window.repeat(x, [first, window.output[0]], repeated);
                        let line = image * window.output[0] + first;
                        let dy = tail(dy, line * window.output[1] * window.filters);
                        const { W::WINDOW.repeated() }.gradients::<S, W>(simd, repeated, dy, count, false, gradient);
                        first += count;
                    }
                }
            }
            for column in (0..weights).step_by(LANES) {
                let lanes = LANES.min(weights - column);
                epilogue.store(simd, 0, column, lanes, load(simd, gradient, column, lanes));
                epilogue.reach(simd, column + lanes);
            }
        },
    );
}

impl Window {
    /// The gradients from `lines` rows of pixels, which replace those of before or are added to them.
    #[inline(always)]
    fn gradients<S: Simd, W: Windowed>(
        self,
        simd: S,
        x: &[f32],
        dy: &[f32],
        lines: usize,
        replace: bool,
        gradient: &mut [f32],
    ) {
        let high = const { strip::<S, Taps<W>, HALF>() };
        for filter in (0..self.filters).step_by(LANES) {
            for row in (0..self.kernel[0]).step_by(high) {
                let gradient = &mut *gradient;
                let taps = PhantomData::<W>;
                let mut part = Part { simd, window: self, x, dy, lines, filter, row, replace, gradient, taps };
                let count = high.min(self.kernel[0] - row) * self.kernel[1];
                in_tiles(count, const { tallest::<S, HALF>() }, &mut part);
            }
        }
    }

    /// Floats of scratch memory of [`depthwise_weight_gradient`].
    #[must_use]
    pub const fn depthwise_weight_gradient_scratch(self) -> usize {
        self.taps() * self.filters + self.repeated_floats()
    }
}

/// The taps of a window.
struct Taps<W>(PhantomData<W>);

impl<W: Windowed> Grid for Taps<W> {
    const WIDTH: usize = W::WINDOW.kernel[1];
    const HEIGHT: Option<usize> = Some(W::WINDOW.kernel[0]);
    const SHARED: usize = 1;
}

/// A vector of filters and some rows of taps.
struct Part<'a, S, W> {
    simd: S,
    window: Window,
    x: &'a [f32],
    dy: &'a [f32],
    lines: usize,
    filter: usize,
    row: usize,
    replace: bool,
    gradient: &'a mut [f32],
    taps: PhantomData<W>,
}

impl<S: Simd, W: Windowed> Tiles for Part<'_, S, W> {
    const HEIGHTS: u32 = grid_heights::<S, Taps<W>, HALF>();

    #[inline(always)]
    fn run<const R: usize>(&mut self, column: usize) {
        let mut sums = [splat(self.simd, 0.0); R];
        let rows = const { W::WINDOW.output[0] };
        let [mut image, mut line] = [0, 0];
        for _ in 0..self.lines {
            self.add_line(image, line, column, &mut sums);
            line += 1;
            if line == rows {
                (image, line) = (image + 1, 0);
            }
        }
        let lanes = LANES.min(self.window.filters - self.filter);
        for (number, sum) in sums.iter().enumerate() {
            let at = (self.row * self.window.kernel[1] + column + number) * self.window.filters + self.filter;
            let before = if self.replace { splat(self.simd, 0.0) } else { load(self.simd, self.gradient, at, lanes) };
            lanes::store(self.gradient, at, lanes, *sum + before);
        }
    }
}

impl<S: Simd, W: Windowed> Part<'_, S, W> {
    /// From a tap of the tile to the first one of its row of taps.
    #[inline(always)]
    fn offset(&self, number: usize) -> usize {
        let [down, across] = self.window.tap_steps();
        if const { strip::<S, Taps<W>, HALF>() == 1 } {
            return number * across;
        }
        let width = const { W::WINDOW.kernel[1] };
        number / width * down + number % width * across
    }

    /// Adds the products of a row of pixels.
    #[inline(always)]
    fn add_line<const R: usize>(&self, image: usize, line: usize, column: usize, sums: &mut [Vector<S>; R]) {
        let window = self.window;
        let ([down, across], [tap_down, tap_across]) = (window.steps(), window.tap_steps());
        let pixels = const { W::WINDOW.output[1] };
        let first = image * window.image() + line * down + self.row * tap_down + column * tap_across + self.filter;
        let lines = const { W::WINDOW.output[0] };
        let cotangents = tail(self.dy, (image * lines + line) * pixels * window.filters + self.filter);
        let lanes = if const { W::WINDOW.filters.is_multiple_of(LANES) } {
            LANES
        } else {
            LANES.min(window.filters - self.filter)
        };
        let Some(values) = self.x.get(first..first + (pixels - 1) * across + self.offset(R - 1) + LANES) else {
            if const { !W::WINDOW.filters.is_multiple_of(LANES) } {
                let products = self.last::<R>(tail(self.x, first), cotangents);
                for (sum, values) in sums.iter_mut().zip(&products) {
                    *sum += load_whole(self.simd, values);
                }
            }
            return;
        };
        for pixel in 0..pixels {
            let cotangent = self.cotangent(cotangents, pixel * window.filters, lanes);
            let values = tail(values, pixel * across);
            unrolled_mut(
                sums,
                #[inline(always)]
                |number, sum| {
                    *sum = cotangent.mul_add(load_whole(self.simd, row(values, self.offset(number))), *sum);
                },
            );
        }
    }

    #[inline(always)]
    fn cotangent(&self, cotangents: &[f32], at: usize, lanes: usize) -> Vector<S> {
        if const { W::WINDOW.filters.is_multiple_of(LANES) } {
            return load_whole(self.simd, row(cotangents, at));
        }
        load(self.simd, cotangents, at, lanes)
    }

    /// The products of a row of pixels where the memory ends, one by one; apart from the code around vectors.
    #[cold]
    #[inline(never)]
    fn last<const R: usize>(&self, values: &[f32], cotangents: &[f32]) -> [[f32; LANES]; R] {
        let [_, across] = self.window.steps();
        let filters = self.window.filters;
        let mut sums = [[0.0; LANES]; R];
        for (number, sums) in sums.iter_mut().enumerate() {
            for (lane, sum) in sums.iter_mut().enumerate().take(filters - self.filter) {
                for pixel in 0..const { W::WINDOW.output[1] } {
                    let value = get(values, pixel * across + self.offset(number) + lane);
                    *sum += value * get(cotangents, pixel * filters + lane);
                }
            }
        }
        sums
    }
}
