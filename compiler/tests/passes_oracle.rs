//! The evaluator against numbers worked out by hand or taken from tables.

use graven_compiler::ir::op::{Binary, Compare, Contract, Movement, Op, Real, Reduce, Unary};
use graven_compiler::ir::{Builder, DType, Expr, Purpose, Shape, Type};
use graven_compiler::rules::eval::{Environment, evaluate};
use ndarray::{ArrayD, IxDyn};

/// `f` of an input of these lengths with these elements, one row.
#[track_caller]
fn check(sizes: &[usize], elements: &[f64], f: impl for<'b> Fn(Expr<'b>) -> Expr<'b>, expected: &[f64]) {
    let builder = Builder::new();
    let result = f(builder.input("x", Type::f32(Shape::fixed(sizes))));
    assert_eq!(builder.take_fault(), None);
    builder.keep(Purpose::Output(0), result.value);
    let input = ArrayD::from_shape_vec(IxDyn(sizes), elements.to_vec()).expect("as many elements as the shape says");
    let environment = Environment { inputs: vec![input], rows: 1, ..Environment::default() };
    let found: Vec<f64> = evaluate(&builder.finish(), &environment)[0].1.iter().copied().collect();
    let close = |(a, b): (&f64, &f64)| a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() < 1e-15;
    assert!(found.len() == expected.len() && found.iter().zip(expected).all(close), "{found:?} is not {expected:?}");
}

#[test]
fn functions_of_one_real() {
    let erf =
        [0.0, 0.112_462_916_018_284_9, 0.842_700_792_949_714_9, -0.995_322_265_018_952_7, 0.999_977_909_503_001_4, 1.0];
    check(&[6], &[0.0, 0.1, 1.0, -2.0, 3.0, 30.0], |x| x.unary(Unary::Erf), &erf);
    check(&[3], &[-1e3, 0.0, 1e3], |x| x.unary(Unary::Sigmoid), &[0.0, 0.5, 1.0]);
    check(&[4], &[-2.5, 0.0, 3.0, f64::NAN], |x| x.unary(Unary::Sign), &[-1.0, 0.0, 1.0, f64::NAN]);
    check(&[2], &[0.25, 4.0], |x| x.unary(Unary::Rsqrt), &[2.0, 0.5]);
    check(&[2], &[-1.5, 1.5], |x| x.unary(Unary::Floor), &[-2.0, 1.0]);
}

#[test]
fn nan_goes_through_extremes() {
    let nan = f64::NAN;
    check(&[3], &[nan, -1.0, 1.0], |x| x.binary(Binary::Max, x.like(0.0)), &[nan, 0.0, 1.0]);
    check(&[3], &[nan, -1.0, 1.0], |x| x.like(0.0).binary(Binary::Min, x), &[nan, -1.0, 0.0]);
    check(&[2, 3], &[1.0, nan, 2.0, 4.0, 3.0, 5.0], |x| x.reduce(Reduce::Max, &[1]), &[nan, 5.0]);
    check(&[2], &[nan, 1.0], |x| x.compare(Compare::Ne, x).cast(DType::F32), &[1.0, 0.0]);
}

#[test]
fn the_first_of_equal_positions() {
    let rows = [1.0, 3.0, 3.0, 2.0, 2.0, 0.0];
    check(&[2, 3], &rows, |x| x.reduce(Reduce::ArgMax, &[1]).cast(DType::F32), &[1.0, 0.0]);
}

#[test]
fn movements() {
    let pad = Movement::Pad { low: vec![1], high: vec![0], interior: vec![2], value: Real::new(9.0) };
    check(&[2], &[1.0, 2.0], |x| x.movement(pad.clone()), &[9.0, 1.0, 9.0, 9.0, 2.0]);
    let slice = Movement::Slice { starts: vec![1], lengths: vec![2], steps: vec![2] };
    check(&[5], &[0.0, 1.0, 2.0, 3.0, 4.0], |x| x.movement(slice.clone()), &[1.0, 3.0]);
    check(&[2, 2], &[1.0, 2.0, 3.0, 4.0], |x| x.movement(Movement::Reverse(vec![1])), &[2.0, 1.0, 4.0, 3.0]);
    check(&[2, 2], &[1.0, 2.0, 3.0, 4.0], |x| x.transpose(&[1, 0]).reshape(Shape::fixed(&[4])), &[1.0, 3.0, 2.0, 4.0]);
    check(&[2], &[1.0, 2.0], |x| x.broadcast(Shape::fixed(&[2, 2]), vec![0]), &[1.0, 1.0, 2.0, 2.0]);
}

#[test]
fn contractions() {
    let gram = Contract { batch: vec![], contract: vec![(1, 1)] };
    check(&[2, 2], &[1.0, 2.0, 3.0, 4.0], |x| x.contract(x, gram.clone()), &[5.0, 11.0, 11.0, 25.0]);
    let rows = Contract { batch: vec![(0, 0)], contract: vec![(1, 1)] };
    check(&[2, 2], &[1.0, 2.0, 3.0, 4.0], |x| x.contract(x, rows.clone()), &[5.0, 25.0]);
    check(&[2], &[1.0, 2.0], |x| x.contract(x, Contract::default()), &[1.0, 2.0, 2.0, 4.0]);
}

#[test]
fn concatenation() {
    let concat = |x| Op::Movement(Movement::Concat(x));
    check(&[2, 1], &[1.0, 2.0], |x| x.builder.add(concat(1), &[x.value, x.value]), &[1.0, 1.0, 2.0, 2.0]);
    check(&[2, 1], &[1.0, 2.0], |x| x.builder.add(concat(0), &[x.value, x.value]), &[1.0, 2.0, 1.0, 2.0]);
}
