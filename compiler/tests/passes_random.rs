//! The evaluator and the runtime draw the same numbers.

use graven_compiler::ir::op::{Distribution, Op, Random};
use graven_compiler::ir::{Builder, Purpose, Shape};
use graven_compiler::rules::eval::{Environment, evaluate};
use graven_runtime::random::{normal, uniform};
use graven_runtime::{Batch, Run, Simd, dispatch};

const SIZES: [usize; 2] = [3, 7];
const PER_ROW: usize = 21;
const OPERATOR: u32 = 9;

/// The number at a row and element, drawn by the runtime.
struct Draw {
    batch: Batch,
    distribution: Distribution,
    row: usize,
    element: usize,
}

impl Run for Draw {
    type Output = f32;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> f32 {
        let sixteen = match self.distribution {
            Distribution::Uniform => uniform(simd, &self.batch, OPERATOR, self.row, self.element),
            Distribution::Normal => normal(simd, &self.batch, OPERATOR, self.row, self.element),
        };
        let lanes: [f32; 16] = sixteen.into();
        lanes[0]
    }
}

fn evaluated(distribution: Distribution, batch: &Batch) -> Vec<f64> {
    let builder = Builder::new();
    let random = Random { distribution, operator: OPERATOR, shape: Shape::batched(&SIZES) };
    builder.keep(Purpose::Output(0), builder.add(Op::Random(random), &[]).value);
    let Batch { rows, first_row, seed, step, .. } = *batch;
    let environment = Environment { rows, first_row, seed, step, ..Environment::default() };
    evaluate(&builder.finish(), &environment)[0].1.iter().copied().collect()
}

fn check(distribution: Distribution, tolerance: f64) {
    let batch = Batch { rows: 4, first_row: 11, inverse_total: 0.25, seed: 0x1234_5678_9abc_def0, step: 77 };
    for (position, expected) in evaluated(distribution, &batch).into_iter().enumerate() {
        let (row, element) = (batch.first_row + position / PER_ROW, position % PER_ROW);
        let found = f64::from(dispatch(Draw { batch, distribution, row, element }));
        assert!((found - expected).abs() <= tolerance, "{distribution:?} {position}: {found} against {expected}");
    }
}

#[test]
fn uniform_numbers_are_equal() {
    check(Distribution::Uniform, 0.0);
}

#[test]
fn normal_numbers_differ_by_rounding_alone() {
    check(Distribution::Normal, 1e-5);
}
