//! Sine and cosine.

use fearless_simd::{Simd, i32x16, prelude::*, u32x16};

use super::{exp::ROUND, polynomial};
use crate::lanes::{LANES, Vector, splat};

/// π/2 in three parts; products of the first two with a quadrant below 2^13 are exact.
const HALF_PI: [f32; 3] = [1.570_312_5, 4.837_513e-4, 7.549_79e-8];
/// The magnitude up to which the parts serve.
const NEAR: f32 = 8192.0;

/// (sin r - r) / r³ in powers of r² for |r| ≤ π/4, highest power first.
const SINE: [f32; 3] = [-0.000_195_140_85, 0.008_332_155, -0.166_666_55];
/// (cos r - 1 + r²/2) / r⁴ in powers of r² for |r| ≤ π/4, highest power first.
const COSINE: [f32; 3] = [2.443_484_6e-5, -0.001_388_733_7, 0.041_666_646];

/// The sine. At most 1.5 ulp in the first quarter turn, 2^-23 up to 2^26; beyond it is some number of -1 to 1.
#[inline(always)]
pub fn sin<S: Simd>(simd: S, x: Vector<S>) -> Vector<S> {
    quarter_turns(simd, x, 0)
}

/// The cosine. At most 1.5 ulp in the first quarter turn, 2^-23 up to 2^26; beyond it is some number of -1 to 1.
#[inline(always)]
pub fn cos<S: Simd>(simd: S, x: Vector<S>) -> Vector<S> {
    quarter_turns(simd, x, 1)
}

/// The sine of `x` and so many quarter turns.
#[inline(always)]
fn quarter_turns<S: Simd>(simd: S, x: Vector<S>, turns: i32) -> Vector<S> {
    let (r, quadrant) = reduce(simd, x);
    let quadrant = quadrant + i32x16::splat(simd, turns);
    let square = r * r;
    let sine = (square * r).mul_add(polynomial(simd, square, &SINE), r);
    let cosine = (square * square).mul_add(polynomial(simd, square, &COSINE), splat(simd, 1.0) - square * 0.5);
    let odd = (quadrant & 1).simd_eq(i32x16::splat(simd, 1));
    let value: u32x16<S> = odd.select(cosine, sine).bitcast();
    let negative: u32x16<S> = ((quadrant & 2) << 30).bitcast();
    let value: Vector<S> = (value ^ negative).bitcast();
    x.abs().simd_lt(splat(simd, f32::INFINITY)).select(value, splat(simd, f32::NAN))
}

/// The distance to the nearest quarter turn, and which one that is.
#[inline(always)]
fn reduce<S: Simd>(simd: S, x: Vector<S>) -> (Vector<S>, i32x16<S>) {
    let round = splat(simd, ROUND);
    let shifted = x.mul_add(splat(simd, core::f32::consts::FRAC_2_PI), round);
    let n = shifted - round;
    let r = n.mul_add(splat(simd, -HALF_PI[0]), x);
    let r = n.mul_add(splat(simd, -HALF_PI[1]), r);
    let r = n.mul_add(splat(simd, -HALF_PI[2]), r);
    let quadrant: i32x16<S> = shifted.bitcast();
    if x.abs().simd_gt(splat(simd, NEAR)).any_true() {
        return reduce_far(simd, x);
    }
    (r, quadrant)
}

/// As [`reduce`] in f64, lane by lane.
#[inline(always)]
fn reduce_far<S: Simd>(simd: S, x: Vector<S>) -> (Vector<S>, i32x16<S>) {
    const ROUND: f64 = 6_755_399_441_055_744.0;
    let mut remainders = [0.0; LANES];
    let mut quadrants = [0; LANES];
    for ((remainder, quadrant), x) in remainders.iter_mut().zip(&mut quadrants).zip(x.as_array()) {
        let x = f64::from(*x);
        let n = (x * core::f64::consts::FRAC_2_PI + ROUND) - ROUND;
        let r = x - n * core::f64::consts::FRAC_PI_2;
        *remainder = r.clamp(-0.8, 0.8) as f32;
        *quadrant = n as i64 as i32;
    }
    (remainders.simd_into(simd), quadrants.simd_into(simd))
}
