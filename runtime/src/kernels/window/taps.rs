//! The register tile of convolutions: a few pixels times one or two vectors of filters, summed over the taps of a window.

use core::marker::PhantomData;

use fearless_simd::{Simd, prelude::*};

use super::super::tile::{Lines, Place, Slices, accumulate};
use super::super::{Epilogue, register};
use super::strip::{Tiles, heights, highest, in_tiles, unrolled, unrolled_mut};
use crate::arena::{get, tail};
use crate::lanes::{LANES, Vector, load_whole, splat};
use crate::tensors::PANEL;

/// The taps of a window as runs of neighbouring floats; distances are in floats.
#[derive(Clone, Copy)]
pub(super) struct Taps {
    pub rows: usize,
    pub row_step: usize,
    /// Runs of a row.
    pub runs: usize,
    pub run_step: usize,
    /// Length of a run.
    pub run: usize,
}

/// What is known at compile time of a grid of pixels.
pub(super) trait Grid {
    const WIDTH: usize;
    const HEIGHT: Option<usize>;
    /// Neighbouring taps whose pixels are neighbours too, so that a scalar serves several windows; at least one.
    const SHARED: usize;
}

/// A panel of exactly sixteen columns, of at most as many, and of more.
pub(super) const HALF: usize = LANES;
pub(super) const NARROW: usize = 1;
pub(super) const WIDE: usize = LANES + 1;

/// The kind of a panel of `width` columns: [`PANEL`], [`HALF`], [`NARROW`] or [`WIDE`].
pub(super) const fn kind(width: usize) -> usize {
    match width {
        PANEL => PANEL,
        HALF => HALF,
        ..HALF => NARROW,
        _ => WIDE,
    }
}

/// Pixels whose windows are multiplied with the columns of `right`.
#[derive(Clone, Copy)]
pub(super) struct Pixels<'a> {
    pub memory: &'a [f32],
    /// The first float of the first pixel's window.
    pub first: usize,
    /// From one window to the next, down and across.
    pub steps: [usize; 2],
    pub taps: Taps,
    pub right: Lines<'a>,
    /// Steps are from one row of pixels and from one pixel to the next.
    pub place: Place,
}

impl Pixels<'_> {
    /// The products of `rows` rows of a grid's pixels with a panel of kind `P`.
    #[inline(always)]
    pub fn run<S: Simd, E: Epilogue<S>, G: Grid, const P: usize>(self, simd: S, rows: usize, epilogue: &mut E) {
        let high = const { strip::<S, G, P>() };
        let mut row = 0;
        while row < rows {
            let pixels = Self {
                first: self.first + row * self.steps[0],
                place: Place { row: self.place.row + row * self.place.row_step, ..self.place },
                ..self
            };
            let count = high.min(rows - row) * G::WIDTH;
            let mut strip = Strip::<S, E, G, P> { simd, pixels, epilogue, grid: PhantomData };
            in_tiles(count, const { tallest::<S, P>() }, &mut strip);
            row += high;
        }
    }
}

/// Rows of the highest tile.
pub(super) const fn tallest<S: Simd, const P: usize>() -> usize {
    if P > LANES { highest::<S, false>() } else { highest::<S, true>() }
}

/// Rows of pixels that make one tile, or one row.
pub(super) const fn strip<S: Simd, G: Grid, const P: usize>() -> usize {
    let rows = tallest::<S, P>() / if G::WIDTH == 0 { 1 } else { G::WIDTH };
    let rows = match G::HEIGHT {
        Some(height) if height < rows => height,
        _ => rows,
    };
    if rows == 0 { 1 } else { rows }
}

/// The most taps that share scalars. Room for so many stands in for a parameter of the functions below: to choose one by a
/// `match` would mention an instance for each number, and rustc walks through all of them, though one alone is called.
const MOST_SHARED: usize = 7;

/// Taps that share scalars: where there are registers enough, and loads would take as long as multiplications.
const fn shared<S: Simd, G: Grid, const P: usize>() -> usize {
    if register::<S>() == LANES && P == HALF && G::SHARED <= MOST_SHARED { G::SHARED } else { 1 }
}

/// The heights of all tiles of a grid.
pub(super) const fn grid_heights<S: Simd, G: Grid, const P: usize>() -> u32 {
    let rows = strip::<S, G, P>();
    let mut all = heights(rows * G::WIDTH, tallest::<S, P>());
    let mut row = 1;
    while row < rows {
        match G::HEIGHT {
            Some(height) if height % rows != row => {}
            _ => all |= heights(row * G::WIDTH, tallest::<S, P>()),
        }
        row += 1;
    }
    all
}

/// One row of pixels in a few tiles, or a few rows in one.
struct Strip<'a, S: Simd, E: Epilogue<S>, G, const P: usize> {
    simd: S,
    pixels: Pixels<'a>,
    epilogue: &'a mut E,
    grid: PhantomData<G>,
}

