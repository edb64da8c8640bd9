//! Loops over parameters, their gradient and their moments, a vector at a time.

use fearless_simd::{Simd, prelude::*};

use crate::arena::{view, view_mut};
use crate::glue::lane;
use crate::lanes::{LANES, Vector, load_partial, load_whole, splat, store, sum};
use crate::math;

/// Lets `step` turn (hyperparameters, gradient, parameter, moments) into (parameter, moments) at every position.
///
/// Hyperparameters are spread over the lanes within the instruction set of the loop, so that they stay in registers.
#[inline(always)]
pub(super) fn update<S: Simd, const M: usize, const H: usize>(
    simd: S,
    gradient: &[f32],
    parameters: &mut [f32],
    moments: [&mut [f32]; M],
    hyperparameters: [f32; H],
    step: impl Fn([Vector<S>; H], Vector<S>, Vector<S>, [Vector<S>; M]) -> (Vector<S>, [Vector<S>; M]),
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let length = gradient.len().min(parameters.len());
            let hyperparameters = hyperparameters.map(|value| splat(simd, value));
            let (gradients, last_gradient) = gradient.as_chunks::<LANES>();
            let (parameters, last_parameters) = view_mut(parameters, 0, length).as_chunks_mut::<LANES>();
            let mut moments = moments.map(|moment| {
                let (whole, last) = view_mut(moment, 0, length).as_chunks_mut::<LANES>();
                (whole.iter_mut(), last)
            });
            for (gradient, parameter) in gradients.iter().zip(parameters) {
                let places = moments.each_mut().map(|(whole, _)| whole.next());
                let old = places.each_ref().map(|place| match place {
                    Some(place) => load_whole(simd, place),
                    None => splat(simd, 0.0),
                });
                let (new, moments) =
                    step(hyperparameters, load_whole(simd, gradient), load_whole(simd, parameter), old);
                new.store_array(parameter);
                for (place, moment) in places.into_iter().zip(moments) {
                    if let Some(place) = place {
                        moment.store_array(place);
                    }
                }
            }
            let lanes = last_parameters.len();
            if lanes > 0 {
                let old = moments.each_ref().map(|(_, last)| load_partial(simd, last));
                let (gradient, parameter) = (load_partial(simd, last_gradient), load_partial(simd, last_parameters));
                let (new, values) = step(hyperparameters, gradient, parameter, old);
                store(last_parameters, 0, lanes, new);
                for ((_, last), moment) in moments.iter_mut().zip(values) {
                    store(last, 0, lanes, moment);
                }
            }
        },
    );
}

/// Adds `gradient` to the sum from position `at` on.
#[inline(always)]
pub fn add<S: Simd>(simd: S, at: usize, gradient: &[f32], sum: &mut [f32]) {
    let sum = view_mut(sum, at, gradient.len());
    update(simd, gradient, sum, [], [], |[], gradient, sum, []| (sum + gradient, []));
}

/// Zero in place of a subnormal number: the moments of a gradient that stays zero would end as one, and arithmetic on
/// those is many times slower. Numbers from 2⁻⁷⁷ on stay as they are, smaller ones may lose their last digits.
#[inline(always)]
pub(super) fn flushed<S: Simd>(simd: S, x: Vector<S>) -> Vector<S> {
    rounded::<S, 102>(simd, x)
}

/// As [`flushed`], for a number that a learning rate is multiplied with: so that the product is not subnormal either,
/// for rates down to 2⁻²². A mean of gradients passes through that range for a tenth of the steps in which its gradient
/// fades. Numbers from 2⁻⁵⁵ on stay as they are, smaller ones may lose their last digits.
#[inline(always)]
pub(super) fn flushed_factor<S: Simd>(simd: S, x: Vector<S>) -> Vector<S> {
    rounded::<S, 80>(simd, x)
}

/// A small number to a multiple of the last digit of `2^-EXPONENT`.
#[inline(always)]
fn rounded<S: Simd, const EXPONENT: u32>(simd: S, x: Vector<S>) -> Vector<S> {
    let small = splat(simd, f32::from_bits((127 - EXPONENT) << 23));
    let minus = splat(simd, -f32::from_bits((127 - EXPONENT) << 23));
    (x + small) + minus
}

/// Counts a step in `1 − βᵗ`, by which moments fall short that started at zero: `1 − βᵗ⁺¹ = (1 − β) + β·(1 − βᵗ)`, the
/// recurrence of the moments themselves.
#[inline(always)]
pub(super) fn count<const M: usize>(corrections: &mut [f32; M], betas: [f32; M]) {
    for (correction, beta) in corrections.iter_mut().zip(betas) {
        *correction = (1.0 - beta) + beta * *correction;
    }
}

/// The square root of one number.
#[inline(always)]
pub(super) fn root<S: Simd>(simd: S, x: f32) -> f32 {
    lane(math::sqrt(simd, splat(simd, x)))
}

/// The Euclidean norm, from four sums side by side.
#[inline(always)]
pub(super) fn norm<S: Simd>(simd: S, values: &[f32]) -> f32 {
    const SUMS: usize = 4;
    simd.vectorize(
        #[inline(always)]
        || {
            let mut squares = [splat(simd, 0.0); SUMS];
            for block in values.chunks(SUMS * LANES) {
                for (number, square) in squares.iter_mut().enumerate() {
                    let values = load_partial(simd, view(block, number * LANES, LANES));
                    *square = values.mul_add(values, *square);
                }
            }
            let [a, b, c, d] = squares;
            root(simd, sum((a + b) + (c + d)))
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dispatch::{Run, dispatch};

    struct Flushed([f32; LANES]);
    struct FlushedFactor([f32; LANES]);

    impl Run for FlushedFactor {
        type Output = [f32; LANES];

        #[inline(always)]
        fn run<S: Simd>(self, simd: S) -> [f32; LANES] {
            flushed_factor(simd, load_whole(simd, &self.0)).into()
        }
    }

    impl Run for Flushed {
        type Output = [f32; LANES];

        #[inline(always)]
        fn run<S: Simd>(self, simd: S) -> [f32; LANES] {
            flushed(simd, load_whole(simd, &self.0)).into()
        }
    }

    #[test]
    fn only_numbers_near_the_smallest_change_when_subnormal_ones_are_flushed() {
        for magnitude in [0.0, 1e-40, 1e-38, 1e-37] {
            assert!(dispatch(Flushed([-magnitude; LANES])).iter().all(|x| *x == 0.0 || x.is_normal()), "{magnitude}");
        }
        for exponent in 50..254 {
            let kept = [f32::from_bits(exponent << 23 | 0x002a_aaab); LANES];
            assert_eq!(dispatch(Flushed(kept)), kept);
            assert_eq!(dispatch(Flushed(kept.map(|x| -x))), kept.map(|x| -x));
        }
        assert!(dispatch(Flushed([f32::NAN; LANES])).iter().all(|x| x.is_nan()));
    }

    #[test]
    fn a_flushed_factor_times_a_rate_is_not_subnormal() {
        for exponent in 1..254u32 {
            let number = f32::from_bits(exponent << 23 | 0x002a_aaab);
            for x in dispatch(FlushedFactor([-number; LANES])) {
                assert!(x == 0.0 || (x * 2.4e-7).is_normal(), "{number} becomes {x}");
                assert!(exponent < 72 || x == -number, "{number} becomes {x}");
                assert!((x + number).abs() <= number * 1.2e-7 + 1e-31, "{number} becomes {x}");
            }
        }
        assert!(dispatch(FlushedFactor([f32::NAN; LANES])).iter().all(|x| x.is_nan()));
    }
}
