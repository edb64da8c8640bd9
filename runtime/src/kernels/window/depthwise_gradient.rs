//! The gradients of depthwise convolutions.

use fearless_simd::{Simd, prelude::*};

use super::super::Epilogue;
use super::super::tile::{Blocks, in_blocks};
use super::geometry::{Window, Windowed};
use crate::arena::get;
use crate::lanes::{self, LANES, Vector, load, splat};

/// The cotangents `dy` of shape `[rows, height, width, filters]` times the weights of [`depthwise`](super::depthwise),
/// for each pixel of the images without their border; results of zero where no window is. A row of results is a row
/// of pixels, `[width, channels]`.
///
/// `scratch` has at least [`Window::depthwise_input_gradient_scratch`] floats.
#[inline(never)]
pub fn depthwise_input_gradient<S: Simd, E: Epilogue<S>, W: Windowed>(
    simd: S,
    dy: &[f32],
    w: &[f32],
    rows: usize,
    _scratch: &mut [f32],
    epilogue: &mut E,
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let window = const { W::WINDOW };
            for image in 0..rows {
                for row in 0..window.size[0] {
                    for column in 0..window.size[1] {
                        for channel in (0..window.channels).step_by(LANES) {
                            let lanes = LANES.min(window.channels - channel);
                            let sum = window.cotangent(simd, dy, w, [image, row, column], channel, lanes);
                            let column = column * window.channels + channel;
                            epilogue.store(simd, image * window.size[0] + row, column, lanes, sum);
                        }
                    }
                }
            }
        },
    );
}

impl Window {
    /// The gradient of a pixel's channels.
    #[inline(always)]
    fn cotangent<S: Simd>(
        self,
        simd: S,
        dy: &[f32],
        w: &[f32],
        [image, row, column]: [usize; 3],
        channel: usize,
        lanes: usize,
    ) -> Vector<S> {
        let mut sum = splat(simd, 0.0);
        for tap in 0..self.taps() {
            let down = self.axis(0).result(row, tap / self.kernel[1]);
            let across = self.axis(1).result(column, tap % self.kernel[1]);
            let (Some(down), Some(across)) = (down, across) else { continue };
            let at = ((image * self.output[0] + down) * self.output[1] + across) * self.filters;
            for number in 0..self.multiplier() {
                let cotangent = self.strided(simd, dy, at + number, channel, lanes);
                let weights = self.strided(simd, w, tap * self.filters + number, channel, lanes);
                sum = cotangent.mul_add(weights, sum);
            }
        }
        sum
    }

    /// Every filter that is a multiplier apart.
    #[inline(always)]
    fn strided<S: Simd>(self, simd: S, memory: &[f32], first: usize, channel: usize, lanes: usize) -> Vector<S> {
        if self.multiplier() == 1 {
            return load(simd, memory, first + channel, lanes);
        }
        let mut values = [0.0; LANES];
        for (number, value) in values.iter_mut().enumerate().take(lanes) {
            *value = get(memory, first + (channel + number) * self.multiplier());
        }
        values.simd_into(simd)
    }
}

/// The windows of `rows` images times the cotangents `dy` of shape `[rows, height, width, filters]`; a result's row is
/// zero and its column the position in the weights of [`depthwise`](super::depthwise).
///
/// `x` begins at the first tap of the first window. `scratch` has at least as many floats as there are weights.
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
            for filter in (0..window.filters).step_by(LANES) {
                for row in 0..window.kernel[0] {
                    let gradient = &mut *scratch;
                    in_blocks::<S, _>(window.kernel[1], &mut Row { simd, window, x, dy, rows, filter, row, gradient });
                }
            }
            for column in (0..weights).step_by(LANES) {
                let lanes = LANES.min(weights - column);
                epilogue.store(simd, 0, column, lanes, load(simd, scratch, column, lanes));
                epilogue.reach(simd, column + lanes);
            }
        },
    );
}

/// A row of taps.
struct Row<'a, S> {
    simd: S,
    window: Window,
    x: &'a [f32],
    dy: &'a [f32],
    rows: usize,
    filter: usize,
    row: usize,
    gradient: &'a mut [f32],
}

impl<S: Simd> Blocks for Row<'_, S> {
    #[inline(always)]
    fn run<const R: usize>(&mut self, column: usize) {
        let Self { simd, window, x, dy, filter, .. } = *self;
        let lanes = LANES.min(window.filters - filter);
        let ([down, across], tap) = (window.steps(), self.row * window.kernel[1] + column);
        let mut sums = [splat(simd, 0.0); R];
        for image in 0..self.rows {
            for row in 0..window.output[0] {
                for pixel in 0..window.output[1] {
                    let at = (image * window.output[0] + row) * window.output[1] + pixel;
                    let cotangent = load(simd, dy, at * window.filters + filter, lanes);
                    let first = image * window.image() + row * down + pixel * across;
                    for (number, sum) in sums.iter_mut().enumerate() {
                        let first = first + window.tap(tap + number);
                        *sum = cotangent.mul_add(window.channels_of(simd, x, first, filter, lanes), *sum);
                    }
                }
            }
        }
        for (number, sum) in sums.iter().enumerate() {
            lanes::store(self.gradient, (tap + number) * window.filters + filter, lanes, *sum);
        }
    }
}
