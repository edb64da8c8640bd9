//! Pools: the largest or the sum of the pixels of a window that lie inside the image.

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
            );
        },
    );
}

/// The sum of each window.
///
/// `x` begins at the first pixel of the first image. A row of results is a row of pixels, `[width, channels]`.
#[inline(never)]
pub fn sum_pool<S: Simd, E: Epilogue<S>, W: Windowed>(simd: S, x: &[f32], rows: usize, epilogue: &mut E) {
    simd.vectorize(
        #[inline(always)]
        || {
            pool(
                simd,
                const { W::WINDOW },
                x,
                rows,
                epilogue,
                splat(simd, 0.0),
                #[inline(always)]
                |a, b| a + b,
            );
        },
    );
}

#[inline(always)]
fn pool<S: Simd, E: Epilogue<S>>(
    simd: S,
    window: Window,
    x: &[f32],
    rows: usize,
    epilogue: &mut E,
    start: Vector<S>,
    combine: impl Fn(Vector<S>, Vector<S>) -> Vector<S>,
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
                    epilogue.store(simd, image * window.output[0] + row, column, lanes, sum);
                }
            }
        }
    }
}
