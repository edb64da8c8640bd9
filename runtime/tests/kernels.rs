//! Every contraction against sums in f64, at round and ragged sizes, at every level.

mod common;

use common::matrix::{Matrix, collect};
use common::{SIZES, assert_close, at_every_level, at_levels, numbers};
use graven_runtime::tensors::panel_place;
use graven_runtime::{Matmul, Run, Simd, dense, dense_input_gradient, dense_weight_gradient, matmul};

const TOLERANCE: f64 = 3e-6;

#[derive(Clone, Copy)]
enum Pass {
    Forward,
    /// With as many floats of scratch.
    Input(usize),
    Weight(usize),
}

#[derive(Clone)]
struct Dense<'a, const K: usize, const N: usize>(Pass, &'a [f32], &'a [f32], usize);

impl<const K: usize, const N: usize> Run for Dense<'_, K, N> {
    type Output = Vec<f32>;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> Vec<f32> {
        let Self(pass, a, b, rows) = self;
        match pass {
            Pass::Forward => collect(rows, N, |out| dense::<_, _, K, N>(simd, a, b, rows, out)),
            Pass::Input(scratch) => collect(rows, K, |out| {
                dense_input_gradient::<_, _, K, N>(simd, a, b, rows, &mut vec![f32::NAN; scratch], out);
            }),
            Pass::Weight(scratch) => collect(1, K * N, |out| {
                dense_weight_gradient::<_, _, K, N>(simd, a, b, rows, &mut vec![f32::NAN; scratch], out);
            }),
        }
    }
}

/// `Σ a(i, l)·b(l, j)` for every i and j.
fn product(
    (m, k, n): (usize, usize, usize),
    a: impl Fn(usize, usize) -> f32,
    b: impl Fn(usize, usize) -> f32,
) -> Vec<f64> {
    let at = |place: usize| {
        let (i, j) = (place / n, place % n);
        (0..k).map(|l| f64::from(a(i, l)) * f64::from(b(l, j))).sum()
    };
    (0..m * n).map(at).collect()
}

fn panels(k: usize, n: usize, weights: &[f32], behind: f32) -> Vec<f32> {
    let mut panels = vec![behind; k * n + 32];
    for (place, &weight) in weights.iter().enumerate() {
        panels[panel_place(k, n, place / n, place % n)] = weight;
    }
    panels
}

fn check_dense<const SCALAR: bool, const K: usize, const N: usize>() {
    let weights = numbers(1, K * N);
    // What lies behind the last panel must not matter, not even NaN.
    let w = panels(K, N, &weights, f32::NAN);
    for rows in [1, 2, 3, 7, 8, 13, 17, 25, 32] {
        let (x, dy) = (numbers(2, rows * K), numbers(3, rows * N));
        let expected = product((rows, K, N), |i, l| x[i * K + l], |l, j| weights[l * N + j]);
        for (level, found) in at_levels::<SCALAR, _>(Dense::<K, N>(Pass::Forward, &x, &w, rows)) {
            assert_close(&format!("{level} dense {rows} {K} {N}"), &found, &expected, TOLERANCE);
        }
        let expected = product((rows, N, K), |i, l| dy[i * N + l], |l, j| weights[j * N + l]);
        for scratch in [0, rows * N] {
            for (level, found) in at_levels::<SCALAR, _>(Dense::<K, N>(Pass::Input(scratch), &dy, &w, rows)) {
                let what = format!("{level} input gradient {rows} {K} {N}, scratch {scratch}");
                assert_close(&what, &found, &expected, TOLERANCE);
            }
        }
        let logical = product((K, rows, N), |i, l| x[l * K + i], |l, j| dy[l * N + j]);
        let mut expected = vec![0.0; K * N];
        for (place, value) in logical.iter().enumerate() {
            expected[panel_place(K, N, place / N, place % N)] = *value;
        }
        for scratch in [0, rows * 32] {
            for (level, found) in at_levels::<SCALAR, _>(Dense::<K, N>(Pass::Weight(scratch), &x, &dy, rows)) {
                let what = format!("{level} weight gradient {rows} {K} {N}, scratch {scratch}");
                assert_close(&what, &found, &expected, TOLERANCE);
            }
        }
    }
}

