//! Loads, stores and folds of the one vector type of all kernels, with as many lanes as there is data.

use fearless_simd::{Simd, SimdBase, SimdFrom, f32x16, mask32x16, prelude::*};

/// Lanes of a vector.
pub const LANES: usize = 16;

/// The vector all kernels work on: one register at AVX-512, two at AVX2, four at SSE2 and NEON.
pub type Vector<S> = f32x16<S>;

/// All lanes the same.
#[inline(always)]
pub fn splat<S: Simd>(simd: S, value: f32) -> Vector<S> {
    f32x16::splat(simd, value)
}

/// A whole vector.
#[inline(always)]
pub fn load_whole<S: Simd>(simd: S, from: &[f32; LANES]) -> Vector<S> {
    f32x16::load_array_ref(simd, from)
}

/// At most [`LANES`] scalars, zeros behind them.
#[inline(always)]
pub fn load_partial<S: Simd>(simd: S, from: &[f32]) -> Vector<S> {
    let mut lanes = [0.0; LANES];
    for (lane, &value) in lanes.iter_mut().zip(from) {
        *lane = value;
    }
    f32x16::simd_from(simd, lanes)
}

/// The scalars at `at`; lanes from `lanes` on hold whatever lies behind in memory, or zero.
#[inline(always)]
pub fn load<S: Simd>(simd: S, memory: &[f32], at: usize, lanes: usize) -> Vector<S> {
    let rest = memory.get(at..).unwrap_or_default();
    match rest.first_chunk() {
        Some(whole) => load_whole(simd, whole),
        None => load_partial(simd, rest.get(..lanes).unwrap_or(rest)),
    }
}

/// Writes the first `lanes` lanes at `at`, fewer at the end of memory.
#[inline(always)]
pub fn store<S: Simd>(memory: &mut [f32], at: usize, lanes: usize, value: Vector<S>) {
    let Some(rest) = memory.get_mut(at..) else { return };
    if lanes >= LANES
        && let Some(whole) = rest.first_chunk_mut()
    {
        value.store_array(whole);
    } else {
        let values: [f32; LANES] = value.into();
        for (place, &value) in rest.iter_mut().zip(values.iter().take(lanes)) {
            *place = value;
        }
    }
}

/// The first `lanes` lanes of `value`, the others from `other`.
#[inline(always)]
pub fn keep<S: Simd>(simd: S, lanes: usize, value: Vector<S>, other: Vector<S>) -> Vector<S> {
    first(simd, lanes).select(value, other)
}

/// Whether a lane is one of the first `lanes`.
#[inline(always)]
pub fn first<S: Simd>(simd: S, lanes: usize) -> mask32x16<S> {
    const NUMBERS: [f32; LANES] = [0., 1., 2., 3., 4., 5., 6., 7., 8., 9., 10., 11., 12., 13., 14., 15.];
    load_whole(simd, &NUMBERS).simd_lt(splat(simd, lanes as f32))
}

/// The sum of all lanes, in the same order at every level.
#[inline(always)]
pub fn sum<S: Simd>(value: Vector<S>) -> f32 {
    value.reduce_sum()
}

/// Lane `i` of the result is the sum of all lanes of vector `i`, in a fixed order.
#[inline(always)]
pub fn sums<S: Simd>(vectors: [Vector<S>; LANES]) -> Vector<S> {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = vectors;
    let low = sum_four([sum_halves(a, b), sum_halves(c, d), sum_halves(e, f), sum_halves(g, h)]);
    let high = sum_four([sum_halves(i, j), sum_halves(k, l), sum_halves(m, n), sum_halves(o, p)]);
    sum_neighbours(low, high)
}

/// Sixteen lanes and sixteen lanes to eight sums of two each.
#[inline(always)]
fn sum_halves<S: Simd>(a: Vector<S>, b: Vector<S>) -> Vector<S> {
    if S::f32s::LEN == LANES {
        return sum_neighbours(a, b);
    }
    let ((a, x), (b, y)) = (a.split(), b.split());
    (a + x).combine(b + y)
}

#[inline(always)]
fn sum_four<S: Simd>([a, b, c, d]: [Vector<S>; 4]) -> Vector<S> {
    sum_neighbours(sum_neighbours(a, b), sum_neighbours(c, d))
}

#[inline(always)]
fn sum_neighbours<S: Simd>(a: Vector<S>, b: Vector<S>) -> Vector<S> {
    a.unzip_low(b) + a.unzip_high(b)
}
