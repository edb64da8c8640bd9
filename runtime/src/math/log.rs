//! Natural logarithms.

use fearless_simd::{Simd, i32x16, prelude::*, u32x16};

use super::polynomial;
use crate::lanes::{Vector, splat};

const LN_2_HIGH: f32 = 355.0 / 512.0;
const LN_2_LOW: f32 = -2.121_944_4e-4;

/// (ln(1 + f) - f + f²/2) / f³ for 1 + f between √½ and √2, highest power first.
const TAIL: [f32; 8] =
    [-0.076_344_98, 0.127_615_77, -0.131_601_82, 0.142_017_58, -0.166_233_57, 0.200_012_27, -0.250_008_2, 0.333_333_3];

/// The natural logarithm; -∞ at zero, NaN below. At most 1 ulp.
#[inline(always)]
pub fn log<S: Simd>(simd: S, x: Vector<S>) -> Vector<S> {
    let (mantissa, exponent) = split(simd, x);
    let f = mantissa - splat(simd, 1.0);
    let square = f * f;
    let tail = f * square * polynomial(simd, f, &TAIL);
    let low = exponent.mul_add(splat(simd, LN_2_LOW), tail);
    let low = square.mul_add(splat(simd, -0.5), low);
    let result = exponent.mul_add(splat(simd, LN_2_HIGH), f + low);
    ends(simd, x, result)
}

/// The logarithm of one plus `x`, accurate near zero. At most 2 ulp.
#[inline(always)]
pub fn log1p<S: Simd>(simd: S, x: Vector<S>) -> Vector<S> {
    let one = splat(simd, 1.0);
    let sum = one + x;
    let lost = x - (sum - one);
    let result = log(simd, sum) + lost / sum;
    // Where the sum is zero or infinite, what was lost in it is not a number.
    let plain = sum.simd_eq(splat(simd, 0.0)) | sum.simd_eq(splat(simd, f32::INFINITY));
    let result = plain.select(log(simd, sum), result);
    x.simd_eq(splat(simd, 0.0)).select(x, result)
}

/// A positive finite number as a mantissa between √½ and √2 and an exponent.
#[inline(always)]
pub(super) fn split<S: Simd>(simd: S, x: Vector<S>) -> (Vector<S>, Vector<S>) {
    let small = x.simd_lt(splat(simd, f32::MIN_POSITIVE));
    let x = small.select(x * splat(simd, 8_388_608.0), x);
    let bits: u32x16<S> = x.bitcast();
    // The bits of √½ move the boundary between exponents to it.
    let offset = u32x16::splat(simd, core::f32::consts::FRAC_1_SQRT_2.to_bits());
    let shifted = bits - offset;
    let exponent = shifted.bitcast::<i32x16<S>>() >> 23;
    let mantissa: u32x16<S> = (shifted & 0x007f_ffff) + offset;
    let exponent: Vector<S> = exponent.to_float();
    let exponent = small.select(exponent - splat(simd, 23.0), exponent);
    (mantissa.bitcast(), exponent)
}

/// Puts in what the formula does not give: zero, negative numbers, infinity, NaN.
#[inline(always)]
fn ends<S: Simd>(simd: S, x: Vector<S>, result: Vector<S>) -> Vector<S> {
    let zero = splat(simd, 0.0);
    let infinity = splat(simd, f32::INFINITY);
    let result = x.simd_lt(infinity).select(result, x);
    let result = x.simd_lt(zero).select(splat(simd, f32::NAN), result);
    x.simd_eq(zero).select(-infinity, result)
}
