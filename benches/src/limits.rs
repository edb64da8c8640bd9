//! What one core can do: fused multiply-adds a second, and bandwidth by cache level. Nothing in, [`Limits`] out.

use std::array::from_fn;
use std::hint::black_box;
use std::io;
use std::time::{Duration, Instant};

use fearless_simd::{Level, Simd, SimdFloat, prelude::*};
use memmap2::MmapMut;
use serde::{Deserialize, Serialize};

/// Bytes of memory that lie in the first, second and third cache, and in none.
const LEVELS: [usize; 4] = [24 << 10, 512 << 10, 8 << 20, 512 << 20];
const KIB: usize = 1 << 10;
const TRIALS: usize = 60;
/// Independent chains hide the latency of a multiply-add on two pipes.
const CHAINS: usize = 12;
/// Vectors a step of the loops over memory.
const STEP: usize = 8;
const LANES: usize = 16;

/// The limits of one core, in the form of the peers' `limits.json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "each name says what it is: a kind of access, a cache level, gigabytes a second")]
pub struct Limits {
    /// Sixteen lanes at a time; zero where the instruction set has none.
    #[serde(default)]
    pub fma_avx512_gflops: f64,
    /// Eight lanes at a time, in as many registers as the instruction set needs.
    pub fma_avx2_gflops: f64,
    #[serde(rename = "read_L1_gbs")]
    pub read_l1: f64,
    #[serde(rename = "read_L2_gbs")]
    pub read_l2: f64,
    #[serde(rename = "read_L3_gbs")]
    pub read_l3: f64,
    #[serde(rename = "read_DRAM_gbs")]
    pub read_dram: f64,
    #[serde(rename = "update_L1_gbs")]
    pub update_l1: f64,
    #[serde(rename = "update_L2_gbs")]
    pub update_l2: f64,
    #[serde(rename = "update_L3_gbs")]
    pub update_l3: f64,
    #[serde(rename = "update_DRAM_gbs")]
    pub update_dram: f64,
}

impl Limits {
    /// Measures for about `seconds`; each figure is the best of many short trials.
    ///
    /// # Errors
    /// Memory that the system does not give.
    pub fn measure(seconds: f64) -> io::Result<Self> {
        let mut memory = MmapMut::map_anon(LEVELS[3])?;
        // Where the system grants no large pages the figures are those of small ones.
        #[cfg(target_os = "linux")]
        let _ = memory.advise(memmap2::Advice::HugePage);
        let memory: &mut [[f32; LANES]] = bytemuck::cast_slice_mut(&mut memory[..]);
        memory.fill([0.0; LANES]);
        let level = level();
        let time = Duration::from_secs_f64(seconds / (2 * LEVELS.len()) as f64);
        let read = LEVELS.map(|bytes| read(level, &memory[..bytes / size_of::<[f32; LANES]>()], time));
        let update = LEVELS.map(|bytes| update(level, &mut memory[..bytes / size_of::<[f32; LANES]>()], time));
        let [fma_avx512_gflops, fma_avx2_gflops] = multiply_adds(level);
        let [read_l1, read_l2, read_l3, read_dram] = read;
        let [update_l1, update_l2, update_l3, update_dram] = update;
        Ok(Self {
            fma_avx512_gflops,
            fma_avx2_gflops,
            read_l1,
            read_l2,
            read_l3,
            read_dram,
            update_l1,
            update_l2,
            update_l3,
            update_dram,
        })
    }

    /// The better of both for each figure.
    #[must_use]
    pub fn best(&self, other: &Self) -> Self {
        Self {
            fma_avx512_gflops: self.fma_avx512_gflops.max(other.fma_avx512_gflops),
            fma_avx2_gflops: self.fma_avx2_gflops.max(other.fma_avx2_gflops),
            read_l1: self.read_l1.max(other.read_l1),
            read_l2: self.read_l2.max(other.read_l2),
            read_l3: self.read_l3.max(other.read_l3),
            read_dram: self.read_dram.max(other.read_dram),
            update_l1: self.update_l1.max(other.update_l1),
            update_l2: self.update_l2.max(other.update_l2),
            update_l3: self.update_l3.max(other.update_l3),
            update_dram: self.update_dram.max(other.update_dram),
        }
    }

    /// Floating-point operations a second, in 10⁹.
    #[must_use]
    pub fn peak(&self) -> f64 {
        self.fma_avx512_gflops.max(self.fma_avx2_gflops)
    }

    /// 10⁹ bytes read a second when `bytes` are read again and again.
    #[must_use]
    pub fn read(&self, bytes: usize) -> f64 {
        at_level(bytes, [self.read_l1, self.read_l2, self.read_l3, self.read_dram])
    }

    /// 10⁹ bytes read and written a second when `bytes` are changed in place again and again.
    #[must_use]
    pub fn update(&self, bytes: usize) -> f64 {
        at_level(bytes, [self.update_l1, self.update_l2, self.update_l3, self.update_dram])
    }
}

