//! Convolutions, directly from the padded image.

use core::marker::PhantomData;

use fearless_simd::Simd;

use super::super::Epilogue;
use super::super::tile::{Blocks, Lines, Place, in_blocks};
use super::geometry::{Window, Windowed};
use super::taps::{Pixels, Taps};
use crate::tensors::PANEL;

/// The windows of `rows` images times the weights `w`: for each group a matrix of rows (tap down, tap across, channel)
/// and a column for each filter, in panels.
///
/// `x` begins at the first tap of the first window. A row of results is a row of pixels, `[width, filters]`.
#[inline(never)]
pub fn convolution<S: Simd, E: Epilogue<S>, W: Windowed>(simd: S, x: &[f32], w: &[f32], rows: usize, epilogue: &mut E) {
    simd.vectorize(
        #[inline(always)]
        || {
            let window = const { W::WINDOW };
            let (depth, [channels, filters]) = (window.depth(), window.group());
            for group in 0..window.groups {
                let image = Images { x, rows, first: group * channels, window };
                let (matrix, column) = (group * depth * filters, group * filters);
                for first in (0..filters / PANEL).map(|panel| panel * PANEL) {
                    let right = Lines { memory: w, first: matrix + first * depth, stride: PANEL, width: PANEL };
                    image.panel::<S, E, W>(simd, right, column + first, epilogue);
                }
                let (first, width) = (filters / PANEL * PANEL, filters % PANEL);
                if width > 0 {
                    let right = Lines { memory: w, first: matrix + first * depth, stride: width, width };
                    image.panel::<S, E, W>(simd, right, column + first, epilogue);
                }
            }
        },
    );
}

/// The channels of a group of all images.
#[derive(Clone, Copy)]
struct Images<'a> {
    x: &'a [f32],
    rows: usize,
    first: usize,
    window: Window,
}

impl Images<'_> {
    /// The products of all windows with a panel of weights, whose first column is number `column`.
    #[inline(always)]
    fn panel<S: Simd, E: Epilogue<S>, W: Windowed>(self, simd: S, right: Lines, column: usize, epilogue: &mut E) {
        let Self { x, window, .. } = self;
        let (taps, [down, across]) = (window.runs(), window.steps());
        for image in 0..self.rows {
            for row in 0..window.output[0] {
                let first = self.first + image * window.image() + row * down;
                let row = image * window.output[0] + row;
                let place = Place { row, row_step: 0, column, column_step: window.filters };
                let pixels = Pixels { memory: x, first, step: across, taps, right, place };
                in_blocks::<S, _>(
                    window.output[1],
                    &mut Line::<_, _, W> { simd, pixels, epilogue, window: PhantomData },
                );
            }
        }
    }
}

/// A row of windows.
struct Line<'a, S: Simd, E: Epilogue<S>, W> {
    simd: S,
    pixels: Pixels<'a>,
    epilogue: &'a mut E,
    window: PhantomData<W>,
}

impl<S: Simd, E: Epilogue<S>, W: Windowed> Blocks for Line<'_, S, E, W> {
    const ROWS: Option<usize> = Some(W::WINDOW.output[1]);

    #[inline(always)]
    fn run<const R: usize>(&mut self, pixel: usize) {
        self.pixels.run::<S, E, R>(self.simd, pixel, self.epilogue);
    }
}

impl Window {
    /// The taps of a group's channels in the padded image.
    pub(super) const fn runs(self) -> Taps {
        let row_step = self.dilation[0] * self.row();
        let [channels, _] = self.group();
        if self.groups == 1 && self.dilation[1] == 1 {
            return Taps { rows: self.kernel[0], row_step, runs: 1, run_step: 0, run: self.kernel[1] * channels };
        }
        let run_step = self.dilation[1] * self.channels;
        Taps { rows: self.kernel[0], row_step, runs: self.kernel[1], run_step, run: channels }
    }
}
