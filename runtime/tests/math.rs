//! Every function of `math` against f64, over all exponents, at every level.

mod common;

use std::any::type_name_of_val;

use common::at_every_level;
use graven_runtime::{Run, Simd, Vector, math, prelude::*};

/// A function of one argument as a value that is generic over the level.
trait Function: Copy {
    fn of<S: Simd>(self, simd: S, x: Vector<S>) -> Vector<S>;
}

macro_rules! functions {
    ($($type:ident $function:ident),*) => {$(
        #[derive(Clone, Copy)]
        struct $type;
        impl Function for $type {
            #[inline(always)]
            fn of<S: Simd>(self, simd: S, x: Vector<S>) -> Vector<S> {
                math::$function(simd, x)
            }
        }
    )*};
}

functions!(
    Exp exp, Log log, Log1p log1p, Sin sin, Cos cos, Tanh tanh, Sigmoid sigmoid, Erf erf, Sqrt sqrt, Rsqrt rsqrt, Abs abs,
    Neg neg, Sign sign, Floor floor, Reciprocal reciprocal
);

#[derive(Clone)]
struct Map<'a, F>(F, &'a [f32]);

impl<F: Function> Run for Map<'_, F> {
    type Output = Vec<f32>;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> Vec<f32> {
        let mut results = Vec::with_capacity(self.1.len());
        for vector in self.1.as_chunks().0 {
            let values: [f32; 16] = self.0.of(simd, Vector::load_array_ref(simd, vector)).into();
            results.extend(values);
        }
        results
    }
}

/// Floats spread evenly over the bit patterns with magnitudes from `low` to `high`, of both signs.
fn spread(low: f32, high: f32) -> Vec<f32> {
    let step = ((high.to_bits() - low.to_bits()) / 100_000).max(1);
    let mut values: Vec<f32> = (low.to_bits()..=high.to_bits()).step_by(step as usize).map(f32::from_bits).collect();
    values.extend_from_within(..);
    let half = values.len() / 2;
    values[half..].iter_mut().for_each(|value| *value = -*value);
    values.resize(values.len().next_multiple_of(16), 1.0);
    values
}

fn ulps(found: f32, expected: f64) -> f64 {
    let rounded = expected as f32;
    if found.is_nan() && rounded.is_nan() || found == rounded {
        return 0.0;
    }
    let magnitude = rounded.abs().min(f32::MAX);
    let ulp = f64::from(f32::from_bits(magnitude.to_bits() + 1)) - f64::from(magnitude);
    let ulp =
        if ulp.is_finite() { ulp } else { f64::from(f32::MAX) - f64::from(f32::from_bits(f32::MAX.to_bits() - 1)) };
    (f64::from(found) - expected).abs() / ulp
}

fn check_between(function: impl Function, reference: impl Fn(f64) -> f64, low: f32, high: f32, bound: f64) {
    let arguments = spread(low, high);
    for (level, results) in at_every_level(Map(function, &arguments)) {
        let worst = arguments
            .iter()
            .zip(&results)
            .map(|(&x, &found)| (ulps(found, reference(f64::from(x))), x, found))
            .reduce(|a, b| if b.0 > a.0 || b.0.is_nan() { b } else { a })
            .unwrap();
        assert!(worst.0 <= bound, "{level}: {worst:?} instead of {}", reference(f64::from(worst.1)));
    }
}

fn check(function: impl Function, reference: impl Fn(f64) -> f64, bound: f64) {
    check_between(function, reference, 0.0, f32::INFINITY, bound);
}

/// Within 2^-23, which is an ulp of one, up to a limit.
fn check_absolutely(function: impl Function, reference: impl Fn(f64) -> f64, limit: f32) {
    let arguments = spread(limit / 64.0, limit);
    for (level, results) in at_every_level(Map(function, &arguments)) {
        for (&x, found) in arguments.iter().zip(results) {
            let expected = reference(f64::from(x));
            assert!((f64::from(found) - expected).abs() <= 2.0f64.powi(-23), "{level}: {found} at {x}, not {expected}");
        }
    }
}

/// By the series `e^-x² Σ 2ⁿ x²ⁿ⁺¹ / (2n + 1)!!`, whose terms do not cancel.
fn erf_reference(x: f64) -> f64 {
    if x.abs() > 6.5 || x.is_nan() {
        return x.signum();
    }
    let mut term = x;
    let mut sum = x;
    for n in 1..200 {
        term *= 2.0 * x * x / f64::from(2 * n + 1);
        sum += term;
    }
    2.0 / std::f64::consts::PI.sqrt() * (-x * x).exp() * sum
}

#[test]
fn exp() {
    check(Exp, f64::exp, 1.0);
}

#[test]
fn log() {
    check(Log, f64::ln, 1.0);
}

#[test]
fn log1p() {
    check(Log1p, f64::ln_1p, 2.0);
}

#[test]
fn sine_and_cosine() {
    check_between(Sin, f64::sin, 0.0, 1.6, 1.5);
    check_between(Cos, f64::cos, 0.0, 1.5, 1.5);
    for limit in [8192.0, 67_108_864.0] {
        check_absolutely(Sin, f64::sin, limit);
        check_absolutely(Cos, f64::cos, limit);
    }
}

