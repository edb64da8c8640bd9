//! The gradient of the weights of a convolution, written in their own panels; images and pixels are summed in registers.

use core::marker::PhantomData;

use fearless_simd::{Simd, prelude::*};

use super::super::{Epilogue, register};
use super::geometry::{Window, Windowed};
use super::strip::{Tiles, heights, in_tiles};
use super::taps::{HALF, NARROW, WIDE, kind, tallest};
use crate::arena::{get, tail};
use crate::lanes::{self, LANES, Vector, load, splat};
use crate::tensors::PANEL;

/// Floats of images and cotangents that stay near while all weights go over them.
const NEAR: usize = 49_152;

/// The windows of `rows` images times the cotangents `dy` of shape `[rows, height, width, filters]`; a result's row is
/// zero and its column the position in the weights of [`convolution`](super::convolution).
///
/// `x` begins at the first tap of the first window. It is faster with a `scratch` of
/// [`Window::weight_gradient_scratch`] floats.
#[inline(never)]
pub fn convolution_weight_gradient<S: Simd, E: Epilogue<S>, W: Windowed>(
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
            let filters = const { W::WINDOW.group()[1] };
            for group in 0..W::WINDOW.groups {
                let mut weights =
                    Weights::<_, _, W> { simd, x, dy, rows, group, scratch, epilogue, window: PhantomData };
                for panel in 0..filters / PANEL {
                    weights.panel::<PANEL>(panel * PANEL, PANEL);
                }
                let (first, width) = (filters / PANEL * PANEL, filters % PANEL);
                match const { kind(W::WINDOW.group()[1] % PANEL) } {
                    _ if width == 0 => {}
                    HALF => weights.panel::<HALF>(first, HALF),
                    NARROW => weights.panel::<NARROW>(first, width),
                    _ => weights.panel::<WIDE>(first, width),
                }
            }
        },
    );
}

/// The weights of a group.
struct Weights<'a, S: Simd, E: Epilogue<S>, W> {
    simd: S,
    x: &'a [f32],
    dy: &'a [f32],
    rows: usize,
    group: usize,
    scratch: &'a mut [f32],
    epilogue: &'a mut E,
    window: PhantomData<W>,
}

impl<S: Simd, E: Epilogue<S>, W: Windowed> Weights<'_, S, E, W> {
    /// The weights of the filters from `filter` on, a few rows of pixels after the other.
    #[inline(always)]
    fn panel<const P: usize>(&mut self, filter: usize, width: usize) {
        let (window, lines) = (const { W::WINDOW }, self.rows * W::WINDOW.output[0]);
        let some = if self.scratch.len() < window.depth() * width { lines } else { window.near() };
        let mut first = 0;
        loop {
            let end = lines.min(first + some);
            let steps = Steps { first: first == 0, last: end == lines };
            let mut panel = Panel::<_, _, W, P> { weights: self, filter, width, lines: [first, end], steps };
            panel.run();
            if end == lines {
                return;
            }
            first = end;
        }
    }
}

/// Whether sums begin, and whether they are complete.
#[derive(Clone, Copy)]
struct Steps {
    first: bool,
    last: bool,
}

struct Panel<'a, 'b, S: Simd, E: Epilogue<S>, W, const P: usize> {
    weights: &'a mut Weights<'b, S, E, W>,
    filter: usize,
    width: usize,
    /// Rows of pixels of all images.
    lines: [usize; 2],
    steps: Steps,
}

impl<S: Simd, E: Epilogue<S>, W: Windowed, const P: usize> Panel<'_, '_, S, E, W, P> {
    #[inline(always)]
    fn run(&mut self) {
        let taps = const { W::WINDOW.runs() };
        let high = const { merged::<S, W, P>() };
        let mut line = 0;
        for row in (0..taps.rows).step_by(high) {
            let count = high.min(taps.rows - row) * taps.run;
            for run in 0..taps.runs {
                let channel = self.weights.group * const { W::WINDOW.group()[0] };
                let first = channel + row * taps.row_step + run * taps.run_step;
                in_tiles(count, const { tallest::<S, P>() }, &mut Run { panel: self, first, line });
                line += count;
            }
        }
    }
}

/// Rows of taps that make one tile, or one row.
const fn merged<S: Simd, W: Windowed, const P: usize>() -> usize {
    let taps = W::WINDOW.runs();
    let rows = if taps.runs == 1 { tallest::<S, P>() / taps.run } else { 1 };
    match rows {
        0 => 1,
        rows if rows > taps.rows => taps.rows,
        rows => rows,
    }
}

/// Neighbouring rows of the weight matrix.
struct Run<'a, 'b, 'c, S: Simd, E: Epilogue<S>, W, const P: usize> {
    panel: &'a mut Panel<'b, 'c, S, E, W, P>,
    /// The first float of the tap in the first window.
    first: usize,
    line: usize,
}

impl<S: Simd, E: Epilogue<S>, W: Windowed, const P: usize> Tiles for Run<'_, '_, '_, S, E, W, P> {
    const HEIGHTS: u32 = {
        let (taps, high) = (W::WINDOW.runs(), merged::<S, W, P>());
        heights(high * taps.run, tallest::<S, P>()) | heights(taps.rows % high * taps.run, tallest::<S, P>())
    };

    #[inline(always)]
    fn run<const R: usize>(&mut self, row: usize) {
        let width = self.panel.width;
        let mut column = 0;
        if const { register::<S>() == LANES && P > LANES } {
            while width - column > LANES {
                self.tile::<R, 2>(row, column);
                column = width.min(column + 2 * LANES);
            }
        }
        if const { register::<S>() != LANES || P != PANEL } {
            while column < width {
                self.tile::<R, 1>(row, column);
                column += LANES;
            }
        }
        if self.panel.steps.last {
            let end = self.position(row + R);
            let weights = &mut *self.panel.weights;
            weights.epilogue.reach(weights.simd, end);
        }
    }
}

