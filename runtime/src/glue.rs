//! Small pieces that emitted code is made of.

use fearless_simd::Simd;

use crate::lanes::{LANES, Vector, load_whole, splat};

/// `first`, `first + 1`, … as reals.
#[inline(always)]
pub fn iota<S: Simd>(simd: S, first: usize) -> Vector<S> {
    const NUMBERS: [f32; LANES] = [0., 1., 2., 3., 4., 5., 6., 7., 8., 9., 10., 11., 12., 13., 14., 15.];
    load_whole(simd, &NUMBERS) + splat(simd, first as f32)
}

/// The first lane.
#[inline(always)]
pub fn lane<S: Simd>(value: Vector<S>) -> f32 {
    let [first, ..]: [f32; LANES] = value.into();
    first
}

/// Copies as much of `from` as `to` holds.
#[inline(always)]
pub fn assign(from: &[f32], to: &mut [f32]) {
    for (place, &value) in to.iter_mut().zip(from) {
        *place = value;
    }
}
