//! Initial values of parameters, in scalar arithmetic that rounds alike on every target.

use crate::random::mix;
use crate::tensors::Init;

/// Seed and name of a tensor as one number.
pub(crate) fn key(seed: u64, name: &str) -> u64 {
    name.bytes().fold(mix(seed), |key, byte| mix(key ^ u64::from(byte)))
}

/// The initial value at a logical index.
pub(crate) fn value(init: Init, key: u64, index: u64) -> f32 {
    match init {
        Init::Zeros => 0.0,
        Init::Ones => 1.0,
        Init::Constant(value) => value,
        Init::Uniform { limit } => (2.0 * fraction(word(key, index, 0)) - 1.0) as f32 * limit,
        Init::Normal { deviation } => normal(key, index, 0) as f32 * deviation,
        Init::TruncatedNormal { deviation } => truncated_normal(key, index) as f32 * deviation,
    }
}

fn word(key: u64, index: u64, draw: u64) -> u64 {
    mix(key ^ mix(index ^ (draw << 48)))
}

/// The middle of one of 2^24 equal parts of (0, 1).
fn fraction(word: u64) -> f64 {
    ((word >> 40) as f64 + 0.5) / 16_777_216.0
}

/// A standard normal number by Marsaglia's polar method, which needs no angle.
fn normal(key: u64, index: u64, first_draw: u64) -> f64 {
    const ATTEMPTS: u64 = 64;
    for attempt in 0..ATTEMPTS {
        let word = word(key, index, first_draw * ATTEMPTS + attempt);
        let x = 2.0 * fraction(word) - 1.0;
        let y = 2.0 * fraction(word << 24) - 1.0;
        let square = x * x + y * y;
        if square < 1.0 && square > 0.0 {
            return x * square_root(-2.0 * logarithm(square) / square);
        }
    }
    0.0
}

fn truncated_normal(key: u64, index: u64) -> f64 {
    (0..64).map(|draw| normal(key, index, draw)).find(|value| (-2.0..=2.0).contains(value)).unwrap_or(0.0)
}

/// The natural logarithm of a number of (0, 1): exponent and series of the mantissa.
fn logarithm(x: f64) -> f64 {
    let bits = x.to_bits();
    let exponent = (bits >> 52) as i64 - 1023;
    let mantissa = f64::from_bits(bits & 0x000f_ffff_ffff_ffff | 0x3ff0_0000_0000_0000);
    let s = (mantissa - 1.0) / (mantissa + 1.0);
    let square = s * s;
    let series = (0..20).rev().fold(0.0, |sum, term| sum * square + 1.0 / f64::from(2 * term + 1));
    exponent as f64 * core::f64::consts::LN_2 + 2.0 * s * series
}

/// The square root of a positive number by Newton's method from half its exponent.
fn square_root(x: f64) -> f64 {
    let start = f64::from_bits((x.to_bits() >> 1) + (1023 << 51));
    (0..5).fold(start, |root, _| 0.5 * (root + x / root))
}
