//! Rows times dense weights in panels.

use fearless_simd::Simd;

use super::line::line;
use super::tile::{Blocks, Lines, Place, Rows, in_blocks, rows as product};
use super::{Epilogue, register};
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
            if const { register::<S>() > 4 } {
                match x {
                    [row] => return line::<S, E, K, N, 1>(simd, core::array::from_ref(row), w, epilogue),
                    [_, _] if let Some(both) = x.first_chunk() => {
                        return line::<S, E, K, N, 2>(simd, both, w, epilogue);
                    }
                    _ => {}
                }
            }
            for panel in 0..N / PANEL {
                let first = panel * PANEL;
                let lines = Lines { memory: w, first: first * K, stride: PANEL, width: PANEL };
                in_blocks::<S, _>(x.len(), &mut Panel { simd, x, lines, column: first, epilogue });
            }
            let (first, width) = (N / PANEL * PANEL, N % PANEL);
            if width > 0 {
                let lines = Lines { memory: w, first: first * K, stride: width, width };
                in_blocks::<S, _>(x.len(), &mut Panel { simd, x, lines, column: first, epilogue });
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
        product(self.simd, &Rows(block), self.lines, K, place, self.epilogue);
    }
}
