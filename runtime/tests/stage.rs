//! Stages of row programs: stores, folds, in-place outputs and the partial vector, at every level.

mod common;

use common::{assert_close, at_every_level, numbers};
use graven_runtime::{Fold, Run, Simd, math, splat, stage};

/// Softmax in two stages and a running sum in place, over a row of `W`.
#[derive(Clone)]
struct Softmax<'a, const W: usize>(&'a [f32; W]);

struct Results {
    softmax: Vec<f32>,
    total: Vec<f32>,
    folds: [f32; 3],
}

impl<const W: usize> Run for Softmax<'_, W> {
    type Output = Results;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> Results {
        let (mut powers, mut total) = ([f32::NAN; W], [1.0; W]);
        let [largest, smallest] = stage(
            simd,
            [self.0],
            [],
            [Fold::Max, Fold::Min],
            #[inline(always)]
            |_, [x], []| ([], [x, x]),
        );
        let [sum] = stage(
            simd,
            [self.0],
            [&mut powers],
            [Fold::Sum],
            #[inline(always)]
            |_, [x], [_]| {
                let power = math::exp(simd, x - splat(simd, largest));
                ([power], [power])
            },
        );
        let mut softmax = powers;
        stage(
            simd,
            [],
            [&mut softmax, &mut total],
            [],
            #[inline(always)]
            |column, [], [power, old]| {
                let share = power / splat(simd, sum);
                ([share, old + splat(simd, column as f32)], [])
            },
        );
        Results { softmax: softmax.to_vec(), total: total.to_vec(), folds: [largest, smallest, sum] }
    }
}

fn check<const W: usize>() {
    let row: [f32; W] = numbers(W as u64, W).try_into().unwrap();
    let wide = row.map(f64::from);
    let largest = wide.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let smallest = wide.iter().copied().fold(f64::INFINITY, f64::min);
    let sum: f64 = wide.iter().map(|x| (x - largest).exp()).sum();
    let expected: Vec<f64> = wide.iter().map(|x| (x - largest).exp() / sum).collect();
    for (level, results) in at_every_level(Softmax(&row)) {
        let level = format!("{level} at width {W}");
        assert_close(&level, &results.softmax, &expected, 1e-6);
        assert_close(&level, &results.folds, &[largest, smallest, sum], 1e-6);
        let columns: Vec<f32> = (0..W).map(|element| 1.0 + (element / 16 * 16) as f32).collect();
        assert_eq!(results.total, columns, "{level}");
    }
}

#[test]
fn softmax_at_every_width() {
    (check::<1>(), check::<7>(), check::<16>(), check::<17>(), check::<32>(), check::<33>());
    (check::<48>(), check::<64>(), check::<80>(), check::<100>(), check::<784>());
}

#[derive(Clone)]
struct Extremes<'a>(&'a [f32; 33]);

impl Run for Extremes<'_> {
    type Output = [f32; 2];

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> [f32; 2] {
        stage(
            simd,
            [self.0],
            [],
            [Fold::Max, Fold::Min],
            #[inline(always)]
            |_, [x], []| ([], [x, x]),
        )
    }
}

#[test]
fn extremes_propagate_nan_from_every_place() {
    for place in 0..33 {
        let mut row = [1.0; 33];
        row[place] = f32::NAN;
        for (level, folds) in at_every_level(Extremes(&row)) {
            assert!(folds.iter().all(|fold| fold.is_nan()), "{level}: NaN at {place}");
        }
    }
}

#[test]
fn padding_is_no_element() {
    let mut row = [-5.0; 33];
    row[32] = -3.0;
    for (level, folds) in at_every_level(Extremes(&row)) {
        assert_eq!(folds, [-3.0, -5.0], "{level}");
    }
}
