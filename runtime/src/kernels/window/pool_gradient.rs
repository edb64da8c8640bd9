//! The gradients of pools.

use fearless_simd::{Simd, prelude::*};

use super::super::Epilogue;
use super::geometry::{Window, Windowed};
use super::phase::Reached;
use crate::arena::{fill, get, view_mut};
use crate::lanes::{self, LANES, Vector, load, splat};
use crate::math;

/// The cotangents `dy` of shape `[rows, height, width, channels]` at all pixels of each window of
/// [`sum_pool`](super::sum_pool); zero where no window is. A row of results is a row of pixels, `[width, channels]`.
#[inline(never)]
pub fn sum_pool_gradient<S: Simd, E: Epilogue<S>, W: Windowed>(simd: S, dy: &[f32], rows: usize, epilogue: &mut E) {
    simd.vectorize(
        #[inline(always)]
        || {
            let window = const { W::WINDOW };
            for image in 0..rows {
                for row in 0..window.size[0] {
                    let down = window.axis(0).windows(row);
                    for column in 0..window.size[1] {
                        let across = window.axis(1).windows(column);
                        for channel in (0..window.channels).step_by(LANES) {
                            let lanes = LANES.min(window.channels - channel);
                            let sum = window.spread(simd, dy, image, [down, across], channel, lanes);
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
    fn spread<S: Simd>(
        self,
        simd: S,
        dy: &[f32],
        image: usize,
        [down, across]: [Reached; 2],
        channel: usize,
        lanes: usize,
    ) -> Vector<S> {
        let mut sum = splat(simd, 0.0);
        for i in 0..down.count {
            let line = image * self.output[0] + down.first + i * down.step;
            for j in 0..across.count {
                let column = across.first + j * across.step;
                sum += load(simd, dy, (line * self.output[1] + column) * self.channels + channel, lanes);
            }
        }
        sum
    }

    /// Whether a pixel is in one window or in none.
    const fn apart(self) -> bool {
        let [down, across] = self.stride;
        self.kernel[0] == down && self.kernel[1] == across && self.dilation[0] == 1 && self.dilation[1] == 1
    }

    /// Rows that the windows of a row of windows cover.
    const fn span(self) -> usize {
        (self.kernel[0] - 1) * self.dilation[0] + 1
    }

    /// Floats of scratch memory of [`max_pool_gradient`].
    #[must_use]
    pub const fn max_pool_gradient_scratch(self) -> usize {
        self.span() * self.size[1] * self.channels
    }
}

/// The cotangents `dy` of shape `[rows, height, width, channels]` at the first of the largest pixels of each window of
/// [`max_pool`](super::max_pool); at the first NaN where there is one. A row of results is a row of pixels,
/// `[width, channels]`.
///
/// `x` begins at the first pixel of the first image; `scratch` has at least [`Window::max_pool_gradient_scratch`] floats.
#[inline(never)]
pub fn max_pool_gradient<S: Simd, E: Epilogue<S>, W: Windowed>(
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
            for image in 0..rows {
                let mut image = Image { simd, window, x, dy, image, ring: scratch, epilogue };
                if const { W::WINDOW.apart() } {
                    image.apart();
                } else {
                    image.run();
                }
            }
        },
    );
}

/// The gradient of an image: rows that windows still reach are in a ring.
struct Image<'a, S: Simd, E: Epilogue<S>> {
    simd: S,
    window: Window,
    x: &'a [f32],
    dy: &'a [f32],
    image: usize,
    ring: &'a mut [f32],
    epilogue: &'a mut E,
}

impl<S: Simd, E: Epilogue<S>> Image<'_, S, E> {
    #[inline(always)]
    fn run(&mut self) {
        let window = self.window;
        let (mut finished, mut started) = (0, 0);
        for row in 0..window.output[0] {
            let down = window.axis(0).inside(row);
            while finished < (row * window.stride[0]).saturating_sub(window.padding[0]).min(window.size[0]) {
                self.finish(finished, finished < started);
                finished += 1;
            }
            started = started.max(finished);
            while started < down.end(window.dilation[0]) {
                fill(self.line(started), 0.0);
                started += 1;
            }
            for column in 0..window.output[1] {
                self.window(row, column);
            }
        }
        for row in finished..window.size[0] {
            self.finish(row, row < started);
        }
    }

    /// Where each pixel is in one window or none.
    #[inline(always)]
    fn apart(&mut self) {
        let Self { simd, window, .. } = *self;
        let end = |axis: usize| (window.output[axis] * window.stride[axis]).saturating_sub(window.padding[axis]);
        let [height, width] = [end(0).min(window.size[0]), end(1).min(window.size[1])];
        for row in 0..window.output[0] {
            for column in 0..window.output[1] {
                self.one_window(row, column);
            }
        }
        for row in 0..window.size[0] {
            for pixel in if row < height { width } else { 0 }..window.size[1] {
                for channel in (0..window.channels).step_by(LANES) {
                    let lanes = LANES.min(window.channels - channel);
                    let row = self.image * window.size[0] + row;
                    self.epilogue.store(simd, row, pixel * window.channels + channel, lanes, splat(simd, 0.0));
                }
            }
        }
    }

    /// The pixels of a window that no other one reaches.
    #[inline(always)]
    fn one_window(&mut self, row: usize, column: usize) {
        let Self { simd, window, .. } = *self;
        let result = ((self.image * window.output[0] + row) * window.output[1] + column) * window.channels;
        let (down, across) = (window.axis(0).inside(row), window.axis(1).inside(column));
        let (first, zero) = (self.image * window.image(), splat(simd, 0.0));
        for channel in (0..window.channels).step_by(LANES) {
            let lanes = LANES.min(window.channels - channel);
            let largest = self.largest(row, column, channel, lanes);
            let mut cotangent = load(simd, self.dy, result + channel, lanes);
            for row in down.first..down.first + down.count {
                for pixel in across.first..across.first + across.count {
                    let column = pixel * window.channels + channel;
                    let value = load(simd, self.x, first + row * window.row() + column, lanes);
                    let chosen = value.simd_eq(largest) | !value.simd_eq(value);
                    let row = self.image * window.size[0] + row;
                    self.epilogue.store(simd, row, column, lanes, chosen.select(cotangent, zero));
                    cotangent = chosen.select(zero, cotangent);
                }
            }
        }
    }

    /// The place of a row of pixels in the ring.
    #[inline(always)]
    fn place(&self, row: usize) -> usize {
        row % self.window.span() * self.window.size[1] * self.window.channels
    }

    #[inline(always)]
    fn line(&mut self, row: usize) -> &mut [f32] {
        let at = self.place(row);
        view_mut(self.ring, at, self.window.size[1] * self.window.channels)
    }

    #[inline(always)]
    fn finish(&mut self, row: usize, reached: bool) {
        let Self { simd, window, .. } = *self;
        for pixel in 0..window.size[1] {
            for channel in (0..window.channels).step_by(LANES) {
                let lanes = LANES.min(window.channels - channel);
                let column = pixel * window.channels + channel;
                let at = self.place(row) + column;
                let value = if reached { load(simd, self.ring, at, lanes) } else { splat(simd, 0.0) };
                self.epilogue.store(simd, self.image * window.size[0] + row, column, lanes, value);
            }
        }
    }

    /// Adds the cotangents of a window.
    #[inline(always)]
    fn window(&mut self, row: usize, column: usize) {
        let Self { simd, window, .. } = *self;
        let result = ((self.image * window.output[0] + row) * window.output[1] + column) * window.channels;
        for channel in (0..window.channels).step_by(LANES) {
            let lanes = LANES.min(window.channels - channel);
            let cotangent = load(simd, self.dy, result + channel, lanes);
            let largest = self.largest(row, column, channel, lanes);
            self.spread(row, column, channel, lanes, largest, cotangent);
        }
    }

    #[inline(always)]
    fn largest(&self, row: usize, column: usize, channel: usize, lanes: usize) -> Vector<S> {
        let Self { simd, window, x, image, .. } = *self;
        let (down, across) = (window.axis(0).inside(row), window.axis(1).inside(column));
        let mut largest = splat(simd, f32::NEG_INFINITY);
        for i in 0..down.count {
            let line = image * window.image() + (down.first + i * window.dilation[0]) * window.row() + channel;
            for j in 0..across.count {
                let at = line + (across.first + j * window.dilation[1]) * window.channels;
                largest = math::max(simd, largest, load(simd, x, at, lanes));
            }
        }
        largest
    }

    #[inline(always)]
    fn spread(
        &mut self,
        row: usize,
        column: usize,
        channel: usize,
        lanes: usize,
        largest: Vector<S>,
        mut cotangent: Vector<S>,
    ) {
        let Self { simd, window, .. } = *self;
        let (down, across) = (window.axis(0).inside(row), window.axis(1).inside(column));
        let zero = splat(simd, 0.0);
        for i in 0..down.count {
            let row = down.first + i * window.dilation[0];
            for j in 0..across.count {
                let at = (across.first + j * window.dilation[1]) * window.channels + channel;
                let value = load(simd, self.x, self.image * window.image() + row * window.row() + at, lanes);
                let chosen = value.simd_eq(largest) | !value.simd_eq(value);
                let place = self.place(row) + at;
                let sum = load(simd, self.ring, place, lanes) + chosen.select(cotangent, zero);
                lanes::store(self.ring, place, lanes, sum);
                cotangent = chosen.select(zero, cotangent);
            }
        }
    }
}

/// What `other`, of the shape of the images without a border, has where each window of `x` is first largest; at the first
/// NaN where there is one. A row of results is a row of pixels, `[width, channels]`.
///
/// `x` begins at the first pixel of the first image.
#[inline(never)]
pub fn max_pool_at<S: Simd, E: Epilogue<S>, W: Windowed>(
    simd: S,
    x: &[f32],
    other: &[f32],
    rows: usize,
    epilogue: &mut E,
) {
    let window = const { W::WINDOW };
    for (image, row) in (0..rows).flat_map(|image| (0..window.output[0]).map(move |row| (image, row))) {
        for (pixel, channel) in
            (0..window.output[1]).flat_map(|pixel| (0..window.channels).map(move |channel| (pixel, channel)))
        {
            let chosen = first_largest::<W>(x, [image, row, pixel, channel]).map_or(0.0, |at| get(other, at));
            let column = pixel * window.channels + channel;
            epilogue.store(simd, image * window.output[0] + row, column, 1, splat(simd, chosen));
        }
    }
}

/// Where the first largest element of a window lies in images without a border.
fn first_largest<W: Windowed>(x: &[f32], [image, row, pixel, channel]: [usize; 4]) -> Option<usize> {
    let window = const { W::WINDOW };
    let (down, across) = (window.axis(0).inside(row), window.axis(1).inside(pixel));
    let mut best: Option<(f32, usize)> = None;
    for i in 0..down.count {
        for j in 0..across.count {
            let (row, column) = (down.first + i * window.dilation[0], across.first + j * window.dilation[1]);
            let value = get(x, image * window.image() + row * window.row() + column * window.channels + channel);
            let at = ((image * window.size[0] + row) * window.size[1] + column) * window.channels + channel;
            if best.is_none_or(|(best, _)| value > best || value.is_nan() && !best.is_nan()) {
                best = Some((value, at));
            }
        }
    }
    best.map(|(_, at)| at)
}
