//! Chooses the instruction set once per call of a model; everything below is generic over the token it passes down.

#[cfg(any(not(target_arch = "x86_64"), feature = "std", target_feature = "avx2"))]
use fearless_simd::Level;
use fearless_simd::Simd;

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

/// Runs at the highest of AVX-512, AVX2 and the compile-time level; with `std` the processor decides.
#[inline]
pub fn dispatch<R: Run>(run: R) -> R::Output {
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    {
        let level = Level::new();
        if let Some(simd) = level.as_avx512() {
            return run_with(simd, run);
        }
        if let Some(simd) = level.as_avx2() {
            return run_with(simd, run);
        }
        run_with_sse2(run)
    }
    #[cfg(not(all(feature = "std", target_arch = "x86_64")))]
    run_at_baseline(run)
}

/// Runs `run` compiled for the instruction set of the token.
#[inline(always)]
pub fn run_with<S: Simd, R: Run>(simd: S, run: R) -> R::Output {
    simd.vectorize(
        #[inline(always)]
        || run.run(simd),
    )
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn run_with_sse2<R: Run>(run: R) -> R::Output {
    // SAFETY: SSE2 and FXSR are part of every x86-64 processor.
    run_with(unsafe { fearless_simd::x86::Sse2::assume_supported() }, run)
}

#[cfg(all(not(feature = "std"), target_arch = "x86_64"))]
#[inline(always)]
fn run_at_baseline<R: Run>(run: R) -> R::Output {
    #[cfg(target_feature = "avx512vbmi2")]
    if let Some(simd) = Level::baseline().as_avx512() {
        return run_with(simd, run);
    }
    #[cfg(target_feature = "avx2")]
    if let Some(simd) = Level::baseline().as_avx2() {
        return run_with(simd, run);
    }
    run_with_sse2(run)
}

#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
fn run_at_baseline<R: Run>(run: R) -> R::Output {
    fearless_simd::dispatch!(Level::baseline(), simd => run_with(simd, run))
}
