//! The input gradient with rows in the lanes: the rows are transposed first, each weight is then a scalar times a few
//! vectors of them, and the results are transposed back.

use fearless_simd::Simd;

use super::Epilogue;
use super::tile::{Blocks, Left, Lines, Rows, accumulate, in_blocks};
use crate::arena::tail;
use crate::lanes::{self, LANES, Vector, load_partial, load_whole, splat, transpose};
use crate::tensors::PANEL;

/// The rows `dy`, at most `V` vectors of them, times the transpose of the matrix `[K, N]` whose panels lie in `w`; the
/// first is number `row`. The transpose of `dy` is left in `scratch`.
#[inline(always)]
pub(super) fn transposed<S: Simd, E: Epilogue<S>, const K: usize, const N: usize, const V: usize>(
    simd: S,
    dy: &[[f32; N]],
    w: &[f32],
    row: usize,
    scratch: &mut [f32],
    epilogue: &mut E,
) {
    let count = dy.len();
    for (number, rows) in dy.chunks(LANES).enumerate() {
        gather(simd, rows, scratch, number * LANES, count);
    }
    let lines = Lines { memory: scratch, first: 0, stride: count, width: count };
    let sums = [[splat(simd, 0.0); V]; LANES];
    for block in 0..K / LANES {
        let mut products = Products::<S, K, N, V, LANES> { simd, w, lines, column: block * LANES, sums };
        products.run(row, count, epilogue);
    }
    if const { !K.is_multiple_of(LANES) } {
        let mut products = Products::<S, K, N, V, 0> { simd, w, lines, column: K / LANES * LANES, sums };
        products.run(row, count, epilogue);
    }
}

/// Writes at most sixteen rows as columns from `first` on of a matrix of `stride` columns.
#[inline(always)]
fn gather<S: Simd, const N: usize>(simd: S, rows: &[[f32; N]], to: &mut [f32], first: usize, stride: usize) {
    for column in (0..N).step_by(LANES) {
        let mut vectors = [splat(simd, 0.0); LANES];
        for (vector, row) in vectors.iter_mut().zip(rows) {
            let rest = tail(row, column);
            *vector = match rest.first_chunk() {
                Some(whole) => load_whole(simd, whole),
                None => load_partial(simd, rest),
            };
        }
        for (lane, vector) in transpose(vectors).iter().enumerate().take(N - column) {
            lanes::store(to, (column + lane) * stride + first, rows.len(), *vector);
        }
    }
}

/// The sums of sixteen columns of the result.
///
/// `COLUMNS` are sixteen, or zero for those that are left of `K`.
struct Products<'a, S: Simd, const K: usize, const N: usize, const V: usize, const COLUMNS: usize> {
    simd: S,
    w: &'a [f32],
    lines: Lines<'a>,
    column: usize,
    sums: [[Vector<S>; V]; LANES],
}

impl<S: Simd, const K: usize, const N: usize, const V: usize, const COLUMNS: usize> Products<'_, S, K, N, V, COLUMNS> {
    const WIDTH: usize = if COLUMNS > 0 { COLUMNS } else { K % LANES };

    /// Computes the columns for `count` rows, the first of which is number `row`.
    #[inline(always)]
    fn run<E: Epilogue<S>>(&mut self, row: usize, count: usize, epilogue: &mut E) {
        in_blocks::<S, _>(Self::WIDTH, self);
        for vector in 0..V {
            let mut chosen = [splat(self.simd, 0.0); LANES];
            for (place, sums) in chosen.iter_mut().zip(&self.sums) {
                *place = sums[vector];
            }
            let rows = transpose(chosen);
            for (lane, value) in rows.iter().enumerate().take(count.saturating_sub(vector * LANES)) {
                epilogue.store(self.simd, row + vector * LANES + lane, self.column, Self::WIDTH, *value);
            }
        }
    }
}

impl<S: Simd, const K: usize, const N: usize, const V: usize, const COLUMNS: usize> Blocks
    for Products<'_, S, K, N, V, COLUMNS>
{
    const ROWS: Option<usize> = Some(Self::WIDTH);

    #[inline(always)]
    fn run<const R: usize>(&mut self, first: usize) {
        let mut sums = [[splat(self.simd, 0.0); V]; R];
        let column = self.column + first;
        for panel in 0..N / PANEL {
            let lines = tail(self.w, (panel * K + column) * PANEL).as_chunks().0;
            let left = Rows(lines.first_chunk().unwrap_or(const { &[[0.0; PANEL]; R] }));
            let right = Lines { first: panel * PANEL * self.lines.stride, ..self.lines };
            accumulate(self.simd, &left, right, 0, PANEL, &mut sums);
        }
        if const { !N.is_multiple_of(PANEL) } {
            let before = N / PANEL * PANEL;
            let left = Columns { memory: tail(self.w, before * K + column * (N % PANEL)), width: N % PANEL };
            let right = Lines { first: before * self.lines.stride, ..self.lines };
            accumulate(self.simd, &left, right, 0, N % PANEL, &mut sums);
        }
        if let Some(place) = self.sums.get_mut(first..).and_then(|rest| rest.first_chunk_mut()) {
            *place = sums;
        }
    }
}

/// Lines of a panel of `width` columns; a step takes one column of all of them.
struct Columns<'a> {
    memory: &'a [f32],
    width: usize,
}

impl<const R: usize> Left<R> for Columns<'_> {
    #[inline(always)]
    fn scalars(&self, step: usize) -> [&f32; R] {
        let mut scalars = [&0.0; R];
        let Some(column) = self.memory.get(step..step + (R - 1) * self.width + 1) else { return scalars };
        for (line, scalar) in scalars.iter_mut().enumerate() {
            *scalar = column.get(line * self.width).unwrap_or(&0.0);
        }
        scalars
    }
}
