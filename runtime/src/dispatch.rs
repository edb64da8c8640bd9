//! Chooses the instruction set once per call of a model; everything below is generic over the token it passes down.

#[cfg(target_arch = "x86_64")]
use fearless_simd::x86::{Avx2, Avx512, Sse2};
use fearless_simd::{Level, Simd};

/// A call of a model, generic over the instruction set.
///
/// Mark the implementation of [`Run::run`] `#[inline(always)]`: it is compiled for the instruction set only where it is
/// inlined into [`dispatch`].
pub trait Run {
    /// What the call returns.
    type Output;
    /// The call itself.
    fn run<S: Simd>(self, simd: S) -> Self::Output;
}

/// AVX-512, where the build is for processors that have it.
#[cfg(target_arch = "x86_64")]
const BUILT_FOR_AVX512: Option<Avx512> = match Level::baseline() {
    Level::Avx512(simd) => Some(simd),
    _ => None,
};

/// AVX2, where the build is for processors that have it.
#[cfg(target_arch = "x86_64")]
const BUILT_FOR_AVX2: Option<Avx2> = match Level::baseline() {
    Level::Avx2(simd) => Some(simd),
    _ => None,
};

/// Runs at the highest of AVX-512, AVX2 and the compile-time level; with `std` the processor decides.
///
/// A build for processors that have AVX-512 (`-Ctarget-cpu=native` on one) holds code for these alone.
#[cfg(target_arch = "x86_64")]
#[inline]
pub fn dispatch<R: Run>(run: R) -> R::Output {
    match BUILT_FOR_AVX512 {
        Some(simd) => run_with(simd, run),
        None => run_below_avx512(run),
    }
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn run_below_avx512<R: Run>(run: R) -> R::Output {
    #[cfg(feature = "std")]
    if let Some(simd) = Level::new().as_avx512() {
        return run_with(simd, run);
    }
    match BUILT_FOR_AVX2 {
        Some(simd) => run_with(simd, run),
        None => run_below_avx2(run),
    }
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn run_below_avx2<R: Run>(run: R) -> R::Output {
    #[cfg(feature = "std")]
    if let Some(simd) = Level::new().as_avx2() {
        return run_with(simd, run);
    }
    // SAFETY: SSE2 and FXSR are part of every x86-64 processor.
    run_with(unsafe { Sse2::assume_supported() }, run)
}

/// Runs at the compile-time level.
#[cfg(not(target_arch = "x86_64"))]
#[inline]
pub fn dispatch<R: Run>(run: R) -> R::Output {
    fearless_simd::dispatch!(Level::baseline(), simd => run_with(simd, run))
}

/// Runs `run` compiled for the instruction set of the token.
#[inline(always)]
pub fn run_with<S: Simd, R: Run>(simd: S, run: R) -> R::Output {
    simd.vectorize(
        #[inline(always)]
        || run.run(simd),
    )
}
