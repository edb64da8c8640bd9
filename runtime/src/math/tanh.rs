//! The hyperbolic tangent.

use fearless_simd::{Simd, prelude::*};

use super::{exp, polynomial};
use crate::lanes::{Vector, splat};

/// (tanh x - x) / x³ in powers of x² for |x| ≤ 0.625, highest power first.
const TAIL: [f32; 5] = [-0.005_717_045_4, 0.020_650_588, -0.053_743_5, 0.133_314_91, -0.333_332_84];

/// The hyperbolic tangent. At most 1.5 ulp.
#[inline(always)]
pub fn tanh<S: Simd>(simd: S, x: Vector<S>) -> Vector<S> {
    let magnitude = x.abs();
    let square = x * x;
    let near = (square * x).mul_add(polynomial(simd, square, &TAIL), x);
    let one = splat(simd, 1.0);
    let two = splat(simd, 2.0);
    let far = one - two / (exp(simd, magnitude + magnitude) + one);
    magnitude.simd_gt(splat(simd, 0.625)).select(far.copysign(x), near)
}
