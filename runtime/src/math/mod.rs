//! Functions of a vector, element by element. Each states its largest error in units in the last place (ulp), which
//! the tests compare with f64.

mod basic;
mod erf;
mod exp;
mod log;
mod pow;
mod sigmoid;
mod tanh;
mod trigonometric;

pub use basic::{abs, floor, max, min, neg, reciprocal, rsqrt, sign, sqrt};
pub(crate) use basic::{larger, smaller};
pub use erf::erf;
pub use exp::exp;
pub use log::{log, log1p};
pub use pow::pow;
pub use sigmoid::sigmoid;
pub use tanh::tanh;
pub use trigonometric::{cos, sin};

use crate::lanes::{Vector, splat};
use fearless_simd::{Simd, prelude::*};

/// The polynomial with `coefficients` from the highest power down, by Horner's rule.
#[inline(always)]
fn polynomial<S: Simd>(simd: S, x: Vector<S>, coefficients: &[f32]) -> Vector<S> {
    let mut sum = splat(simd, 0.0);
    let mut first = true;
    for &coefficient in coefficients {
        let coefficient = splat(simd, coefficient);
        sum = if first { coefficient } else { sum.mul_add(x, coefficient) };
        first = false;
    }
    sum
}