macro_rules! check_dense_with {
    ($($name:ident: $k:literal: $($n:literal)*;)*) => {$(
        #[test]
        fn $name() {
            $(check_dense::<{ matches!(($k, $n), (7, 7) | (17, 100) | (32, 32) | (100, 10)) }, $k, $n>();)*
        }
    )*};
}

check_dense_with! {
    dense_of_1: 1: 1 17;
    dense_of_7: 7: 7 16 33 256;
    dense_of_16: 16: 16 48;
    dense_of_17: 17: 17 100;
    dense_of_32: 32: 1 32;
    dense_of_33: 33: 33 100;
    dense_of_48: 48: 48;
    dense_of_100: 100: 10 100;
}

/// Memory shorter than the shapes say must not panic, whatever comes out.
#[test]
fn short_memory_is_clamped() {
    #[derive(Clone)]
    struct Short;
    impl Run for Short {
        type Output = ();

        #[inline(always)]
        fn run<S: Simd>(self, simd: S) {
            let (a, b) = (numbers(1, 50), numbers(2, 70));
            let mut values = vec![0.0; 10_000];
            let mut out = Matrix { values: &mut values, columns: 100, writes: vec![0; 10_000] };
            dense::<_, _, 33, 40>(simd, &a, &b, 9, &mut out);
            dense_input_gradient::<_, _, 33, 40>(simd, &a, &b, 9, &mut [0.0; 360], &mut out);
            dense_input_gradient::<_, _, 33, 40>(simd, &a, &b, 9, &mut [0.0; 50], &mut out);
            dense_weight_gradient::<_, _, 33, 40>(simd, &a, &b, 9, &mut [], &mut out);
            dense_weight_gradient::<_, _, 3, 256>(simd, &a, &b, 9, &mut [0.0; 20], &mut out);
            for transposed in [false, true] {
                let form = Matmul { batch: 2, m: 9, k: 33, n: 40, a_transposed: transposed, b_transposed: transposed };
                matmul(simd, form, &a, &b, &mut out);
            }
        }
    }
    at_every_level(Short);
}

#[derive(Clone)]
struct Batched<'a>(Matmul, &'a [f32], &'a [f32]);

impl Run for Batched<'_> {
    type Output = Vec<f32>;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> Vec<f32> {
        let Self(form, a, b) = self;
        collect(form.batch * form.m, form.n, |out| matmul(simd, form, a, b, out))
    }
}

fn check_matmul(form: Matmul) {
    let Matmul { batch, m, k, n, a_transposed, b_transposed } = form;
    let (a, b) = (numbers(4, batch * m * k), numbers(5, batch * k * n));
    let mut expected = Vec::new();
    for p in 0..batch {
        let (a, b) = (&a[p * m * k..], &b[p * k * n..]);
        expected.extend(product(
            (m, k, n),
            |i, l| if a_transposed { a[l * m + i] } else { a[i * k + l] },
            |l, j| if b_transposed { b[j * k + l] } else { b[l * n + j] },
        ));
    }
    for (level, found) in at_every_level(Batched(form, &a, &b)) {
        assert_close(&format!("{level} {form:?}"), &found, &expected, TOLERANCE);
    }
}

#[test]
fn matmul_in_every_form() {
    for (index, &k) in SIZES.iter().enumerate() {
        for (other, &n) in SIZES.iter().enumerate() {
            let m = SIZES[(index + other) % SIZES.len()];
            for (a_transposed, b_transposed) in [(false, false), (true, false), (false, true), (true, true)] {
                check_matmul(Matmul { batch: 1 + (index + other) % 3, m, k, n, a_transposed, b_transposed });
            }
        }
    }
}
