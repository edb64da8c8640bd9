//! Random numbers: equal at all levels, of the right distribution, and independent of their neighbours.

mod common;

use common::at_every_level;
use graven_runtime::random::{normal, uniform};
use graven_runtime::{Batch, Run, Simd};

#[derive(Clone, Copy)]
struct Draw {
    batch: Batch,
    operator: u32,
    row: usize,
    count: usize,
    normal: bool,
}

impl Draw {
    fn new(seed: u64, step: u64, operator: u32, row: usize) -> Self {
        let batch = Batch { seed, step, ..Batch::default() };
        Self { batch, operator, row, count: 4096, normal: false }
    }

    fn values(self) -> Vec<f32> {
        at_every_level(self).remove(0).1
    }
}

impl Run for Draw {
    type Output = Vec<f32>;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> Vec<f32> {
        let mut values = Vec::new();
        for element in (0..self.count).step_by(16) {
            let vector = if self.normal {
                normal(simd, &self.batch, self.operator, self.row, element)
            } else {
                uniform(simd, &self.batch, self.operator, self.row, element)
            };
            let lanes: [f32; 16] = vector.into();
            values.extend(lanes);
        }
        values
    }
}

#[test]
fn uniform_numbers_have_the_same_bits_at_every_level() {
    let results = at_every_level(Draw::new(7, 3, 2, 5));
    assert!(results.iter().all(|(_, values)| *values == results[0].1));
}

#[test]
fn normal_numbers_differ_by_rounding_alone() {
    let results = at_every_level(Draw { normal: true, ..Draw::new(7, 3, 2, 5) });
    for (level, values) in &results {
        for (a, b) in values.iter().zip(&results[0].1) {
            assert!((a - b).abs() < 1e-5, "{level}: {a} and {b}");
        }
    }
}

/// A vector in the middle of a row is what the row holds there.
#[test]
fn lanes_are_elements() {
    let whole = Draw::new(1, 2, 3, 4).values();
    let first = Draw { count: 16, ..Draw::new(1, 2, 3, 4) }.values();
    assert_eq!(first, whole[..16]);
    let mut distinct: Vec<u32> = whole.iter().map(|value| value.to_bits()).collect();
    distinct.sort_unstable();
    distinct.dedup();
    assert!(distinct.len() > 4090, "{} of 4096 numbers are distinct", distinct.len());
}

fn chi_square(counts: &[u32], total: f64) -> f64 {
    let expected = total / counts.len() as f64;
    counts.iter().map(|&count| (f64::from(count) - expected).powi(2) / expected).sum()
}

#[test]
fn uniform_numbers_fill_the_interval_evenly() {
    let values = Draw { count: 1 << 18, ..Draw::new(11, 0, 0, 0) }.values();
    assert!(values.iter().all(|value| (0.0..1.0).contains(value)));
    let mut counts = [0; 256];
    values.iter().for_each(|value| counts[(value * 256.0) as usize] += 1);
    // 255 degrees of freedom: mean 255, standard deviation 22.6.
    let statistic = chi_square(&counts, values.len() as f64);
    assert!((165.0..345.0).contains(&statistic), "chi square {statistic}");
}

/// Pairs of neighbours fill the square evenly, whichever coordinate of the counter separates them.
#[test]
fn neighbours_are_independent() {
    let of = |seed, step, operator, row| Draw::new(seed, step, operator, row).values();
    let mut pairs: Vec<(&str, Vec<(f32, f32)>)> = Vec::new();
    let zip = |a: Vec<f32>, b: Vec<f32>| a.into_iter().zip(b);
    pairs.push(("elements", (0..16).flat_map(|row| zip(of(5, 0, 0, row), of(5, 0, 0, row).split_off(1))).collect()));
    pairs.push(("rows", (0..16).flat_map(|row| zip(of(5, 0, 0, row), of(5, 0, 0, row + 1))).collect()));
    pairs.push(("steps", (0..16).flat_map(|step| zip(of(5, step, 0, 0), of(5, step + 1, 0, 0))).collect()));
    pairs.push(("operators", (0..16).flat_map(|op| zip(of(5, 0, op, 0), of(5, 0, op + 1, 0))).collect()));
    pairs.push(("seeds", (0..16).flat_map(|seed| zip(of(seed, 0, 0, 0), of(seed + 1, 0, 0, 0))).collect()));
    for (name, pairs) in pairs {
        let mut counts = [0; 256];
        pairs.iter().for_each(|&(a, b)| counts[(a * 16.0) as usize * 16 + (b * 16.0) as usize] += 1);
        let statistic = chi_square(&counts, pairs.len() as f64);
        assert!((165.0..345.0).contains(&statistic), "{name}: chi square {statistic}");
    }
}

#[test]
fn normal_numbers_have_the_moments_of_the_normal_distribution() {
    let values = Draw { count: 1 << 18, normal: true, ..Draw::new(13, 0, 0, 0) }.values();
    let moment = |power| values.iter().map(|&value| f64::from(value).powi(power)).sum::<f64>() / values.len() as f64;
    for (power, expected, tolerance) in [(1, 0.0, 0.01), (2, 1.0, 0.02), (3, 0.0, 0.04), (4, 3.0, 0.1)] {
        assert!((moment(power) - expected).abs() < tolerance, "moment {power} is {}", moment(power));
    }
    let within = values.iter().filter(|value| value.abs() < 1.0).count() as f64 / values.len() as f64;
    assert!((within - 0.682_689).abs() < 0.005, "{within} lie within one deviation");
}

/// Rows count from the front of the whole batch, so how it is cut cannot matter.
#[test]
fn rows_do_not_depend_on_how_the_batch_is_cut() {
    let whole = Draw::new(3, 1, 4, 6);
    let cut = Draw { batch: Batch { rows: 2, first_row: 6, ..whole.batch }, ..whole };
    assert_eq!(whole.values(), cut.values());
}
