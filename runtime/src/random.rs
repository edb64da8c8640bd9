//! Counter-based random numbers: a word is a hash of (seed, step, operator, row, element), so that neither the batch
//! size nor the order of evaluation changes it, and nothing is remembered.

use fearless_simd::{Simd, i32x16, prelude::*, u32x16};

use crate::batch::Batch;
use crate::lanes::{LANES, Vector, splat};
use crate::math;

/// Sixteen numbers evenly distributed over [0, 1), for elements `element` and following; the same bits at every level.
///
/// `row` counts from the first row of the whole batch.
#[inline(always)]
pub fn uniform<S: Simd>(simd: S, batch: &Batch, operator: u32, row: usize, element: usize) -> Vector<S> {
    unit(simd, words(simd, key(batch, operator, row, 0), element))
}

/// Sixteen standard normal numbers, by Box and Muller's transform of two words each.
///
/// `row` counts from the first row of the whole batch. Levels differ by rounding.
#[inline(always)]
pub fn normal<S: Simd>(simd: S, batch: &Batch, operator: u32, row: usize, element: usize) -> Vector<S> {
    let one = splat(simd, 1.0);
    let positive = one - unit(simd, words(simd, key(batch, operator, row, 1), element));
    let angle = unit(simd, words(simd, key(batch, operator, row, 2), element));
    let radius = (math::log(simd, positive) * -2.0).sqrt();
    radius * math::cos(simd, angle * core::f32::consts::TAU)
}

/// Everything but the element, mixed into 64 bits.
#[inline(always)]
fn key(batch: &Batch, operator: u32, row: usize, stream: u32) -> u64 {
    let place = u64::from(operator) << 32 | u64::from(stream);
    [batch.step, place, row as u64].iter().fold(mix(batch.seed), |key, &part| mix(key ^ mix(part)))
}

/// The next state and output of SplitMix64 (Steele, Lea and Flood, 2014).
#[inline(always)]
pub(crate) fn mix(state: u64) -> u64 {
    let z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Words of sixteen elements: two rounds of a 32-bit mixer, each with half of the key.
#[inline(always)]
fn words<S: Simd>(simd: S, key: u64, element: usize) -> u32x16<S> {
    const NUMBERS: [u32; LANES] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
    let key = key ^ ((element as u64) >> 32);
    let counter = u32x16::simd_from(simd, NUMBERS) + u32x16::splat(simd, element as u32);
    let word = mix_words(simd, counter + u32x16::splat(simd, key as u32));
    mix_words(simd, word ^ u32x16::splat(simd, (key >> 32) as u32))
}

/// A 32-bit finalizer; its constants are those of C. Wellons' hash prospector.
#[inline(always)]
fn mix_words<S: Simd>(simd: S, word: u32x16<S>) -> u32x16<S> {
    let word = (word ^ (word >> 16)) * u32x16::splat(simd, 0x7feb_352d);
    let word = (word ^ (word >> 15)) * u32x16::splat(simd, 0x846c_a68b);
    word ^ (word >> 16)
}

/// The upper 24 bits as a fraction.
#[inline(always)]
fn unit<S: Simd>(simd: S, words: u32x16<S>) -> Vector<S> {
    let integers: i32x16<S> = (words >> 8).bitcast();
    let integers: Vector<S> = integers.to_float();
    integers * splat(simd, 1.0 / 16_777_216.0)
}
