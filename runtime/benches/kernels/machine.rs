//! What the processor can do at a level: multiply-adds, bytes read, cycles.

use std::hint::black_box;

use fearless_simd::{Simd, prelude::*};
use graven_runtime::lanes::{LANES, Vector, load_whole};
use graven_runtime::splat;

const STEPS: usize = 8192;

/// Multiply-adds that [`multiply_add`] does.
pub fn multiply_adds<S: Simd>() -> usize {
    STEPS * LANES * chains::<S>()
}

/// Vectors in flight: twelve registers at AVX-512 and AVX2, eight at levels of four lanes.
const fn chains<S: Simd>() -> usize {
    match S::f32s::LEN {
        LANES => 12,
        8 => 6,
        _ => 2,
    }
}

/// Multiply-adds in registers, none of which waits for another.
#[inline(never)]
pub fn multiply_add<S: Simd>(simd: S) {
    match const { chains::<S>() } {
        12 => multiply_add_in::<S, 12>(simd),
        6 => multiply_add_in::<S, 6>(simd),
        _ => multiply_add_in::<S, 2>(simd),
    }
}

#[inline(always)]
fn multiply_add_in<S: Simd, const CHAINS: usize>(simd: S) {
    simd.vectorize(
        #[inline(always)]
        || {
            let (factor, mut sums) = (splat(simd, black_box(0.5)), [splat(simd, black_box(1.0)); CHAINS]);
            for _ in 0..STEPS {
                for sum in &mut sums {
                    *sum = sum.mul_add(factor, factor);
                }
            }
            black_box(sums.iter().fold(0.0, |total, sum| total + sum.reduce_sum()));
        },
    );
}

/// Reads all of `memory` into registers.
#[inline(never)]
pub fn read<S: Simd>(simd: S, memory: &[f32]) {
    simd.vectorize(
        #[inline(always)]
        || {
            let mut sums: [Vector<S>; 8] = [splat(simd, 0.0); 8];
            for group in memory.as_chunks::<LANES>().0.as_chunks::<8>().0 {
                for (sum, values) in sums.iter_mut().zip(group) {
                    *sum += load_whole(simd, values);
                }
            }
            black_box(sums.iter().fold(0.0, |total, sum| total + sum.reduce_sum()));
        },
    );
}

/// Cycles that [`count`] takes.
pub const CYCLES: usize = 4 * STEPS;

/// A chain of multiplications and exclusive ors of integers: three cycles and one on every processor of the last years.
#[inline(never)]
pub fn count() {
    let (factor, mask) = black_box((0x9e37_79b9_7f4a_7c15_u64, 0x5555_5555_5555_5555_u64));
    let mut value = black_box(1_u64);
    for _ in 0..STEPS {
        value = value.wrapping_mul(factor) ^ mask;
    }
    black_box(value);
}
