//! The input gradient as products of rows with rows, for few rows and for levels of short vectors.

use fearless_simd::{Simd, prelude::*};

use super::Epilogue;
use super::dot::{add_products, collect, left_rows, zeros};
use crate::arena::{tail, view};
use crate::lanes::{self, LANES, Vector, load_partial, load_whole, splat};
use crate::tensors::PANEL;

/// The rows `dy` of shape `[_, N]`, the first of which is number `row`, times the transpose of the matrix `[K, N]`
/// whose panels lie in `w`.
#[inline(always)]
pub(super) fn dots<S: Simd, E: Epilogue<S>, const K: usize, const N: usize>(
    simd: S,
    dy: &[[f32; N]],
    w: &[f32],
    first: usize,
    epilogue: &mut E,
) {
    for column in (0..K).step_by(LANES) {
        let mut row = 0;
        if const { left_rows::<S>() == 4 } {
            for block in dy.as_chunks::<4>().0 {
                four_rows::<S, E, K, N>(simd, block, w, first + row, column, epilogue);
                row += 4;
            }
        }
        if const { left_rows::<S>() >= 2 } {
            for block in dy.get(row..).unwrap_or_default().as_chunks::<2>().0 {
                sixteen::<S, E, K, N, 2>(simd, block, w, first + row, column, epilogue);
                row += 2;
            }
        }
        for line in dy.get(row..).unwrap_or_default() {
            sixteen::<S, E, K, N, 1>(simd, core::array::from_ref(line), w, first + row, column, epilogue);
            row += 1;
        }
    }
}

/// Sixteen results of `A` rows.
#[inline(always)]
fn sixteen<S: Simd, E: Epilogue<S>, const K: usize, const N: usize, const A: usize>(
    simd: S,
    dy: &[[f32; N]; A],
    w: &[f32],
    row: usize,
    column: usize,
    epilogue: &mut E,
) {
    let mut sums = zeros(simd);
    for first in (0..LANES).step_by(2) {
        collect(&some::<S, K, N, A, 2>(simd, dy, w, column + first, 1), first, &mut sums);
    }
    for (number, sums) in sums.iter().enumerate() {
        epilogue.store(simd, row + number, column, LANES.min(K - column), lanes::sums(*sums));
    }
}

/// Sixteen results of four rows, in tiles of four by four columns that are four apart.
#[inline(always)]
fn four_rows<S: Simd, E: Epilogue<S>, const K: usize, const N: usize>(
    simd: S,
    dy: &[[f32; N]; 4],
    w: &[f32],
    row: usize,
    column: usize,
    epilogue: &mut E,
) {
    let mut parts = [splat(simd, 0.0); 4];
    for (first, part) in parts.iter_mut().enumerate() {
        let [[a, b, c, d], [e, f, g, h], [i, j, k, l], [m, n, o, p]] =
            some::<S, K, N, 4, 4>(simd, dy, w, column + first, 4);
        *part = lanes::sums([a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]);
    }
    // A part holds four columns of each row; weaving the parts puts the columns of a row side by side.
    let [a, b, c, d] = parts;
    let ((a, c), (b, d)) = (a.interleave(c), b.interleave(d));
    let ((a, b), (c, d)) = (a.interleave(b), c.interleave(d));
    for (number, sums) in [a, b, c, d].iter().enumerate() {
        epilogue.store(simd, row + number, column, LANES.min(K - column), *sums);
    }
}

/// The sums of `A` rows and `B` columns of the result, `step` columns apart.
#[inline(always)]
fn some<S: Simd, const K: usize, const N: usize, const A: usize, const B: usize>(
    simd: S,
    dy: &[[f32; N]; A],
    w: &[f32],
    column: usize,
    step: usize,
) -> [[Vector<S>; B]; A] {
    let mut sums = zeros(simd);
    for panel in 0..N / PANEL {
        let lines = tail(w, (panel * K + column) * PANEL).as_chunks::<PANEL>().0;
        let mut chosen = [const { &[0.0; PANEL] }; B];
        for (number, line) in chosen.iter_mut().enumerate() {
            *line = lines.get(number * step).unwrap_or(line);
        }
        for half in 0..PANEL / LANES {
            let (mut a, mut b) = ([splat(simd, 0.0); A], [splat(simd, 0.0); B]);
            for (value, row) in a.iter_mut().zip(dy) {
                let vectors = row.as_chunks::<LANES>().0;
                *value = load_whole(simd, vectors.get(panel * 2 + half).unwrap_or(const { &[0.0; LANES] }));
            }
            for (value, line) in b.iter_mut().zip(chosen) {
                let vectors = line.as_chunks::<LANES>().0;
                *value = load_whole(simd, vectors.get(half).unwrap_or(const { &[0.0; LANES] }));
            }
            add_products(&a, &b, &mut sums);
        }
    }
    for first in (N / PANEL * PANEL..N).step_by(LANES) {
        rest::<S, K, N, A, B>(simd, dy, w, (column, step), first, &mut sums);
    }
    sums
}

/// The part of the sums from at most sixteen columns of the last, narrow panel.
#[inline(always)]
fn rest<S: Simd, const K: usize, const N: usize, const A: usize, const B: usize>(
    simd: S,
    dy: &[[f32; N]; A],
    w: &[f32],
    (column, step): (usize, usize),
    first: usize,
    sums: &mut [[Vector<S>; B]; A],
) {
    let panel = N / PANEL * PANEL;
    let lanes = LANES.min(N - first);
    let (mut a, mut b) = ([splat(simd, 0.0); A], [splat(simd, 0.0); B]);
    for (value, row) in a.iter_mut().zip(dy) {
        *value = load_partial(simd, view(row, first, lanes));
    }
    for (number, value) in b.iter_mut().enumerate() {
        let at = panel * K + (column + number * step) * (N % PANEL) + first - panel;
        let line = lanes::load(simd, w, at, lanes);
        *value = lanes::keep(simd, lanes, line, splat(simd, 0.0));
    }
    add_products(&a, &b, sums);
}
