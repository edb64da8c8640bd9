//! One stage of a row program: a loop over the vectors of a row, with folds over all of it.

use fearless_simd::{Simd, f32x4, prelude::*};

use crate::lanes::{self, LANES, Vector};
use crate::math;

/// How a value of every element becomes one value of the row. Maximum and minimum propagate NaN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// The sum.
    Sum,
    /// The largest.
    Max,
    /// The smallest.
    Min,
}

impl Fold {
    #[inline(always)]
    fn identity(self) -> f32 {
        match self {
            Self::Sum => 0.0,
            Self::Max => f32::NEG_INFINITY,
            Self::Min => f32::INFINITY,
        }
    }

    #[inline(always)]
    fn combine<S: Simd>(self, simd: S, a: Vector<S>, b: Vector<S>) -> Vector<S> {
        match self {
            Self::Sum => a + b,
            Self::Max => math::max(simd, a, b),
            Self::Min => math::min(simd, a, b),
        }
    }

    #[inline(always)]
    fn across<S: Simd>(self, value: Vector<S>) -> f32 {
        match self {
            Self::Sum => value.reduce_sum(),
            Self::Max => {
                let (a, b) = value.split();
                let (a, b) = math::larger(a, b).split();
                fold_four(math::larger(a, b), |a, b| if a > b || a.is_nan() { a } else { b })
            }
            Self::Min => {
                let (a, b) = value.split();
                let (a, b) = math::smaller(a, b).split();
                fold_four(math::smaller(a, b), |a, b| if a < b || a.is_nan() { a } else { b })
            }
        }
    }
}

#[inline(always)]
fn fold_four<S: Simd>(value: f32x4<S>, combine: impl Fn(f32, f32) -> f32) -> f32 {
    let [a, b, c, d]: [f32; 4] = value.into();
    combine(combine(a, b), combine(c, d))
}

/// Partial results held in flight, so that a fold does not wait for itself.
const ACCUMULATORS: usize = 2;

struct Walk<S: Simd, const W: usize, const I: usize, const O: usize, const F: usize> {
    simd: S,
    folds: [Fold; F],
    partial: [[Vector<S>; F]; ACCUMULATORS],
}

/// Runs `body` over the rows of `inputs` and `outputs`, sixteen elements at a time.
///
/// The body gets the number of its first column, the inputs, and what the outputs held before; it returns what they
/// shall hold and the values to fold. In the last, partial vector inputs are zero beyond the row, and what the body
/// makes there is dropped. The order of summation depends on `W` alone.
#[inline(always)]
pub fn stage<S: Simd, const W: usize, const I: usize, const O: usize, const F: usize>(
    simd: S,
    inputs: [&[f32; W]; I],
    mut outputs: [&mut [f32; W]; O],
    folds: [Fold; F],
    body: impl Fn(usize, [Vector<S>; I], [Vector<S>; O]) -> ([Vector<S>; O], [Vector<S>; F]),
) -> [f32; F] {
    let mut walk = Walk::<S, W, I, O, F>::new(simd, folds);
    let vectors = W / LANES;
    let in_flight = if F > 0 && vectors >= 2 * ACCUMULATORS { ACCUMULATORS } else { 1 };
    for group in 0..vectors / in_flight {
        for slot in 0..in_flight {
            walk.whole(group * in_flight + slot, slot, &inputs, &mut outputs, &body);
        }
    }
    for vector in vectors / in_flight * in_flight..vectors {
        walk.whole(vector, 0, &inputs, &mut outputs, &body);
    }
    if !W.is_multiple_of(LANES) {
        walk.rest(&inputs, &mut outputs, &body);
    }
    walk.finish()
}

impl<S: Simd, const W: usize, const I: usize, const O: usize, const F: usize> Walk<S, W, I, O, F> {
    #[inline(always)]
    fn new(simd: S, folds: [Fold; F]) -> Self {
        let mut identities = [lanes::splat(simd, 0.0); F];
        for (identity, fold) in identities.iter_mut().zip(&folds) {
            *identity = lanes::splat(simd, fold.identity());
        }
        Self { simd, folds, partial: [identities; ACCUMULATORS] }
    }

    #[inline(always)]
    fn whole(
        &mut self,
        vector: usize,
        slot: usize,
        inputs: &[&[f32; W]; I],
        outputs: &mut [&mut [f32; W]; O],
        body: &impl Fn(usize, [Vector<S>; I], [Vector<S>; O]) -> ([Vector<S>; O], [Vector<S>; F]),
    ) {
        let (mut loaded, mut old) = self.zeros();
        for (value, row) in loaded.iter_mut().zip(inputs) {
            *value = self.load(row, vector);
        }
        for (value, row) in old.iter_mut().zip(&*outputs) {
            *value = self.load(row, vector);
        }
        let (stored, folded) = body(vector * LANES, loaded, old);
        for (row, value) in outputs.iter_mut().zip(&stored) {
            if let Some(place) = row.as_chunks_mut().0.get_mut(vector) {
                value.store_array(place);
            }
        }
        self.fold(slot, &folded);
    }

    #[inline(always)]
    fn rest(
        &mut self,
        inputs: &[&[f32; W]; I],
        outputs: &mut [&mut [f32; W]; O],
        body: &impl Fn(usize, [Vector<S>; I], [Vector<S>; O]) -> ([Vector<S>; O], [Vector<S>; F]),
    ) {
        let (mut loaded, mut old) = self.zeros();
        for (value, row) in loaded.iter_mut().zip(inputs) {
            *value = lanes::load_partial(self.simd, row.as_chunks::<LANES>().1);
        }
        for (value, row) in old.iter_mut().zip(&*outputs) {
            *value = lanes::load_partial(self.simd, row.as_chunks::<LANES>().1);
        }
        let (stored, mut folded) = body(W / LANES * LANES, loaded, old);
        for (row, value) in outputs.iter_mut().zip(&stored) {
            for (place, value) in row.as_chunks_mut::<LANES>().1.iter_mut().zip(value.as_array()) {
                *place = *value;
            }
        }
        for (value, fold) in folded.iter_mut().zip(&self.folds) {
            *value = lanes::keep(self.simd, W % LANES, *value, lanes::splat(self.simd, fold.identity()));
        }
        self.fold(0, &folded);
    }

    #[inline(always)]
    fn zeros(&self) -> ([Vector<S>; I], [Vector<S>; O]) {
        ([lanes::splat(self.simd, 0.0); I], [lanes::splat(self.simd, 0.0); O])
    }

    #[inline(always)]
    fn load(&self, row: &[f32; W], vector: usize) -> Vector<S> {
        match row.as_chunks().0.get(vector) {
            Some(whole) => lanes::load_whole(self.simd, whole),
            None => lanes::splat(self.simd, 0.0),
        }
    }

    #[inline(always)]
    fn fold(&mut self, slot: usize, values: &[Vector<S>; F]) {
        let Some(partial) = self.partial.get_mut(slot) else { return };
        for ((partial, value), fold) in partial.iter_mut().zip(values).zip(&self.folds) {
            *partial = fold.combine(self.simd, *partial, *value);
        }
    }

    #[inline(always)]
    fn finish(self) -> [f32; F] {
        let [first, second] = &self.partial;
        let mut results = [0.0; F];
        for (((result, a), b), fold) in results.iter_mut().zip(first).zip(second).zip(&self.folds) {
            *result = fold.across(fold.combine(self.simd, *a, *b));
        }
        results
    }
}
