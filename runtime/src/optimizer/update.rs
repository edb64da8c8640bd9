//! Loops over parameters, their gradient and their moments, a vector at a time.

use fearless_simd::{Simd, prelude::*};

use crate::arena::view_mut;
use crate::lanes::{LANES, Vector, load_partial, load_whole, store};

/// Lets `step` turn (gradient, parameter, moments) into (parameter, moments) at every position.
///
/// `at` is the position of the first parameter among the moments.
#[inline(always)]
pub(super) fn update<S: Simd, const M: usize>(
    simd: S,
    at: usize,
    gradient: &[f32],
    parameters: &mut [f32],
    moments: [&mut [f32]; M],
    step: impl Fn(Vector<S>, Vector<S>, [Vector<S>; M]) -> (Vector<S>, [Vector<S>; M]),
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let length = gradient.len().min(parameters.len());
            let mut moments = moments.map(|moment| view_mut(moment, at, length));
            let whole = length / LANES;
            for vector in 0..whole {
                update_at(simd, vector * LANES, LANES, gradient, parameters, &mut moments, &step);
            }
            if whole * LANES < length {
                update_at(simd, whole * LANES, length - whole * LANES, gradient, parameters, &mut moments, &step);
            }
        },
    );
}

#[inline(always)]
fn update_at<S: Simd, const M: usize>(
    simd: S,
    at: usize,
    lanes: usize,
    gradient: &[f32],
    parameters: &mut [f32],
    moments: &mut [&mut [f32]; M],
    step: &impl Fn(Vector<S>, Vector<S>, [Vector<S>; M]) -> (Vector<S>, [Vector<S>; M]),
) {
    let mut old = [crate::lanes::splat(simd, 0.0); M];
    for (value, moment) in old.iter_mut().zip(&*moments) {
        *value = load(simd, moment, at);
    }
    let (parameter, new) = step(load(simd, gradient, at), load(simd, parameters, at), old);
    store(parameters, at, lanes, parameter);
    for (moment, value) in moments.iter_mut().zip(&new) {
        store(moment, at, lanes, *value);
    }
}

#[inline(always)]
fn load<S: Simd>(simd: S, memory: &[f32], at: usize) -> Vector<S> {
    let rest = memory.get(at..).unwrap_or_default();
    match rest.first_chunk() {
        Some(whole) => load_whole(simd, whole),
        None => load_partial(simd, rest),
    }
}

/// Adds `gradient` to the sum from position `at` on.
#[inline(always)]
pub(super) fn add<S: Simd>(simd: S, at: usize, gradient: &[f32], sum: &mut [f32]) {
    let sum = view_mut(sum, at, gradient.len());
    update(simd, 0, gradient, sum, [], |gradient, sum, []| (sum + gradient, []));
}

/// The gradient of `l2` times the sum of squares, added to the gradient of the loss.
#[inline(always)]
pub(super) fn regularised<S: Simd>(l2: f32, gradient: Vector<S>, parameter: Vector<S>) -> Vector<S> {
    parameter.mul_add(2.0 * l2, gradient)
}
