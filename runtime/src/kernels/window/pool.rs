//! Pools: the largest or the mean of the pixels of a window that lie inside the image.

use fearless_simd::Simd;

use super::super::Epilogue;
use super::geometry::{Window, Windowed};
use crate::lanes::{LANES, Vector, load, splat};
use crate::math;

/// The largest value of each window; NaN where one of them is.
///
/// `x` begins at the first pixel of the first image. A row of results is a row of pixels, `[width, channels]`.
#[inline(never)]
pub fn max_pool<S: Simd, E: Epilogue<S>, W: Windowed>(simd: S, x: &[f32], rows: usize, epilogue: &mut E) {
    simd.vectorize(
        #[inline(always)]
        || {
            let window = const { W::WINDOW };
            let largest = splat(simd, f32::NEG_INFINITY);
            pool(
                simd,
                window,
                x,
                rows,
                epilogue,
                largest,
                #[inline(always)]
                |a, b| math::max(simd, a, b),
                #[inline(always)]
                |sum, _| sum,
            );
        },
    );
}

/// The mean of each window; pixels of the border count as zeros where `BORDER`, else they do not count.
///
/// `x` begins at the first pixel of the first image. A row of results is a row of pixels, `[width, channels]`.
#[inline(never)]
pub fn average_pool<S: Simd, E: Epilogue<S>, W: Windowed, const BORDER: bool>(
    simd: S,
    x: &[f32],
    rows: usize,
    epilogue: &mut E,
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let window = const { W::WINDOW };
            pool(
                simd,
                window,
                x,
                rows,
                epilogue,
                splat(simd, 0.0),
                #[inline(always)]
                |a, b| a + b,
                #[inline(always)]
                |sum, taps| sum * splat(simd, window.share::<BORDER>(taps)),
            );
        },
    );
}

impl Window {
    /// What a pixel adds to a mean of `taps` pixels.
    #[inline(always)]
    pub(super) fn share<const BORDER: bool>(self, taps: usize) -> f32 {
        1.0 / if BORDER { self.taps() } else { taps.max(1) } as f32
    }
}

#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "what a pool is, and its three functions")]
fn pool<S: Simd, E: Epilogue<S>>(
    simd: S,
    window: Window,
    x: &[f32],
    rows: usize,
    epilogue: &mut E,
    start: Vector<S>,
    combine: impl Fn(Vector<S>, Vector<S>) -> Vector<S>,
    finish: impl Fn(Vector<S>, usize) -> Vector<S>,
) {
    for image in 0..rows {
        for row in 0..window.output[0] {
            let down = window.axis(0).inside(row);
            for pixel in 0..window.output[1] {
                let across = window.axis(1).inside(pixel);
                let first = image * window.image() + down.first * window.row() + across.first * window.channels;
                for channel in (0..window.channels).step_by(LANES) {
                    let lanes = LANES.min(window.channels - channel);
                    let mut sum = start;
                    for i in 0..down.count {
                        for j in 0..across.count {
                            let at = i * window.dilation[0] * window.row() + j * window.dilation[1] * window.channels;
                            sum = combine(sum, load(simd, x, first + at + channel, lanes));
                        }
                    }
                    let column = pixel * window.channels + channel;
                    let value = finish(sum, down.count * across.count);
                    epilogue.store(simd, image * window.output[0] + row, column, lanes, value);
                }
            }
        }
    }
}
