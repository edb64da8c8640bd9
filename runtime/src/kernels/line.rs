//! One or two rows times dense weights: bound by reading the weights, so up to four panels share a scalar, with enough
//! sums in flight that none waits for itself.

use fearless_simd::{Simd, prelude::*};

use super::tile::{Lines, Place, Rows, rows as product};
use super::{Epilogue, register};
use crate::arena::tail;
use crate::lanes::{LANES, Vector, load_whole, splat};
use crate::tensors::PANEL;

const VECTORS: usize = PANEL / LANES;
type Panel<const K: usize> = [[f32; PANEL]; K];

/// All rows, one or two, times the matrix `[K, N]` whose panels lie in `w`.
#[inline(always)]
pub(super) fn line<S: Simd, E: Epilogue<S>, const K: usize, const N: usize, const R: usize>(
    simd: S,
    x: &[[f32; K]; R],
    w: &[f32],
    epilogue: &mut E,
) {
    let panels = w.as_chunks::<PANEL>().0.as_chunks::<K>().0;
    let panels = panels.get(..N / PANEL).unwrap_or(panels);
    let mut column = 0;
    // Where a vector takes two registers there is room for eight sums.
    let wide = const { register::<S>() == LANES };
    let (fours, rest) = if wide { panels.as_chunks::<4>() } else { ([].as_slice(), panels) };
    for four in fours {
        some::<S, E, K, R, 4, 1>(simd, x, four, column, epilogue);
        column += 4 * PANEL;
    }
    let (pairs, last) = if wide || R == 1 { rest.as_chunks::<2>() } else { ([].as_slice(), rest) };
    for pair in pairs {
        if const { register::<S>() == LANES && R == 1 } {
            some::<S, E, K, R, 2, 2>(simd, x, pair, column, epilogue);
        } else {
            some::<S, E, K, R, 2, 1>(simd, x, pair, column, epilogue);
        }
        column += 2 * PANEL;
    }
    for panel in last {
        let panel = core::array::from_ref(panel);
        if const { R == 1 } {
            some::<S, E, K, R, 1, 3>(simd, x, panel, column, epilogue);
        } else if const { register::<S>() == LANES } {
            some::<S, E, K, R, 1, 2>(simd, x, panel, column, epilogue);
        } else {
            some::<S, E, K, R, 1, 1>(simd, x, panel, column, epilogue);
        }
        column += PANEL;
    }
    let (first, width) = (N / PANEL * PANEL, N % PANEL);
    if width > 0 {
        let lines = Lines { memory: tail(w, first * K), first: 0, stride: width, width };
        let place = Place { row: 0, row_step: 1, column: first, column_step: 0 };
        product(simd, &Rows(x), lines, K, place, epilogue);
    }
}

/// The results of `R` rows and `P` panels; `STEPS` steps of the contraction have sums of their own.
#[inline(always)]
fn some<S: Simd, E: Epilogue<S>, const K: usize, const R: usize, const P: usize, const STEPS: usize>(
    simd: S,
    x: &[[f32; K]; R],
    panels: &[Panel<K>; P],
    column: usize,
    epilogue: &mut E,
) {
    let mut sums = [[[[splat(simd, 0.0); R]; VECTORS]; P]; STEPS];
    let whole = K - K % STEPS;
    for first in (0..whole).step_by(STEPS) {
        for (step, sums) in sums.iter_mut().enumerate() {
            add(simd, x, panels, first + step, sums);
        }
    }
    for (step, sums) in (whole..K).zip(&mut sums) {
        add(simd, x, panels, step, sums);
    }
    let mut totals = [[[splat(simd, 0.0); R]; VECTORS]; P];
    for sums in &sums {
        for (total, sum) in
            totals.as_flattened_mut().as_flattened_mut().iter_mut().zip(sums.as_flattened().as_flattened())
        {
            *total += *sum;
        }
    }
    for (panel, totals) in totals.iter().enumerate() {
        for (vector, totals) in totals.iter().enumerate() {
            for (row, total) in totals.iter().enumerate() {
                epilogue.store(simd, row, column + panel * PANEL + vector * LANES, LANES, *total);
            }
        }
    }
}

/// Adds the scalars of a step times one line of every panel.
#[inline(always)]
fn add<S: Simd, const K: usize, const R: usize, const P: usize>(
    simd: S,
    x: &[[f32; K]; R],
    panels: &[Panel<K>; P],
    step: usize,
    sums: &mut [[[Vector<S>; R]; VECTORS]; P],
) {
    let mut scalars = [splat(simd, 0.0); R];
    for (scalar, row) in scalars.iter_mut().zip(x) {
        *scalar = splat(simd, row.get(step).copied().unwrap_or(0.0));
    }
    for (panel, sums) in panels.iter().zip(sums) {
        let line = panel.get(step).unwrap_or(const { &[0.0; PANEL] });
        for (values, sums) in line.as_chunks::<LANES>().0.iter().zip(sums) {
            let values = load_whole(simd, values);
            for (scalar, sum) in scalars.iter().zip(sums) {
                *sum = scalar.mul_add(values, *sum);
            }
        }
    }
}
