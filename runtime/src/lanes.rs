//! Loads, stores and folds of the one vector type of all kernels, with as many lanes as there is data.

use crate::arena::{row, tail};
use fearless_simd::{Simd, SimdBase, SimdFrom, f32x8, f32x16, mask32x16, prelude::*};

/// Lanes of a vector.
pub const LANES: usize = 16;

/// Lanes of half a vector.
const HALF: usize = LANES / 2;

/// The vector all kernels work on: one register at AVX-512, two at AVX2, four at SSE2 and NEON.
pub type Vector<S> = f32x16<S>;

/// Whether choosing between two vectors is cheaper than storing lanes one by one.
const SELECTS: bool = cfg!(any(target_arch = "x86_64", target_arch = "x86", target_arch = "aarch64"));

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
    match memory.get(at..).and_then(<[f32]>::first_chunk) {
        Some(whole) => load_whole(simd, whole),
        None if lanes == HALF => load_half(simd, memory, at),
        None => load_whole(simd, &last(memory, at, lanes)),
    }
}

/// Half a vector, zeros behind it.
#[inline(always)]
fn load_half<S: Simd>(simd: S, memory: &[f32], at: usize) -> Vector<S> {
    let half = f32x8::load_array_ref(simd, row(memory, at));
    half.combine(f32x8::splat(simd, 0.0))
}

/// The end of a memory, zeros behind it; apart from the code around vectors, which holds them in registers.
#[cold]
#[inline(never)]
fn last(memory: &[f32], at: usize, lanes: usize) -> [f32; LANES] {
    let mut values = [0.0; LANES];
    for (value, &stored) in values.iter_mut().take(lanes).zip(tail(memory, at)) {
        *value = stored;
    }
    values
}

/// Writes the first `lanes` lanes at `at`, fewer at the end of memory.
#[inline(always)]
pub fn store<S: Simd>(memory: &mut [f32], at: usize, lanes: usize, value: Vector<S>) {
    let Some(rest) = memory.get_mut(at..) else { return };
    match rest.first_chunk_mut() {
        Some(whole) if lanes >= LANES => value.store_array(whole),
        // Without the lanes behind them, which the next load would have to wait for.
        Some(whole) if lanes == HALF => {
            if let Some(half) = whole.first_chunk_mut() {
                value.split().0.store_array(half);
            }
        }
        Some(whole) if const { SELECTS } => {
            let simd = value.token();
            keep(simd, lanes, value, load_whole(simd, whole)).store_array(whole);
        }
        _ => {
            let mut values = [0.0; LANES];
            value.store_array(&mut values);
            store_last(rest, lanes, &values);
        }
    }
}

/// Writes the first `lanes` of `values` one by one.
#[cold]
#[inline(never)]
fn store_last(memory: &mut [f32], lanes: usize, values: &[f32; LANES]) {
    for (place, &value) in memory.iter_mut().zip(values.iter().take(lanes)) {
        *place = value;
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

/// Lane `j` of vector `i` of the result is lane `i` of vector `j`.
#[inline(always)]
pub fn transpose<S: Simd>(mut vectors: [Vector<S>; LANES]) -> [Vector<S>; LANES] {
    // Weaving the halves moves the highest bit of a vector's number behind the lowest bit of the lane's.
    for _ in 0..LANES.ilog2() {
        let mut woven = vectors;
        let (low, high) = vectors.split_at(LANES / 2);
        for ((pair, &a), &b) in woven.as_chunks_mut().0.iter_mut().zip(low).zip(high) {
            *pair = a.interleave(b).into();
        }
        vectors = woven;
    }
    vectors
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
