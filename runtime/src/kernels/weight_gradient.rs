//! The gradient of dense weights, written in their own panels.

use fearless_simd::Simd;

use super::Epilogue;
use super::tile::{Blocks, Lines, Place, Transposed, in_blocks, rows as product};
use crate::tensors::PANEL;

/// The transpose of `x`, of shape `[rows, K]`, times `dy` of shape `[rows, N]`; a result's row is zero and its column
/// the position in panels of `[K, N]`.
#[inline(never)]
pub fn dense_weight_gradient<S: Simd, E: Epilogue<S>, const K: usize, const N: usize>(
    simd: S,
    x: &[f32],
    dy: &[f32],
    rows: usize,
    epilogue: &mut E,
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let rows = rows.min(x.len() / K).min(dy.len() / N);
            for panel in 0..N / PANEL {
                let lines = Lines { memory: dy, first: panel * PANEL, stride: N, width: PANEL };
                in_blocks::<S>(K, &mut Panel::<_, _, K> { simd, x, lines, rows, epilogue });
            }
            let (first, width) = (N / PANEL * PANEL, N % PANEL);
            if width > 0 {
                let lines = Lines { memory: dy, first, stride: N, width };
                in_blocks::<S>(K, &mut Panel::<_, _, K> { simd, x, lines, rows, epilogue });
            }
        },
    );
}

struct Panel<'a, S: Simd, E: Epilogue<S>, const K: usize> {
    simd: S,
    x: &'a [f32],
    lines: Lines<'a>,
    rows: usize,
    epilogue: &'a mut E,
}

impl<S: Simd, E: Epilogue<S>, const K: usize> Blocks for Panel<'_, S, E, K> {
    #[inline(always)]
    fn run<const R: usize>(&mut self, row: usize) {
        let left = Transposed { memory: self.x, first: row, stride: K };
        let width = self.lines.width;
        let column = self.lines.first * K + row * width;
        let place = Place { row: 0, row_step: 0, column, column_step: width };
        product::<S, E, R>(self.simd, &left, self.lines, self.rows, place, self.epilogue);
    }
}
