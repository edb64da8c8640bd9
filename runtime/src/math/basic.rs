//! Functions that are one instruction or a few, exact or correctly rounded.

use fearless_simd::{Simd, i32x16, prelude::*};

use crate::lanes::{Vector, splat};

/// The larger element; NaN when either is NaN. Exact.
#[inline(always)]
pub fn max<S: Simd>(_simd: S, a: Vector<S>, b: Vector<S>) -> Vector<S> {
    larger(a, b)
}

/// The smaller element; NaN when either is NaN. Exact.
#[inline(always)]
pub fn min<S: Simd>(_simd: S, a: Vector<S>, b: Vector<S>) -> Vector<S> {
    smaller(a, b)
}

/// [`max`] of vectors of any width.
#[inline(always)]
pub(crate) fn larger<S: Simd, T: SimdFloat<S>>(a: T, b: T) -> T {
    if const { second_if_unordered::<S>() } {
        return a.simd_ne(a).select(a, a.max(b));
    }
    (a.simd_gt(b) | a.simd_ne(a)).select(a, b)
}

/// [`min`] of vectors of any width.
#[inline(always)]
pub(crate) fn smaller<S: Simd, T: SimdFloat<S>>(a: T, b: T) -> T {
    if const { second_if_unordered::<S>() } {
        return a.simd_ne(a).select(a, a.min(b));
    }
    (a.simd_lt(b) | a.simd_ne(a)).select(a, b)
}

/// `x`, but not more than `limit`; NaN stays NaN.
#[inline(always)]
pub(super) fn at_most<S: Simd>(simd: S, x: Vector<S>, limit: f32) -> Vector<S> {
    let limit = splat(simd, limit);
    if const { second_if_unordered::<S>() } { limit.min(x) } else { x.simd_gt(limit).select(limit, x) }
}

/// `x`, but not less than `limit`; NaN stays NaN.
#[inline(always)]
pub(super) fn at_least<S: Simd>(simd: S, x: Vector<S>, limit: f32) -> Vector<S> {
    let limit = splat(simd, limit);
    if const { second_if_unordered::<S>() } { limit.max(x) } else { x.simd_lt(limit).select(limit, x) }
}

/// Whether the minimum and the maximum of the level are the second operand when either is NaN, as AVX's are.
const fn second_if_unordered<S: Simd>() -> bool {
    S::f32s::LEN > 4
}

/// The magnitude. Exact.
#[inline(always)]
pub fn abs<S: Simd>(_simd: S, x: Vector<S>) -> Vector<S> {
    x.abs()
}

/// The opposite. Exact.
#[inline(always)]
pub fn neg<S: Simd>(_simd: S, x: Vector<S>) -> Vector<S> {
    -x
}

/// -1, 0 or 1 by the sign; zero and NaN stay what they are. Exact.
#[inline(always)]
pub fn sign<S: Simd>(simd: S, x: Vector<S>) -> Vector<S> {
    let one = splat(simd, 1.0).copysign(x);
    let magnitude = x.abs();
    magnitude.simd_gt(splat(simd, 0.0)).select(one, x)
}

/// The largest integer not above. Exact.
#[inline(always)]
pub fn floor<S: Simd>(simd: S, x: Vector<S>) -> Vector<S> {
    if S::f32s::LEN > 4 {
        return x.floor();
    }
    let truncated: Vector<S> = x.to_int::<i32x16<S>>().to_float();
    let one_less = truncated - splat(simd, 1.0);
    let floor = truncated.simd_gt(x).select(one_less, truncated).copysign(x);
    // From 2^23 on every float is an integer; NaN compares false as well.
    x.abs().simd_lt(splat(simd, 8_388_608.0)).select(floor, x)
}

/// The square root, NaN below zero. Correctly rounded.
#[inline(always)]
pub fn sqrt<S: Simd>(_simd: S, x: Vector<S>) -> Vector<S> {
    x.sqrt()
}

/// One over the square root. At most 1.5 ulp.
#[inline(always)]
pub fn rsqrt<S: Simd>(simd: S, x: Vector<S>) -> Vector<S> {
    splat(simd, 1.0) / x.sqrt()
}

/// One over. Correctly rounded.
#[inline(always)]
pub fn reciprocal<S: Simd>(simd: S, x: Vector<S>) -> Vector<S> {
    splat(simd, 1.0) / x
}
