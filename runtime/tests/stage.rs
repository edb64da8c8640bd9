//! Stages of row programs: stores, folds, in-place outputs and the partial vector, at every level.

mod common;

use common::{assert_close, at_every_level, at_levels, numbers};
use graven_runtime::{Fold, Run, Simd, splat, stage};

/// The square, a count in place, and every fold of a row of `W`.
#[derive(Clone)]
struct Squares<'a, const W: usize>(&'a [f32; W]);

struct Results {
    squares: Vec<f32>,
    counts: Vec<f32>,
    folds: [f32; 3],
}

impl<const W: usize> Run for Squares<'_, W> {
    type Output = Results;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> Results {
        let (mut squares, mut counts) = ([f32::NAN; W], [1.0; W]);
        let folds = stage(
            simd,
            [self.0],
            [&mut squares, &mut counts],
            [Fold::Sum, Fold::Max, Fold::Min],
            #[inline(always)]
            |column, [x], [_, old]| ([x * x, old + splat(simd, column as f32)], [x + splat(simd, 1.0), x, x]),
        );
        Results { squares: squares.to_vec(), counts: counts.to_vec(), folds }
    }
}

fn check<const SCALAR: bool, const W: usize>() {
    let row: [f32; W] = numbers(W as u64, W).try_into().unwrap();
    let wide = row.map(f64::from);
    let sum = wide.iter().map(|x| x + 1.0).sum();
    let largest = wide.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let smallest = wide.iter().copied().fold(f64::INFINITY, f64::min);
    let squares: Vec<f32> = row.iter().map(|x| x * x).collect();
    let counts: Vec<f32> = (0..W).map(|element| 1.0 + (element / 16 * 16) as f32).collect();
    for (level, results) in at_levels::<SCALAR, _>(Squares(&row)) {
        let level = format!("{level} at width {W}");
        assert_eq!(results.squares, squares, "{level}");
        assert_eq!(results.counts, counts, "{level}");
        assert_close(&level, &results.folds, &[sum, largest, smallest], 1e-6);
    }
}

#[test]
fn stages_at_every_width() {
    check::<false, 1>();
    check::<true, 7>();
    check::<false, 16>();
    check::<true, 17>();
    check::<false, 32>();
    check::<false, 33>();
    check::<false, 48>();
    check::<true, 100>();
    check::<false, 784>();
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
