//! What the tests share: every SIMD level of the host, sizes, deterministic data, comparisons.

#![allow(dead_code, reason = "every test file uses a part")]

pub mod matrix;

use fearless_simd::{Fallback, Level};
use graven_runtime::dispatch::{Run, run_with};

/// Round and ragged lengths.
pub const SIZES: [usize; 8] = [1, 7, 16, 17, 32, 33, 48, 100];

/// The results of `run` at every level that dispatch may choose on this processor, with the name of the level.
pub fn at_every_level<R: Run + Clone>(run: R) -> Vec<(&'static str, R::Output)> {
    at_levels::<true, R>(run)
}

/// As [`at_every_level`]; the scalar level, which is slow to compile, only on demand.
pub fn at_levels<const SCALAR: bool, R: Run + Clone>(run: R) -> Vec<(&'static str, R::Output)> {
    let mut results = Vec::new();
    // Scalar code is the same on all targets; under emulation it would take most of the time.
    if const { SCALAR && cfg!(target_arch = "x86_64") } {
        results.push(("fallback", run_with(Fallback::new(), run.clone())));
    }
    #[cfg(target_arch = "x86_64")]
    {
        let level = Level::new();
        results.extend(level.as_sse2().map(|simd| ("sse2", run_with(simd, run.clone()))));
        results.extend(level.as_avx2().map(|simd| ("avx2", run_with(simd, run.clone()))));
        results.extend(level.as_avx512().map(|simd| ("avx512", run_with(simd, run.clone()))));
    }
    #[cfg(target_arch = "aarch64")]
    results.extend(Level::new().as_neon().map(|simd| ("neon", run_with(simd, run.clone()))));
    #[cfg(target_arch = "wasm32")]
    results.extend(Level::baseline().as_wasm_simd128().map(|simd| ("simd128", run_with(simd, run.clone()))));
    assert!(!results.is_empty(), "no level to run at");
    results
}

/// Numbers of -1 to 1, different in every place.
pub fn numbers(seed: u64, count: usize) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 40) as f32) / 8_388_608.0 - 1.0
    };
    (0..count).map(|_| next()).collect()
}

/// Fails where two slices differ by more than `tolerance` times the largest expected magnitude.
pub fn assert_close(what: &str, found: &[f32], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len(), "{what}: lengths");
    let scale = expected.iter().fold(1e-30, |largest: f64, value| largest.max(value.abs()));
    for (position, (&found, &expected)) in found.iter().zip(expected).enumerate() {
        let error = (f64::from(found) - expected).abs() / scale;
        assert!(error <= tolerance, "{what}: at {position} {found} should be {expected}");
    }
}
