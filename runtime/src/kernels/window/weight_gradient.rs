//! The gradient of the weights of a convolution, written in their own panels; images and pixels are summed in registers.

use fearless_simd::Simd;

use super::super::Epilogue;
use super::super::register;
use super::super::tile::{Blocks, Lines, Place, Transposed, accumulate, in_blocks, store};
use super::geometry::{Window, Windowed};
use crate::lanes::{LANES, splat};
use crate::tensors::PANEL;

/// The windows of `rows` images times the cotangents `dy` of shape `[rows, height, width, filters]`; a result's row is
/// zero and its column the position in the weights of [`convolution`](super::convolution).
///
/// `x` begins at the first tap of the first window.
#[inline(never)]
pub fn convolution_weight_gradient<S: Simd, E: Epilogue<S>, W: Windowed>(
    simd: S,
    x: &[f32],
    dy: &[f32],
    rows: usize,
    _scratch: &mut [f32],
    epilogue: &mut E,
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let window = const { W::WINDOW };
            let [_, filters] = window.group();
            for group in 0..window.groups {
                for panel in 0..filters.div_ceil(PANEL) {
                    let first = panel * PANEL;
                    let right = Lines {
                        memory: dy,
                        first: group * filters + first,
                        stride: window.filters,
                        width: PANEL.min(filters - first),
                    };
                    Panel { simd, window, x, group, first, rows, right, epilogue }.run();
                }
            }
        },
    );
}

/// The weights of some filters of a group.
struct Panel<'a, S: Simd, E: Epilogue<S>> {
    simd: S,
    window: Window,
    x: &'a [f32],
    group: usize,
    first: usize,
    rows: usize,
    right: Lines<'a>,
    epilogue: &'a mut E,
}

impl<S: Simd, E: Epilogue<S>> Panel<'_, S, E> {
    #[inline(always)]
    fn run(&mut self) {
        let window = self.window;
        let ([channels, filters], taps) = (window.group(), window.runs());
        let mut position = self.group * filters * window.depth() + self.first * window.depth();
        for row in 0..taps.rows {
            for run in 0..taps.runs {
                let first = self.group * channels + row * taps.row_step + run * taps.run_step;
                in_blocks::<S, _>(taps.run, &mut Run { panel: self, first, position });
                position += taps.run * self.right.width;
            }
        }
    }
}

/// A run of neighbouring taps.
struct Run<'a, 'b, S: Simd, E: Epilogue<S>> {
    panel: &'a mut Panel<'b, S, E>,
    first: usize,
    position: usize,
}

impl<S: Simd, E: Epilogue<S>> Blocks for Run<'_, '_, S, E> {
    #[inline(always)]
    fn run<const R: usize>(&mut self, row: usize) {
        let width = self.panel.right.width;
        let place = Place { row: 0, row_step: 0, column: self.position + row * width, column_step: width };
        let mut column = 0;
        if const { register::<S>() == LANES } {
            while width - column > LANES {
                self.tile::<R, 2>(row, column, place);
                column = width.min(column + 2 * LANES);
            }
        }
        while column < width {
            self.tile::<R, 1>(row, column, place);
            column += LANES;
        }
        self.panel.epilogue.reach(self.panel.simd, place.column + R * width);
    }
}

impl<S: Simd, E: Epilogue<S>> Run<'_, '_, S, E> {
    #[inline(always)]
    fn tile<const R: usize, const V: usize>(&mut self, row: usize, column: usize, place: Place) {
        let Panel { simd, window, x, rows, right, .. } = *self.panel;
        let [down, across] = window.steps();
        let pixels = window.output[0] * window.output[1];
        let mut sums = [[splat(simd, 0.0); V]; R];
        for image in 0..rows {
            for line in 0..window.output[0] {
                let first = self.first + row + image * window.image() + line * down;
                let left = Transposed { memory: x, first, stride: across };
                let cotangent = (image * pixels + line * window.output[1]) * right.stride;
                let right = Lines { first: right.first + cotangent, ..right };
                accumulate(simd, &left, right, column, window.output[1], &mut sums);
            }
        }
        store(simd, &sums, place, column, right.width, self.panel.epilogue);
    }
}
