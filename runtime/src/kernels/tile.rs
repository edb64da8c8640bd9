//! The register tile of all products with contiguous columns on the right: a few rows times one or two vectors.

use fearless_simd::{Simd, prelude::*};

use super::{Epilogue, MANY_REGISTERS, SOME_REGISTERS, register};
use crate::arena::tail;
use crate::lanes::{LANES, Vector, load_whole, splat};
use crate::tensors::PANEL;

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
    accumulate(simd, left, right, column, depth, &mut sums);
    sums
}

/// Adds `R` rows times `V` vectors, summed over `depth` steps, to `sums`.
#[inline(always)]
pub(super) fn accumulate<S: Simd, const R: usize, const V: usize>(
    simd: S,
    left: &impl Left<R>,
    right: Lines,
    column: usize,
    depth: usize,
    sums: &mut [[Vector<S>; V]; R],
) {
    let (mut step, mut lines) = (0, tail(right.memory, right.first + column));
    while step < depth
        && let Some(line) = lines.get(..V * LANES)
    {
        add_step(simd, left.scalars(step), line, sums);
        lines = lines.get(right.stride..).unwrap_or_default();
        step += 1;
    }
    // Lines at the end of memory that are shorter than the vectors.
    while step < depth {
        let mut line = [0.0; PANEL];
        for (place, value) in line.iter_mut().zip(lines) {
            *place = *value;
        }
        add_step(simd, left.scalars(step), &line, sums);
        lines = lines.get(right.stride..).unwrap_or_default();
        step += 1;
    }
}

/// Adds the products of a step.
#[inline(always)]
fn add_step<S: Simd, const R: usize, const V: usize>(
    simd: S,
    scalars: [&f32; R],
    line: &[f32],
    sums: &mut [[Vector<S>; V]; R],
) {
    let mut vectors = [splat(simd, 0.0); V];
    for (vector, values) in vectors.iter_mut().zip(line.as_chunks().0) {
        *vector = load_whole(simd, values);
    }
    for (sums, scalar) in sums.iter_mut().zip(&scalars) {
        let scalar = splat(simd, **scalar);
        for (sum, vector) in sums.iter_mut().zip(&vectors) {
            *sum = scalar.mul_add(*vector, *sum);
        }
    }
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
    /// The number of rows where it is a constant: then tiles have at most two heights.
    const ROWS: Option<usize> = None;

    fn run<const R: usize>(&mut self, row: usize);
}

/// Goes through `rows` in tiles of nearly the same height, none higher than the largest of the level.
#[inline(always)]
pub(super) fn in_blocks<S: Simd, B: Blocks>(rows: usize, blocks: &mut B) {
    let mut row = 0;
    while row < rows {
        let height = height::<S>(rows - row);
        match height {
            8 if const { occurs::<S, B>(8) } => blocks.run::<8>(row),
            7 if const { occurs::<S, B>(7) } => blocks.run::<7>(row),
            6 if const { occurs::<S, B>(6) } => blocks.run::<6>(row),
            5 if const { occurs::<S, B>(5) } => blocks.run::<5>(row),
            4 if const { occurs::<S, B>(4) } => blocks.run::<4>(row),
            3 if const { occurs::<S, B>(3) } => blocks.run::<3>(row),
            2 if const { occurs::<S, B>(2) } => blocks.run::<2>(row),
            1 if const { occurs::<S, B>(1) } => blocks.run::<1>(row),
            _ => {}
        }
        row += height;
    }
}

/// Rows of the next tile, where `rows` are left.
#[inline(always)]
const fn height<S: Simd>(rows: usize) -> usize {
    let tiles = rows.div_ceil(const { block::<S>() });
    if tiles == 0 { 1 } else { rows.div_ceil(tiles) }
}

/// Whether tiles of this height occur.
const fn occurs<S: Simd, B: Blocks>(rows: usize) -> bool {
    match B::ROWS {
        Some(0) => false,
        Some(all) => rows == height::<S>(all) || rows == all / all.div_ceil(block::<S>()),
        None => rows <= block::<S>(),
    }
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