#[test]
fn sine_of_anything_is_between_minus_one_and_one() {
    let arguments = spread(67_108_864.0, f32::INFINITY);
    for (level, results) in at_every_level(Map(Sin, &arguments)) {
        for (x, found) in arguments.iter().zip(results) {
            assert_eq!(found.is_nan(), x.is_infinite(), "{level}: sin {x}");
            assert!(found.is_nan() || found.abs() <= 1.0, "{level}: sin {x}");
        }
    }
}

#[test]
fn nan_stays() {
    fn check(function: impl Function) {
        for (level, results) in at_every_level(Map(function, &[f32::NAN; 16])) {
            assert!(results.iter().all(|result| result.is_nan()), "{level}: {}", type_name_of_val(&function));
        }
    }
    check(Exp);
    check(Log);
    check(Log1p);
    check(Sin);
    check(Cos);
    check(Tanh);
    check(Sigmoid);
    check(Erf);
    check(Sqrt);
    check(Rsqrt);
    check(Abs);
    check(Neg);
    check(Sign);
    check(Floor);
    check(Reciprocal);
}

#[derive(Clone)]
struct Map2<'a, F>(F, &'a [f32], &'a [f32]);

macro_rules! functions_of_two {
    ($($type:ident $function:ident),*) => {$(
        #[derive(Clone, Copy)]
        struct $type;
        impl Run for Map2<'_, $type> {
            type Output = Vec<f32>;

            #[inline(always)]
            fn run<S: Simd>(self, simd: S) -> Vec<f32> {
                let mut results = Vec::with_capacity(self.1.len());
                for (a, b) in self.1.as_chunks().0.iter().zip(self.2.as_chunks().0) {
                    let (a, b) = (Vector::load_array_ref(simd, a), Vector::load_array_ref(simd, b));
                    let values: [f32; 16] = math::$function(simd, a, b).into();
                    results.extend(values);
                }
                results
            }
        }
    )*};
}

functions_of_two!(Pow pow, Max max, Min min);

/// Every pair of awkward numbers.
fn pairs() -> (Vec<f32>, Vec<f32>) {
    let (inf, nan) = (f32::INFINITY, f32::NAN);
    let one =
        [0.0, 1.0, 0.5, 2.0, 3.0, 2.5, 4.0, 7.0, 1e-40, 1e30, 16_777_216.0, 16_777_217.0, 1.000_001, 150.0, inf, nan];
    let both: Vec<f32> = one.iter().flat_map(|&value| [value, -value]).collect();
    let first = both.iter().flat_map(|&value| vec![value; both.len()]).collect();
    (first, both.repeat(both.len()))
}

fn check_pairs<F: Copy>(function: F, first: &[f32], second: &[f32], reference: impl Fn(f32, f32) -> f64, bound: f64)
where
    for<'a> Map2<'a, F>: Run<Output = Vec<f32>>,
{
    for (level, results) in at_every_level(Map2(function, first, second)) {
        for ((&a, &b), found) in first.iter().zip(second).zip(results) {
            let expected = reference(a, b);
            let error = ulps(found, expected);
            assert!(error <= bound, "{level}: of {a} and {b}: {found} instead of {expected}, {error} ulp");
        }
    }
}

#[test]
fn pow() {
    let reference = |x: f32, y: f32| f64::from(x).powf(f64::from(y));
    let (first, second) = pairs();
    check_pairs(Pow, &first, &second, reference, 1.0);
    let first: Vec<f32> = common::numbers(1, 16_000).iter().map(|x| (x + 1.0) * 10.0).collect();
    let second: Vec<f32> = common::numbers(2, 16_000).iter().map(|y| y * 30.0).collect();
    check_pairs(Pow, &first, &second, reference, 1.0);
}

#[test]
fn max_and_min_propagate_nan() {
    let (first, second) = pairs();
    let either = |a: f32, b: f32, value: f32| if a.is_nan() || b.is_nan() { f64::NAN } else { f64::from(value) };
    check_pairs(Max, &first, &second, |a, b| either(a, b, a.max(b)), 0.0);
    check_pairs(Min, &first, &second, |a, b| either(a, b, a.min(b)), 0.0);
}

#[test]
fn tanh() {
    check(Tanh, f64::tanh, 1.5);
}

#[test]
fn sigmoid() {
    check(Sigmoid, |x| 1.0 / (1.0 + (-x).exp()), 2.5);
}

#[test]
fn erf() {
    check(Erf, erf_reference, 1.0);
}

#[test]
fn exact_functions() {
    check(Sqrt, f64::sqrt, 0.5);
    check(Rsqrt, |x| 1.0 / x.sqrt(), 1.5);
    check(Abs, f64::abs, 0.0);
    check(Neg, |x| -x, 0.0);
    check(Sign, |x| if x == 0.0 { x } else { x.signum() }, 0.0);
    check(Floor, f64::floor, 0.0);
    check(Reciprocal, |x| 1.0 / x, 0.5);
}
