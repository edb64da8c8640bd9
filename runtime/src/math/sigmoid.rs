//! The logistic function.

use fearless_simd::{Simd, prelude::*};

use super::exp;
use crate::lanes::{Vector, splat};

/// 1 / (1 + e^-x). At most 2.5 ulp.
#[inline(always)]
pub fn sigmoid<S: Simd>(simd: S, x: Vector<S>) -> Vector<S> {
    let one = splat(simd, 1.0);
    let small = exp(simd, -x.abs());
    let numerator = x.simd_lt(splat(simd, 0.0)).select(small, one);
    numerator / (one + small)
}
