//! The gradient of the input of a dense layer, from the weights as they lie.

use fearless_simd::Simd;

use super::dots::dots;
use super::transposed::transposed;
use super::{Epilogue, register};
use crate::lanes::LANES;

/// Fewer rows than these in the lanes of a vector cost more than sums across lanes.
const FEW: usize = LANES / 2;

/// `dy` of shape `[rows, N]` times the transpose of the matrix `[K, N]` whose panels lie in `w`; results of shape
/// `[rows, K]`. It is faster with a `scratch` of the size of `dy`, at most 32 rows.
#[inline(never)]
pub fn dense_input_gradient<S: Simd, E: Epilogue<S>, const K: usize, const N: usize>(
    simd: S,
    dy: &[f32],
    w: &[f32],
    rows: usize,
    scratch: &mut [f32],
    epilogue: &mut E,
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let dy = dy.as_chunks::<N>().0;
            let dy = dy.get(..rows).unwrap_or(dy);
            let mut row = 0;
            if const { register::<S>() == LANES } {
                row = blocks::<S, E, K, N, 2>(simd, dy, w, row, scratch, epilogue);
            }
            if const { register::<S>() >= LANES / 2 } {
                row = blocks::<S, E, K, N, 1>(simd, dy, w, row, scratch, epilogue);
            }
            dots::<S, E, K, N>(simd, dy.get(row..).unwrap_or_default(), w, row, epilogue);
        },
    );
}

/// Goes through the rows from `row` on with `V` vectors of them in a tile as long as there are enough; the number of
/// the first row left.
#[inline(always)]
fn blocks<S: Simd, E: Epilogue<S>, const K: usize, const N: usize, const V: usize>(
    simd: S,
    dy: &[[f32; N]],
    w: &[f32],
    mut row: usize,
    scratch: &mut [f32],
    epilogue: &mut E,
) -> usize {
    while let Some(rest) = dy.get(row..) {
        let count = rest.len().min(V * LANES);
        let Some(scratch) = scratch.get_mut(..count * N) else { break };
        if count + FEW <= V * LANES && count < V * LANES || count == 0 {
            break;
        }
        let block = rest.get(..count).unwrap_or(rest);
        transposed::<S, E, K, N, V>(simd, block, w, row, scratch, epilogue);
        row += count;
    }
    row
}
