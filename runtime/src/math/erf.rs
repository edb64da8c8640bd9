//! The error function.

use fearless_simd::{Simd, prelude::*};

use super::{exp, polynomial};
use crate::lanes::{Vector, splat};

/// Where one formula ends and the other begins.
const BOUNDARY: f32 = 0.921_875;

/// erf(x) / x - 1 in powers of x² up to the boundary, highest power first.
const NEAR: [f32; 6] = [-0.000_599_085_35, 0.004_993_18, -0.026_766_616, 0.112_818_16, -0.376_124_94, 0.128_379_15];

/// -ln(1 - erf(x)) / x in powers of x from the boundary to 4, highest power first.
const FAR: [f32; 7] =
    [1.043_29e-5, -0.000_314_856_1, 0.003_610_334_2, -0.023_694_55, 0.106_159_03, 0.635_198_04, 1.128_637_1];

/// The error function. At most 1 ulp.
#[inline(always)]
pub fn erf<S: Simd>(simd: S, x: Vector<S>) -> Vector<S> {
    let near = polynomial(simd, x * x, &NEAR).mul_add(x, x);
    let four = splat(simd, 4.0);
    let magnitude = x.abs();
    let clamped = magnitude.simd_gt(four).select(four, magnitude);
    let exponent = clamped * polynomial(simd, clamped, &FAR);
    let far = splat(simd, 1.0) - exp(simd, -exponent);
    magnitude.simd_gt(splat(simd, BOUNDARY)).select(far.copysign(x), near)
}
