//! Every vector-Jacobian product against central differences in 64 bits, first and second order.

mod passes_common;

use graven_compiler::ir::op::{Binary, Compare, Contract, Distribution, Movement, Op, Random, Real, Reduce, Unary};
use graven_compiler::ir::{Builder, DType, Dim, Expr, Purpose, Role, Shape};
use graven_compiler::passes::train;
use passes_common::differences::{ANY, POSITIVE, check, sink};
use passes_common::{ROWS, batched, declare, environment, keep_loss, parameter, softmax};

#[test]
fn functions_of_one_real() {
    use Unary::*;
    for kind in [Neg, Abs, Sign, Floor, Exp, Sin, Cos, Tanh, Sigmoid, Erf] {
        check(&format!("{kind:?}"), ANY, &[&[2, 3]], |x| x[0].unary(kind));
    }
    for kind in [Reciprocal, Sqrt, Rsqrt, Log, Log1p] {
        check(&format!("{kind:?}"), POSITIVE, &[&[2, 3]], |x| x[0].unary(kind));
    }
}

#[test]
fn functions_of_two_reals() {
    use Binary::*;
    for kind in [Add, Sub, Mul, Max, Min] {
        check(&format!("{kind:?}"), ANY, &[&[2, 3], &[2, 3]], |x| x[0].binary(kind, x[1]));
    }
    for kind in [Div, Pow] {
        check(&format!("{kind:?}"), POSITIVE, &[&[2, 3], &[2, 3]], |x| x[0].binary(kind, x[1]));
    }
    check("square of negative numbers", [-2.0, -0.5], &[&[3]], |x| x[0].binary(Pow, x[0].like(2.0)));
}

#[test]
fn broadcasting() {
    check("row and column", ANY, &[&[2, 1], &[3]], |x| x[0] * x[1]);
    check("over the batch", ANY, &[&[3], &[]], |x| batched(x[0], &[3]) * x[1]);
}

#[test]
fn selection() {
    check("select", ANY, &[&[2, 3], &[2, 3]], |x| x[0].compare(Compare::Lt, x[1]).select(x[0].square(), x[1]));
    check("mask as a number", ANY, &[&[4]], |x| x[0].compare(Compare::Ge, x[0].like(0.1)).cast(DType::F32) * x[0]);
}

#[test]
fn reductions() {
    for kind in [Reduce::Sum, Reduce::Max, Reduce::Min] {
        for axes in [&[0][..], &[1], &[0, 2], &[0, 1, 2]] {
            check(&format!("{kind:?} over {axes:?}"), ANY, &[&[2, 3, 4]], |x| x[0].reduce(kind, axes).square());
            check(&format!("{kind:?} over {axes:?} of a batch"), ANY, &[&[3, 4]], |x| {
                batched(x[0], &[3, 4]).reduce(kind, axes).square()
            });
        }
    }
    check("position of the largest", ANY, &[&[2, 3]], |x| {
        x[0].reduce(Reduce::ArgMax, &[1]).cast(DType::F32) * x[0].reduce(Reduce::Sum, &[1])
    });
}

#[test]
fn movements() {
    let fixed = |sizes: &[usize]| Shape::fixed(sizes);
    let moves = [
        Movement::Reshape(fixed(&[4, 6])),
        Movement::Transpose(vec![2, 0, 1]),
        Movement::Broadcast { shape: fixed(&[2, 5, 3, 4]), axes: vec![0, 2, 3] },
        Movement::Slice { starts: vec![0, 1, 1], lengths: vec![2, 1, 2], steps: vec![1, 1, 2] },
        Movement::Pad { low: vec![1, 0, 2], high: vec![0, 1, 0], interior: vec![1, 0, 2], value: Real::new(0.5) },
        Movement::Concat(1),
        Movement::Reverse(vec![0, 2]),
    ];
    for movement in moves {
        check(&format!("{movement:?}"), ANY, &[&[2, 3, 4]], |x| x[0].square().movement(movement.clone()));
    }
    check("concatenation", ANY, &[&[2, 1], &[2, 3]], |x| {
        x[0].builder.add(Op::Movement(Movement::Concat(1)), &[x[0].value, x[1].value, x[0].value]).square()
    });
    check("merging the batch", ANY, &[&[3, 4]], |x| {
        let merged = Shape(vec![Dim { size: 3, batched: true }, Dim::fixed(4)]);
        batched(x[0], &[3, 4]).reshape(merged).unary(Unary::Tanh)
    });
    check("slice of a batch", ANY, &[&[3, 4]], |x| {
        let slice = Movement::Slice { starts: vec![0, 1, 0], lengths: vec![1, 2, 2], steps: vec![1, 1, 3] };
        batched(x[0], &[3, 4]).movement(slice).square()
    });
}