/// The figure of the smallest cache that holds `bytes`, by the sizes of the peers' `roofline.py`.
fn at_level(bytes: usize, [first, second, third, memory]: [f64; 4]) -> f64 {
    let rates = [(32 * KIB, first), (900 * KIB, second), (24 * KIB * KIB, third)];
    rates.into_iter().find(|(size, _)| bytes <= *size).map_or(memory, |(_, rate)| rate)
}

/// The instruction set that graven uses in this build on this machine.
#[must_use]
pub fn level() -> Level {
    #[cfg(feature = "std")]
    return Level::new();
    #[cfg(not(feature = "std"))]
    return Level::baseline();
}

/// Its name.
#[must_use]
pub fn level_name() -> String {
    let level = level();
    #[cfg(target_arch = "x86_64")]
    for (name, available) in [("AVX-512", level.as_avx512().is_some()), ("AVX2", level.as_avx2().is_some())] {
        if available {
            return name.to_owned();
        }
    }
    format!("{level:?}")
}

/// Of sixteen and of eight lanes, in 10⁹ operations a second.
fn multiply_adds(level: Level) -> [f64; 2] {
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = level.as_avx512() {
        return [best_rate(LANES, || chains::<_, fearless_simd::f32x16<_>>(simd)), eight_lanes(level)];
    }
    [0.0, eight_lanes(level)]
}

fn eight_lanes(level: Level) -> f64 {
    best_rate(8, || fearless_simd::dispatch!(level, simd => chains::<_, fearless_simd::f32x8<_>>(simd)))
}

const ROUNDS: usize = 100_000;

fn best_rate(lanes: usize, mut run: impl FnMut()) -> f64 {
    let operations = (2 * lanes * CHAINS * ROUNDS) as f64;
    let rate = |time: Duration| operations / time.as_secs_f64() * 1e-9;
    (0..TRIALS).map(|_| rate(timed(&mut run))).fold(0.0, f64::max)
}

#[inline(always)]
fn chains<S: Simd, V: SimdFloat<S, Element = f32>>(simd: S) {
    simd.vectorize(
        #[inline(always)]
        || {
            let (factor, term) = (V::splat(simd, black_box(0.999_999)), V::splat(simd, black_box(1e-6)));
            let mut chains: [V; CHAINS] = from_fn(|chain| V::splat(simd, chain as f32));
            for _ in 0..ROUNDS {
                for chain in &mut chains {
                    *chain = chain.mul_add(factor, term);
                }
            }
            black_box(chains);
        },
    );
}

fn timed(run: &mut impl FnMut()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

/// Passes over the memory in one trial, so that the clock's own cost does not show.
fn passes(bytes: usize) -> usize {
    (100 << 20) / bytes + 1
}

fn read(level: Level, memory: &[[f32; LANES]], time: Duration) -> f64 {
    best_bandwidth(1, size_of_val(memory), time, || {
        fearless_simd::dispatch!(level, simd => sum(simd, memory));
    })
}

fn update(level: Level, memory: &mut [[f32; LANES]], time: Duration) -> f64 {
    best_bandwidth(2, size_of_val(memory), time, || {
        fearless_simd::dispatch!(level, simd => scale(simd, memory));
    })
}

fn best_bandwidth(accesses: usize, bytes: usize, time: Duration, mut pass: impl FnMut()) -> f64 {
    let passes = passes(bytes);
    let moved = (accesses * bytes * passes) as f64;
    let (mut best, end) = (0.0f64, Instant::now() + time);
    while Instant::now() < end || best == 0.0 {
        let taken = timed(&mut || (0..passes).for_each(|_| pass()));
        best = best.max(moved / taken.as_secs_f64() * 1e-9);
    }
    best
}

/// Additions keep up with the loads: as many a cycle, and enough sums to hide their latency.
#[inline(always)]
fn sum<S: Simd>(simd: S, memory: &[[f32; LANES]]) {
    simd.vectorize(
        #[inline(always)]
        || {
            let mut sums: [_; STEP] = from_fn(|_| fearless_simd::f32x16::splat(simd, 0.0));
            for step in black_box(memory).as_chunks::<STEP>().0 {
                for (sum, vector) in sums.iter_mut().zip(step) {
                    *sum += fearless_simd::f32x16::simd_from(simd, *vector);
                }
            }
            black_box(sums);
        },
    );
}

#[inline(always)]
fn scale<S: Simd>(simd: S, memory: &mut [[f32; LANES]]) {
    simd.vectorize(
        #[inline(always)]
        || {
            let factor = fearless_simd::f32x16::splat(simd, black_box(1.0));
            for step in memory.as_chunks_mut::<STEP>().0 {
                for vector in step {
                    *vector = (fearless_simd::f32x16::simd_from(simd, *vector) * factor).into();
                }
            }
        },
    );
}
