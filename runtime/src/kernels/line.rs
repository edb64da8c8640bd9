//! One row times dense weights: bound by reading the weights, so up to four panels share a scalar, with enough sums in
//! flight that none waits for itself.

use fearless_simd::{Simd, prelude::*};

use super::tile::{Lines, Place, Rows, rows as product};
use super::{Epilogue, register};
use crate::arena::tail;
use crate::lanes::{LANES, Vector, load_whole, splat};
use crate::tensors::PANEL;

const VECTORS: usize = PANEL / LANES;
type Panel<const K: usize> = [[f32; PANEL]; K];

/// The only row `x` times the matrix `[K, N]` whose panels lie in `w`.
#[inline(always)]
pub(super) fn line<S: Simd, E: Epilogue<S>, const K: usize, const N: usize>(
    simd: S,
    x: &[f32; K],
    w: &[f32],
    epilogue: &mut E,
) {
    let panels = w.as_chunks::<PANEL>().0.as_chunks::<K>().0;
    let panels = panels.get(..N / PANEL).unwrap_or(panels);
    let mut column = 0;
    let wide = const { register::<S>() == LANES };
    let (fours, rest) = if wide { panels.as_chunks::<4>() } else { ([].as_slice(), panels) };
    for four in fours {
        some::<S, E, K, 4, 1>(simd, x, four, column, epilogue);
        column += 4 * PANEL;
    }
    let (pairs, last) = rest.as_chunks::<2>();
    for pair in pairs {
        if wide {
            some::<S, E, K, 2, 2>(simd, x, pair, column, epilogue);
        } else {
            some::<S, E, K, 2, 1>(simd, x, pair, column, epilogue);
        }
        column += 2 * PANEL;
    }
    for panel in last {
        some::<S, E, K, 1, 3>(simd, x, core::array::from_ref(panel), column, epilogue);
        column += PANEL;
    }
    let (first, width) = (N / PANEL * PANEL, N % PANEL);
    if width > 0 {
        let lines = Lines { memory: tail(w, first * K), first: 0, stride: width, width };
        let place = Place { row: 0, row_step: 1, column: first, column_step: 0 };
        product(simd, &Rows(core::array::from_ref(x)), lines, K, place, epilogue);
    }
}

/// The results of `P` panels; `STEPS` steps of the contraction have sums of their own.
#[inline(always)]
fn some<S: Simd, E: Epilogue<S>, const K: usize, const P: usize, const STEPS: usize>(
    simd: S,
    x: &[f32; K],
    panels: &[Panel<K>; P],
    column: usize,
    epilogue: &mut E,
) {
    let mut sums = [[[splat(simd, 0.0); VECTORS]; P]; STEPS];
    let (groups, rest) = x.as_chunks::<STEPS>();
    for (group, scalars) in groups.iter().enumerate() {
        for (step, (scalar, sums)) in scalars.iter().zip(&mut sums).enumerate() {
            add(simd, *scalar, panels, group * STEPS + step, sums);
        }
    }
    for (step, (scalar, sums)) in rest.iter().zip(&mut sums).enumerate() {
        add(simd, *scalar, panels, groups.len() * STEPS + step, sums);
    }
    let mut totals = [[splat(simd, 0.0); VECTORS]; P];
    for sums in &sums {
        for (totals, sums) in totals.iter_mut().zip(sums) {
            for (total, sum) in totals.iter_mut().zip(sums) {
                *total += *sum;
            }
        }
    }
    for (panel, totals) in totals.iter().enumerate() {
        for (vector, total) in totals.iter().enumerate() {
            epilogue.store(simd, 0, column + panel * PANEL + vector * LANES, LANES, *total);
        }
    }
}

/// Adds `scalar` times one line of every panel.
#[inline(always)]
fn add<S: Simd, const K: usize, const P: usize>(
    simd: S,
    scalar: f32,
    panels: &[Panel<K>; P],
    line: usize,
    sums: &mut [[Vector<S>; VECTORS]; P],
) {
    let scalar = splat(simd, scalar);
    for (panel, sums) in panels.iter().zip(sums) {
        let line = panel.get(line).unwrap_or(const { &[0.0; PANEL] });
        for (values, sum) in line.as_chunks::<LANES>().0.iter().zip(sums) {
            *sum = scalar.mul_add(load_whole(simd, values), *sum);
        }
    }
}