#[test]
fn contractions() {
    let contract = |batch: &[(usize, usize)], pairs: &[(usize, usize)]| Contract {
        batch: batch.to_vec(),
        contract: pairs.to_vec(),
    };
    let fixed: [(&[usize], &[usize], Contract); 5] = [
        (&[2, 3], &[3, 4], contract(&[], &[(1, 0)])),
        (&[3, 2], &[4, 3], contract(&[], &[(0, 1)])),
        (&[2, 3], &[4], contract(&[], &[])),
        (&[2, 3, 4], &[5, 4, 3], contract(&[], &[(2, 1), (1, 2)])),
        (&[2, 3, 4, 2], &[4, 3, 2, 5], contract(&[(2, 0), (0, 2)], &[(1, 1)])),
    ];
    for (left, right, axes) in fixed {
        check(&format!("{axes:?}"), ANY, &[left, right], |x| x[0].contract(x[1], axes.clone()).square());
    }
    check("dense", ANY, &[&[3], &[4, 3]], |x| batched(x[0], &[3]).contract(x[1], contract(&[], &[(1, 1)])).square());
    check("over the batch", ANY, &[&[3], &[2]], |x| {
        batched(x[0], &[3]).contract(batched(x[1], &[2]), contract(&[], &[(0, 0)])).square()
    });
    check("attention", ANY, &[&[3, 2, 4], &[5, 2, 4]], |x| {
        let (query, key) = (batched(x[0], &[3, 2, 4]), batched(x[1], &[5, 2, 4]));
        query.contract(key, contract(&[(0, 0), (2, 2)], &[(3, 3)])).square()
    });
}

#[test]
fn random_numbers_are_constants() {
    for distribution in [Distribution::Uniform, Distribution::Normal] {
        check(&format!("{distribution:?}"), ANY, &[&[3]], |x| {
            let random = Random { distribution, operator: 1, shape: Shape::batched(&[3]) };
            let drawn = x[0].builder.add(Op::Random(random), &[]);
            drawn * batched(x[0], &[3]).square()
        });
    }
}

#[test]
fn a_softmax_and_its_loss() {
    check("softmax", ANY, &[&[4]], |x| softmax(batched(x[0], &[4])));
    check("cross entropy", ANY, &[&[4]], |x| softmax(batched(x[0], &[4])).unary(Unary::Log));
}

#[test]
fn stopped_gradients() {
    let builder = Builder::new();
    let x = parameter(&builder, "x", &[3]);
    keep_loss(x * x.square().stop_gradient());
    let graph = train(builder.finish());
    let environment = environment(&graph, 3, ANY);
    let expected = &environment.targets[0] * &environment.parameters[0].mapv(|x| x * x);
    assert!((sink(&graph, &environment, Purpose::Gradient(0)) - expected).iter().all(|x| x.abs() < 1e-12));
    assert!(graph.values().all(|value| *graph.op(value) != Op::Stop));
}

#[test]
fn parameters_without_gradients() {
    let builder = Builder::new();
    let used = parameter(&builder, "used", &[2]);
    parameter(&builder, "unused", &[3]);
    let frozen = declare(&builder, "frozen", &[2], Role::Frozen);
    keep_loss(used * frozen.unary(Unary::Exp));
    let graph = train(builder.finish());
    assert!(graph.sink(Purpose::Gradient(0)).is_some());
    assert!(sink(&graph, &environment(&graph, 1, ANY), Purpose::Gradient(1)).iter().all(|&x| x == 0.0));
    assert_eq!(graph.sink(Purpose::Gradient(2)), None);
}

/// The derivative of `f` at `x` as it is trained.
fn slope(x: f64, f: impl for<'b> Fn(Expr<'b>) -> Expr<'b>) -> f64 {
    let builder = Builder::new();
    let p = parameter(&builder, "p", &[]);
    builder.keep(Purpose::Loss, f(p).value);
    let graph = train(builder.finish());
    let mut environment = environment(&graph, 1, ANY);
    environment.parameters[0].fill(x);
    sink(&graph, &environment, Purpose::Gradient(0)).sum()
}

#[test]
fn special_points() {
    let relu: fn(Expr<'_>) -> Expr<'_> = |x| x.binary(Binary::Max, x.like(0.0));
    assert_eq!([-1.0, 0.0, 1.0].map(|x| slope(x, relu)), [0.0, 0.0, 1.0]);
    assert_eq!(slope(0.0, |x| x.unary(Unary::Exp).unary(Unary::Log1p)), 0.5);
    assert_eq!(slope(0.0, |x| x.unary(Unary::Sigmoid).unary(Unary::Log)), 0.5);
    assert_eq!(slope(0.0, |x| x.binary(Binary::Pow, x.like(2.0))), 0.0);
    assert_eq!(slope(-2.0, |x| x.binary(Binary::Pow, x.like(5.0))), 80.0);
    assert_eq!(slope(0.0, |x| x.like(3.0).binary(Binary::Pow, x)), 3.0_f64.ln());
    assert_eq!(slope(0.0, |x| x.binary(Binary::Pow, x.like(0.0))), 0.0);
}

#[test]
fn ties_share_evenly() {
    let builder = Builder::new();
    let x = parameter(&builder, "x", &[4]);
    builder.keep(Purpose::Loss, x.reduce(Reduce::Max, &[0]).value);
    let graph = train(builder.finish());
    let mut environment = environment(&graph, 1, ANY);
    environment.parameters[0] = ndarray::arr1(&[1.0, 2.0, 0.0, 2.0]).into_dyn();
    assert_eq!(sink(&graph, &environment, Purpose::Gradient(0)), ndarray::arr1(&[0.0, 0.5, 0.0, 0.5]).into_dyn());
    assert_eq!(environment.rows, ROWS);
}