impl<S: Simd, E: Epilogue<S>, G: Grid, const P: usize> Tiles for Strip<'_, S, E, G, P> {
    const HEIGHTS: u32 = grid_heights::<S, G, P>();

    #[inline(always)]
    fn run<const R: usize>(&mut self, pixel: usize) {
        let width = self.pixels.right.width;
        let mut column = 0;
        if const { register::<S>() == LANES && P > LANES } {
            while width - column > LANES {
                self.tile::<R, 2>(pixel, column);
                column = width.min(column + 2 * LANES);
            }
        }
        if const { register::<S>() != LANES || P != PANEL } {
            while column < width {
                self.tile::<R, 1>(pixel, column);
                column += LANES;
            }
        }
    }
}

impl<S: Simd, E: Epilogue<S>, G: Grid, const P: usize> Strip<'_, S, E, G, P> {
    #[inline(always)]
    fn tile<const R: usize, const V: usize>(&mut self, pixel: usize, column: usize) {
        let Pixels { taps, mut right, .. } = self.pixels;
        let mut sums = [[splat(self.simd, 0.0); V]; R];
        for row in 0..taps.rows {
            for run in 0..taps.runs {
                let at = row * taps.row_step + run * taps.run_step;
                self.accumulate::<R, V>(pixel, at, right, column, &mut sums);
                right.first += taps.run * right.stride;
            }
        }
        self.store(pixel, column, &sums);
    }

    /// From the window of a tile's first pixel to that of another one.
    #[inline(always)]
    fn offset(&self, number: usize) -> usize {
        let [down, across] = self.pixels.steps;
        if const { strip::<S, G, P>() == 1 } {
            return number * across;
        }
        number / G::WIDTH * down + number % G::WIDTH * across
    }

    /// Row and column of a tile's pixel.
    #[inline(always)]
    fn place(pixel: usize, number: usize) -> (usize, usize) {
        if const { strip::<S, G, P>() == 1 } {
            return (0, pixel + number);
        }
        (number / G::WIDTH, number % G::WIDTH)
    }

    /// Adds the products of a run of taps, those that share scalars at a time.
    #[inline(always)]
    fn accumulate<const R: usize, const V: usize>(
        &self,
        pixel: usize,
        at: usize,
        right: Lines,
        column: usize,
        sums: &mut [[Vector<S>; V]; R],
    ) {
        let Pixels { memory, first, steps, taps, .. } = self.pixels;
        let (first, last) = (first + pixel * steps[1] + at, self.offset(R - 1));
        let Some(span) = memory.get(first..first + last + taps.run) else { return };
        if const { P != PANEL && P != HALF } {
            let mut left = [[].as_slice(); R];
            for (number, row) in left.iter_mut().enumerate() {
                *row = tail(span, self.offset(number));
            }
            return accumulate(self.simd, &Slices(left), right, column, taps.run, sums);
        }
        let shared = const { shared::<S, G, P>() };
        let step = taps.run / shared;
        let Some(lines) = tail(right.memory, right.first).as_chunks::<P>().0.get(..taps.run) else { return };
        let reach = (shared - 1) * step;
        for (values, lines) in span.windows((last + reach + 1).max(1)).zip(lines.windows((reach + 1).max(1))) {
            let mut vectors = [[splat(self.simd, 0.0); V]; MOST_SHARED];
            for (tap, vectors) in vectors.iter_mut().take(shared).enumerate() {
                let line = tail(lines.get(tap * step).map_or(&[], <[f32; P]>::as_slice), column);
                for (vector, values) in vectors.iter_mut().zip(line.as_chunks().0) {
                    *vector = load_whole(self.simd, values);
                }
            }
            unrolled_mut(
                sums,
                #[inline(always)]
                |number, sums| {
                    for (tap, vectors) in vectors.iter().take(shared).enumerate() {
                        let scalar = splat(self.simd, get(values, self.offset(number) + tap * step));
                        for (sum, vector) in sums.iter_mut().zip(vectors) {
                            *sum = scalar.mul_add(*vector, *sum);
                        }
                    }
                },
            );
        }
    }

    #[inline(always)]
    fn store<const R: usize, const V: usize>(&mut self, pixel: usize, column: usize, sums: &[[Vector<S>; V]; R]) {
        let Pixels { right, place, .. } = self.pixels;
        unrolled(
            sums,
            #[inline(always)]
            |number, sums| {
                let (down, across) = Self::place(pixel, number);
                let row = place.row + down * place.row_step;
                let first = place.column + across * place.column_step + column;
                for (vector, sum) in sums.iter().enumerate() {
                    let lanes = right.width.saturating_sub(column + vector * LANES).min(LANES);
                    self.epilogue.store(self.simd, row, first + vector * LANES, lanes, *sum);
                }
            },
        );
    }
}
