//! The gradient of dense weights, written in their own panels.

use fearless_simd::Simd;

use super::Epilogue;
use super::tile::{Blocks, Lines, Place, Transposed, in_blocks, rows as product};
use crate::arena::tail;
use crate::tensors::PANEL;

/// Whether lines of `N` floats share so few sets of a cache that the lines of a panel drive each other out.
const fn collide<const N: usize>() -> bool {
    N.is_multiple_of(256)
}

/// The transpose of `x`, of shape `[rows, K]`, times `dy` of shape `[rows, N]`; a result's row is zero and its column
/// the position in panels of `[K, N]`. Where `N` is a multiple of 256, it is faster with a `scratch` of 32 floats a row.
#[inline(never)]
pub fn dense_weight_gradient<S: Simd, E: Epilogue<S>, const K: usize, const N: usize>(
    simd: S,
    x: &[f32],
    dy: &[f32],
    rows: usize,
    scratch: &mut [f32],
    epilogue: &mut E,
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let rows = rows.min(x.len() / K).min(dy.len() / N);
            let packs = const { collide::<N>() } && scratch.len() >= rows * PANEL;
            for panel in 0..N / PANEL {
                let first = panel * PANEL;
                let lines = if packs {
                    pack::<N>(dy, first, scratch);
                    Lines { memory: scratch, first: 0, stride: PANEL, width: PANEL }
                } else {
                    Lines { memory: dy, first, stride: N, width: PANEL }
                };
                in_blocks::<S, _>(K, &mut Panel::<_, _, K> { simd, x, lines, first, rows, epilogue });
            }
            let (first, width) = (N / PANEL * PANEL, N % PANEL);
            if width > 0 {
                let lines = Lines { memory: dy, first, stride: N, width };
                in_blocks::<S, _>(K, &mut Panel::<_, _, K> { simd, x, lines, first, rows, epilogue });
            }
        },
    );
}

/// Copies the columns of a panel from all rows that fit.
#[inline(always)]
fn pack<const N: usize>(dy: &[f32], first: usize, scratch: &mut [f32]) {
    for (to, from) in scratch.as_chunks_mut::<PANEL>().0.iter_mut().zip(dy.as_chunks::<N>().0) {
        if let Some(line) = tail(from, first).first_chunk() {
            *to = *line;
        }
    }
}

struct Panel<'a, S: Simd, E: Epilogue<S>, const K: usize> {
    simd: S,
    x: &'a [f32],
    lines: Lines<'a>,
    /// The first column of the panel.
    first: usize,
    rows: usize,
    epilogue: &'a mut E,
}

impl<S: Simd, E: Epilogue<S>, const K: usize> Blocks for Panel<'_, S, E, K> {
    const ROWS: Option<usize> = Some(K);

    #[inline(always)]
    fn run<const R: usize>(&mut self, row: usize) {
        let left = Transposed { memory: self.x, first: row, stride: K };
        let width = self.lines.width;
        let column = self.first * K + row * width;
        let place = Place { row: 0, row_step: 0, column, column_step: width };
        product::<S, E, R>(self.simd, &left, self.lines, self.rows, place, self.epilogue);
        self.epilogue.reach(self.simd, column + R * width);
    }
}
