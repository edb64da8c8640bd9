//! Powers with real exponents.

use fearless_simd::{Simd, f64x8, i32x16, prelude::*};

use super::{abs, exp::scale, floor, log};
use crate::lanes::{Vector, splat};

/// ln m / 2s in powers of s² for s = (m - 1) / (m + 1), by its series, highest power first.
const LOG: [f64; 8] = [1.0 / 15.0, 1.0 / 13.0, 1.0 / 11.0, 1.0 / 9.0, 1.0 / 7.0, 1.0 / 5.0, 1.0 / 3.0, 1.0];

/// e^r by its series, highest power first.
const EXP: [f64; 11] = [
    1.0 / 3_628_800.0,
    1.0 / 362_880.0,
    1.0 / 40_320.0,
    1.0 / 5040.0,
    1.0 / 720.0,
    1.0 / 120.0,
    1.0 / 24.0,
    1.0 / 6.0,
    0.5,
    1.0,
    1.0,
];

/// `x` to the power of `y`, with the special cases of `f32::powf`. At most 1 ulp.
#[inline(always)]
pub fn pow<S: Simd>(simd: S, x: Vector<S>, y: Vector<S>) -> Vector<S> {
    let magnitude = abs(simd, x);
    let power = positive_power(simd, magnitude, y);
    let zero = splat(simd, 0.0);
    let one = splat(simd, 1.0);
    let infinity = splat(simd, f32::INFINITY);
    let grows = (magnitude.simd_gt(one) & y.simd_gt(zero)) | (magnitude.simd_lt(one) & y.simd_lt(zero));
    let extreme = magnitude.simd_eq(zero) | magnitude.simd_eq(infinity) | abs(simd, y).simd_eq(infinity);
    let power = extreme.select(grows.select(infinity, zero), power);
    let power = magnitude.simd_eq(one).select(one, power);
    let power = negative_base(simd, x, y, power);
    let power = (x.simd_ne(x) | y.simd_ne(y)).select(splat(simd, f32::NAN), power);
    (y.simd_eq(zero) | x.simd_eq(one)).select(one, power)
}

/// The sign of the power of a negative number: that of an integer power, else NaN.
#[inline(always)]
fn negative_base<S: Simd>(simd: S, x: Vector<S>, y: Vector<S>, power: Vector<S>) -> Vector<S> {
    let zero = splat(simd, 0.0);
    let half = y * 0.5;
    let integer = floor(simd, y).simd_eq(y);
    let odd = integer & floor(simd, half).simd_ne(half);
    let negative = splat(simd, 1.0).copysign(x).simd_lt(zero);
    let power = (negative & odd).select(-power, power);
    let finite = x.simd_gt(splat(simd, f32::NEG_INFINITY));
    let undefined = x.simd_lt(zero) & finite & !integer;
    undefined.select(splat(simd, f32::NAN), power)
}

/// x^y of positive finite numbers, by way of f64.
#[inline(always)]
fn positive_power<S: Simd>(simd: S, x: Vector<S>, y: Vector<S>) -> Vector<S> {
    let (mantissa, exponent) = log::split(simd, x);
    let (m_low, m_high) = mantissa.widen();
    let (e_low, e_high) = exponent.widen();
    let (y_low, y_high) = y.widen();
    let low = exponent_and_factor(simd, m_low, e_low, y_low);
    let high = exponent_and_factor(simd, m_high, e_high, y_high);
    let n: Vector<S> = low.0.narrow(high.0);
    let factor: Vector<S> = low.1.narrow(high.1);
    scale(simd, factor, n.to_int::<i32x16<S>>())
}

/// The integer n and e^r with x^y = 2^n e^r.
#[inline(always)]
fn exponent_and_factor<S: Simd>(simd: S, mantissa: f64x8<S>, exponent: f64x8<S>, y: f64x8<S>) -> (f64x8<S>, f64x8<S>) {
    let one = f64x8::splat(simd, 1.0);
    let s = (mantissa - one) / (mantissa + one);
    let log = s * 2.0 * series(simd, s * s, &LOG);
    let log2 = log * core::f64::consts::LOG2_E + exponent;
    let power = y * log2;
    let limit = f64x8::splat(simd, 200.0);
    let power = power.simd_gt(limit).select(limit, power);
    let power = power.simd_lt(-limit).select(-limit, power);
    let round = f64x8::splat(simd, 6_755_399_441_055_744.0);
    let n = (power + round) - round;
    (n, series(simd, (power - n) * core::f64::consts::LN_2, &EXP))
}

#[inline(always)]
fn series<S: Simd>(simd: S, x: f64x8<S>, coefficients: &[f64]) -> f64x8<S> {
    let mut sum = f64x8::splat(simd, 0.0);
    for &coefficient in coefficients {
        sum = sum * x + f64x8::splat(simd, coefficient);
    }
    sum
}