impl<S: Simd, E: Epilogue<S>, W: Windowed, const P: usize> Run<'_, '_, '_, S, E, W, P> {
    /// The position of the first weight of a row of the panel.
    #[inline(always)]
    fn position(&self, row: usize) -> usize {
        let depth = const { W::WINDOW.depth() };
        let first = self.panel.weights.group * const { W::WINDOW.group()[1] } + self.panel.filter;
        first * depth + (self.line + row) * self.panel.width
    }

    /// From a tap of the tile to the first one.
    #[inline(always)]
    fn offset(number: usize) -> usize {
        let taps = const { W::WINDOW.runs() };
        if const { merged::<S, W, P>() == 1 } {
            return number;
        }
        number / taps.run * taps.row_step + number % taps.run
    }

    #[inline(always)]
    fn tile<const R: usize, const V: usize>(&mut self, row: usize, column: usize) {
        let (window, simd, steps) = (const { W::WINDOW }, self.panel.weights.simd, self.panel.steps);
        let mut sums = [[splat(simd, 0.0); V]; R];
        if !steps.first {
            self.each(
                row,
                column,
                &mut sums,
                #[inline(always)]
                |weights, at, _, lanes, sum| {
                    *sum = load(simd, weights.scratch, at, lanes);
                },
            );
        }
        let [mut image, mut line] = [self.panel.lines[0] / window.output[0], self.panel.lines[0] % window.output[0]];
        for _ in self.panel.lines[0]..self.panel.lines[1] {
            self.add_line::<R, V>(image, line, row, column, &mut sums);
            line += 1;
            if line == window.output[0] {
                (image, line) = (image + 1, 0);
            }
        }
        if steps.last {
            self.each(
                row,
                column,
                &mut sums,
                #[inline(always)]
                |weights, _, position, lanes, sum| {
                    weights.epilogue.store(simd, 0, position, lanes, *sum);
                },
            );
        } else {
            self.each(
                row,
                column,
                &mut sums,
                #[inline(always)]
                |weights, at, _, lanes, sum| {
                    lanes::store(weights.scratch, at, lanes, *sum);
                },
            );
        }
    }

    /// Goes through the vectors of a tile with their places in the scratch memory and among the weights.
    #[inline(always)]
    fn each<'s, const R: usize, const V: usize>(
        &mut self,
        row: usize,
        column: usize,
        sums: &'s mut [[Vector<S>; V]; R],
        mut each: impl FnMut(&mut Weights<'_, S, E, W>, usize, usize, usize, &'s mut Vector<S>),
    ) {
        for (number, sums) in sums.iter_mut().enumerate() {
            let at = (self.line + row + number) * self.panel.width + column;
            let position = self.position(row + number) + column;
            for (vector, sum) in sums.iter_mut().enumerate() {
                let (first, lanes) = (vector * LANES, self.lanes(column, vector));
                each(self.panel.weights, at + first, position + first, lanes, sum);
            }
        }
    }

    #[inline(always)]
    fn lanes(&self, column: usize, vector: usize) -> usize {
        self.panel.width.saturating_sub(column + vector * LANES).min(LANES)
    }

    /// Adds the products of a row of pixels.
    #[inline(always)]
    fn add_line<const R: usize, const V: usize>(
        &self,
        image: usize,
        line: usize,
        row: usize,
        column: usize,
        sums: &mut [[Vector<S>; V]; R],
    ) {
        let (window, weights) = (const { W::WINDOW }, &*self.panel.weights);
        let ([down, across], pixels) = (window.steps(), window.output[1]);
        let (first, last) = (self.first + row + image * window.image() + line * down, Self::offset(R - 1));
        let Some(values) = weights.x.get(first..first + (pixels - 1) * across + last + 1) else { return };
        let filter = weights.group * window.group()[1] + self.panel.filter + column;
        let cotangents = tail(weights.dy, (image * window.output[0] + line) * pixels * window.filters + filter);
        for pixel in 0..pixels {
            let values = tail(values, pixel * across);
            let cotangents = self.vectors::<V>(cotangents, pixel * window.filters, column);
            for (number, sums) in sums.iter_mut().enumerate() {
                let scalar = splat(weights.simd, get(values, Self::offset(number)));
                for (sum, vector) in sums.iter_mut().zip(&cotangents) {
                    *sum = scalar.mul_add(*vector, *sum);
                }
            }
        }
    }

    #[inline(always)]
    fn vectors<const V: usize>(&self, cotangents: &[f32], at: usize, column: usize) -> [Vector<S>; V] {
        let simd = self.panel.weights.simd;
        let mut vectors = [splat(simd, 0.0); V];
        for (number, vector) in vectors.iter_mut().enumerate() {
            *vector = load(simd, cotangents, at + number * LANES, self.lanes(column, number));
        }
        vectors
    }
}

impl Window {
    /// Rows of pixels that stay near.
    const fn near(self) -> usize {
        let width = if self.filters < PANEL { self.filters } else { PANEL };
        let rows = NEAR / (self.stride[0] * self.row() + self.output[1] * width);
        if rows == 0 { 1 } else { rows }
    }

    /// Floats of scratch memory of [`convolution_weight_gradient`].
    #[must_use]
    pub const fn weight_gradient_scratch(self) -> usize {
        let [_, filters] = self.group();
        self.depth() * if filters < PANEL { filters } else { PANEL }
    }
}
