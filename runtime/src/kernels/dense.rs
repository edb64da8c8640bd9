//! Rows times dense weights in panels.

use fearless_simd::{Simd, prelude::*};

use super::tile::{Blocks, Lines, Place, Rows, in_blocks, rows as product, store};
use super::{Epilogue, register};
use crate::lanes::{LANES, splat};
use crate::tensors::PANEL;

/// `x` of shape `[rows, K]` times the matrix `[K, N]` whose panels lie in `w`; results of shape `[rows, N]`.
#[inline(never)]
pub fn dense<S: Simd, E: Epilogue<S>, const K: usize, const N: usize>(
    simd: S,
    x: &[f32],
    w: &[f32],
    rows: usize,
    epilogue: &mut E,
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let x = x.as_chunks::<K>().0;
            let x = x.get(..rows).unwrap_or(x);
            for panel in 0..N / PANEL {
                let first = panel * PANEL;
                let lines = Lines { memory: w, first: first * K, stride: PANEL, width: PANEL };
                in_blocks::<S>(x.len(), &mut Panel { simd, x, lines, column: first, epilogue });
            }
            let (first, width) = (N / PANEL * PANEL, N % PANEL);
            if width > 0 {
                let lines = Lines { memory: w, first: first * K, stride: width, width };
                in_blocks::<S>(x.len(), &mut Panel { simd, x, lines, column: first, epilogue });
            }
        },
    );
}

struct Panel<'a, S: Simd, E: Epilogue<S>, const K: usize> {
    simd: S,
    x: &'a [[f32; K]],
    lines: Lines<'a>,
    column: usize,
    epilogue: &'a mut E,
}

impl<S: Simd, E: Epilogue<S>, const K: usize> Blocks for Panel<'_, S, E, K> {
    #[inline(always)]
    fn run<const R: usize>(&mut self, row: usize) {
        let Some(block) = self.x.get(row..).and_then(|rest| rest.first_chunk::<R>()) else { return };
        let place = Place { row, row_step: 1, column: self.column, column_step: 0 };
        if const { R == 1 && register::<S>() > 4 }
            && let [line] = block.as_slice()
        {
            return self.single(line, place);
        }
        product(self.simd, &Rows(block), self.lines, K, place, self.epilogue);
    }
}

impl<S: Simd, E: Epilogue<S>, const K: usize> Panel<'_, S, E, K> {
    /// One row: four steps of the contraction at a time, each with sums of its own, so that enough are in flight.
    #[inline(always)]
    fn single(&mut self, x: &[f32; K], place: Place) {
        const STEPS: usize = 4;
        let (simd, lines) = (self.simd, self.lines);
        let mut column = 0;
        while column < lines.width {
            let mut sums = [[splat(simd, 0.0); 2]; STEPS];
            let (groups, rest) = x.as_chunks::<STEPS>();
            for (group, scalars) in groups.iter().enumerate() {
                for (step, (scalar, sums)) in scalars.iter().zip(&mut sums).enumerate() {
                    let scalar = splat(simd, *scalar);
                    for (vector, sum) in sums.iter_mut().enumerate() {
                        let line = lines.load(simd, group * STEPS + step, column + vector * LANES);
                        *sum = scalar.mul_add(line, *sum);
                    }
                }
            }
            let [a, b, c, d] = sums;
            let mut sums = [[(a[0] + b[0]) + (c[0] + d[0]), (a[1] + b[1]) + (c[1] + d[1])]];
            for (step, scalar) in rest.iter().enumerate() {
                let scalar = splat(simd, *scalar);
                for (vector, sum) in sums[0].iter_mut().enumerate() {
                    let line = lines.load(simd, K / STEPS * STEPS + step, column + vector * LANES);
                    *sum = scalar.mul_add(line, *sum);
                }
            }
            store(simd, &sums, place, column, lines.width, self.epilogue);
            column += 2 * LANES;
        }
    }
}
