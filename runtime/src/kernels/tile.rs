//! The register tile of all products with contiguous columns on the right: a few rows times one or two vectors.

use fearless_simd::{Simd, prelude::*};

use super::{Epilogue, MANY_REGISTERS, SOME_REGISTERS, register};
use crate::lanes::{LANES, Vector, load, splat};

/// The left factor of a tile: `R` scalars for each step of the contraction.
///
/// They are references so that each is loaded by itself, straight into all lanes of a register.
pub(super) trait Left<const R: usize> {
    fn scalars(&self, step: usize) -> [&f32; R];
}

/// Rows of the left factor.
pub(super) struct Rows<'a, const K: usize, const R: usize>(pub &'a [[f32; K]; R]);

impl<const K: usize, const R: usize> Left<R> for Rows<'_, K, R> {
    #[inline(always)]
    fn scalars(&self, step: usize) -> [&f32; R] {
        let mut scalars = [&0.0; R];
        for (scalar, row) in scalars.iter_mut().zip(self.0) {
            *scalar = row.get(step).unwrap_or(&0.0);
        }
        scalars
    }
}

/// Rows of the left factor whose length is known at run time only.
pub(super) struct Slices<'a, const R: usize>(pub [&'a [f32]; R]);

impl<const R: usize> Left<R> for Slices<'_, R> {
    #[inline(always)]
    fn scalars(&self, step: usize) -> [&f32; R] {
        let mut scalars = [&0.0; R];
        for (scalar, row) in scalars.iter_mut().zip(&self.0) {
            *scalar = row.get(step).unwrap_or(&0.0);
        }
        scalars
    }
}

/// The left factor is the transpose of what lies in memory: the scalars of a step are neighbours.
pub(super) struct Transposed<'a> {
    pub memory: &'a [f32],
    pub first: usize,
    pub stride: usize,
}

impl<const R: usize> Left<R> for Transposed<'_> {
    #[inline(always)]
    fn scalars(&self, step: usize) -> [&f32; R] {
        let rest = self.memory.get(self.first + step * self.stride..).unwrap_or_default();
        rest.first_chunk().unwrap_or(const { &[0.0; R] }).each_ref()
    }
}

/// The right factor: `width` columns at `first`, one line every `stride`.
#[derive(Clone, Copy)]
pub(super) struct Lines<'a> {
    pub memory: &'a [f32],
    pub first: usize,
    pub stride: usize,
    pub width: usize,
}

impl Lines<'_> {
    #[inline(always)]
    pub(super) fn load<S: Simd>(&self, simd: S, line: usize, column: usize) -> Vector<S> {
        load(simd, self.memory, self.first + line * self.stride + column, self.width.saturating_sub(column))
    }
}

/// `R` rows times `V` vectors, summed over `depth` steps.
#[inline(always)]
pub(super) fn tile<S: Simd, const R: usize, const V: usize>(
    simd: S,
    left: &impl Left<R>,
    right: Lines,
    column: usize,
    depth: usize,
) -> [[Vector<S>; V]; R] {
    let mut sums = [[splat(simd, 0.0); V]; R];
    for step in 0..depth {
        let mut line = [splat(simd, 0.0); V];
        for (vector, value) in line.iter_mut().enumerate() {
            *value = right.load(simd, step, column + vector * LANES);
        }
        for (sums, scalar) in sums.iter_mut().zip(&left.scalars(step)) {
            let scalar = splat(simd, **scalar);
            for (sum, value) in sums.iter_mut().zip(&line) {
                *sum = scalar.mul_add(*value, *sum);
            }
        }
    }
    sums
}

/// Where the results of a tile go.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub row: usize,
    /// Added to `row` from one row of the tile to the next.
    pub row_step: usize,
    pub column: usize,
    /// Added to `column` from one row of the tile to the next.
    pub column_step: usize,
}

/// A product of `R` rows with all columns of `right`.
#[inline(always)]
pub(super) fn rows<S: Simd, E: Epilogue<S>, const R: usize>(
    simd: S,
    left: &impl Left<R>,
    right: Lines,
    depth: usize,
    place: Place,
    epilogue: &mut E,
) {
    let mut column = 0;
    if const { register::<S>() == LANES } {
        while right.width - column > LANES {
            let sums = tile::<S, R, 2>(simd, left, right, column, depth);
            store(simd, &sums, place, column, right.width, epilogue);
            column = right.width.min(column + 2 * LANES);
        }
    }
    while column < right.width {
        let sums = tile::<S, R, 1>(simd, left, right, column, depth);
        store(simd, &sums, place, column, right.width, epilogue);
        column += LANES;
    }
}

#[inline(always)]
pub(super) fn store<S: Simd, E: Epilogue<S>, const R: usize, const V: usize>(
    simd: S,
    sums: &[[Vector<S>; V]; R],
    place: Place,
    column: usize,
    width: usize,
    epilogue: &mut E,
) {
    for (number, sums) in sums.iter().enumerate() {
        let row = place.row + number * place.row_step;
        let first = place.column + number * place.column_step + column;
        for (vector, sum) in sums.iter().enumerate() {
            let lanes = width.saturating_sub(column + vector * LANES).min(LANES);
            epilogue.store(simd, row, first + vector * LANES, lanes, *sum);
        }
    }
}

/// Work on blocks of rows, where `R` rows are one tile.
pub(super) trait Blocks {
    fn run<const R: usize>(&mut self, row: usize);
}

/// Goes through `rows` in blocks of the largest tile of the level, then of four, two and one for what is left.
#[inline(always)]
pub(super) fn in_blocks<S: Simd>(rows: usize, blocks: &mut impl Blocks) {
    let mut row = 0;
    if const { block::<S>() == 8 } {
        row = repeat::<8>(row, rows, blocks);
    }
    if const { block::<S>() == 6 } {
        row = repeat::<6>(row, rows, blocks);
    }
    if const { block::<S>() >= 4 } {
        row = repeat::<4>(row, rows, blocks);
    }
    if const { block::<S>() >= 2 } {
        row = repeat::<2>(row, rows, blocks);
    }
    repeat::<1>(row, rows, blocks);
}

#[inline(always)]
fn repeat<const R: usize>(mut row: usize, rows: usize, blocks: &mut impl Blocks) -> usize {
    while rows - row >= R {
        blocks.run::<R>(row);
        row += R;
    }
    row
}

/// Rows of the largest tile of the level.
pub(super) const fn block<S: Simd>() -> usize {
    match register::<S>() {
        LANES => 8,
        8 => 6,
        _ if MANY_REGISTERS => 6,
        _ if SOME_REGISTERS => 2,
        _ => 1,
    }
}
