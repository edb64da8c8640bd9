//! The exponential function.

use fearless_simd::{Simd, i32x16, prelude::*, u32x16};

use super::basic::{at_least, at_most};
use super::polynomial;
use crate::lanes::{Vector, splat};

/// ln 2 in two parts; the first has nine bits, so that its product with an exponent is exact.
const LN_2_HIGH: f32 = 355.0 / 512.0;
const LN_2_LOW: f32 = -2.121_944_4e-4;

/// Added and subtracted, it rounds to an integer, which appears in the low bits of the sum.
pub(super) const ROUND: f32 = 12_582_912.0;

/// (e^r - 1 - r) / r² for |r| ≤ ln 2 / 2, highest power first.
const TAIL: [f32; 5] = [0.001_381_314_5, 0.008_369_419, 0.041_668_456, 0.166_665_15, 0.499_999_93];

/// e to the power of `x`; overflows to infinity, underflows gradually. At most 1 ulp.
#[inline(always)]
pub fn exp<S: Simd>(simd: S, x: Vector<S>) -> Vector<S> {
    let x = at_least(simd, at_most(simd, x, 89.0), -104.0);
    let (power, exponent) = reduced(simd, x);
    scale(simd, power, exponent)
}

/// e^x as a factor in [0.7, 1.42] and the exponent of a power of two, for x in -104 to 89.
#[inline(always)]
fn reduced<S: Simd>(simd: S, x: Vector<S>) -> (Vector<S>, i32x16<S>) {
    let round = splat(simd, ROUND);
    let shifted = x.mul_add(splat(simd, core::f32::consts::LOG2_E), round);
    let n = shifted - round;
    let r = n.mul_add(splat(simd, -LN_2_HIGH), x);
    let r = n.mul_add(splat(simd, -LN_2_LOW), r);
    let tail = polynomial(simd, r, &TAIL);
    let power = (r * r).mul_add(tail, r) + splat(simd, 1.0);
    (power, shifted.bitcast::<i32x16<S>>() - i32x16::splat(simd, ROUND.to_bits() as i32))
}

/// `value` times two to the power of `exponent`, of -254 to 256, by two factors so that both ends of the range are
/// reached.
#[inline(always)]
pub(super) fn scale<S: Simd>(simd: S, value: Vector<S>, exponent: i32x16<S>) -> Vector<S> {
    let biased: u32x16<S> = (exponent + i32x16::splat(simd, 2 * 127)).bitcast();
    let half = biased >> 1;
    value * power_of_two(half) * power_of_two(biased - half)
}

/// Two to the power of `biased` - 127.
#[inline(always)]
fn power_of_two<S: Simd>(biased: u32x16<S>) -> Vector<S> {
    (biased << 23).bitcast()
}
