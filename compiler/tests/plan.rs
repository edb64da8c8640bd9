//! Plans, run element by element with freed memory poisoned, give what the reference evaluator gives.

mod plan_common;
mod plan_random;

use graven_compiler::ir::op::{Binary, Contract, Distribution, Movement, Op, Random, Real, Reduce, Source, Unary};
use graven_compiler::ir::{Builder, DType, Dim, Expr, Purpose, Role, Shape, Type};
use plan_common::{Net, check, dense, parameter};

fn input<'b>(builder: &'b Builder, sizes: &[usize]) -> Expr<'b> {
    builder.input("x", Type::f32(Shape::batched(sizes)))
}

fn log_softmax(x: Expr<'_>) -> Expr<'_> {
    let axis = x.shape().rank() - 1;
    let kept: Vec<usize> = (0..axis).collect();
    let shifted = x - x.reduce(Reduce::Max, &[axis]).broadcast(x.shape(), kept.clone());
    let sum = shifted.unary(Unary::Exp).reduce(Reduce::Sum, &[axis]);
    shifted - sum.unary(Unary::Log).broadcast(x.shape(), kept)
}

fn mean_loss(per_sample: Expr<'_>) -> Expr<'_> {
    per_sample.reduce(Reduce::Sum, &[0]) * per_sample.builder.source(Source::InverseTotal)
}

fn cross_entropy<'b>(logits: Expr<'b>, builder: &'b Builder) -> Expr<'b> {
    let classes = logits.shape().0[1].size;
    let label = builder.target("label", Type { dtype: DType::Index(classes), shape: Shape::batched(&[]) });
    let label = label.cast(DType::F32).broadcast(logits.shape(), vec![0]);
    let columns = builder.source(Source::Iota(classes)).broadcast(logits.shape(), vec![1]);
    let chosen = label.compare(graven_compiler::ir::op::Compare::Eq, columns).cast(DType::F32);
    mean_loss(-(log_softmax(logits) * chosen).reduce(Reduce::Sum, &[1]))
}

#[test]
fn two_dense_layers() {
    check(&Net::trained(|b| {
        let hidden = dense(input(b, &[20]), "hidden", 37).binary(Binary::Max, b.scalar(0.0));
        let logits = dense(hidden, "out", 10);
        b.keep(Purpose::Output(0), logits.value);
        b.keep(Purpose::Loss, cross_entropy(logits, b).value);
    }));
}

#[test]
fn softmax_output() {
    check(&Net::trained(|b| {
        let y = log_softmax(dense(input(b, &[5]), "w", 7)).unary(Unary::Exp);
        let target = b.target("t", Type::f32(Shape::batched(&[7])));
        b.keep(Purpose::Output(0), y.value);
        b.keep(Purpose::Loss, mean_loss(-(target * y.unary(Unary::Log)).reduce(Reduce::Sum, &[1])).value);
    }));
}

#[test]
fn layer_norm_and_residual() {
    check(&Net::trained(|b| {
        let x = dense(input(b, &[3, 6]), "in", 6);
        let normal = {
            let mean = x.reduce(Reduce::Sum, &[2]) * (1.0 / 6.0);
            let centred = x - mean.broadcast(x.shape(), vec![0, 1]);
            let variance = centred.square().reduce(Reduce::Sum, &[2]) * (1.0 / 6.0);
            centred * (variance + 1e-3).unary(Unary::Rsqrt).broadcast(x.shape(), vec![0, 1])
        };
        let y = normal * parameter(b, "gamma", &[6]) + parameter(b, "beta", &[6]);
        let y = x + dense(y.unary(Unary::Erf), "mid", 6);
        b.keep(Purpose::Output(0), y.value);
        b.keep(Purpose::Loss, mean_loss(y.square().reduce(Reduce::Sum, &[1, 2])).value);
    }));
}

#[test]
fn batch_statistics() {
    check(&Net::trained(|b| {
        let x = dense(input(b, &[4]), "in", 5);
        let count = b.source(Source::RowCount);
        let mean = x.reduce(Reduce::Sum, &[0]) / count;
        let centred = x - mean;
        let variance = centred.square().reduce(Reduce::Sum, &[0]) / count;
        let y = centred * (variance + 1e-3).unary(Unary::Rsqrt) * parameter(b, "gamma", &[5]);
        let old = plan_common::declared(b, "running", &[5], Role::Statistic);
        b.keep(Purpose::Output(0), y.value);
        b.keep(Purpose::Assign(3), (old * 0.9 + mean * 0.1).value);
        b.keep(Purpose::Loss, mean_loss((y * y * y).reduce(Reduce::Sum, &[1])).value);
    }));
}

#[test]
fn weight_decay_in_the_loss() {
    for penalty in [|w: Expr<'_>| w.square().value, |w: Expr<'_>| w.unary(Unary::Abs).value] {
        check(&Net::trained(|b| {
            let x = input(b, &[6]);
            let y = dense(dense(x, "a", 40), "b", 2);
            let mut loss = mean_loss(y.square().reduce(Reduce::Sum, &[1]));
            for (name, shape) in [("a.weight", [40, 6]), ("b.weight", [2, 40])] {
                let penalized = b.expr(penalty(parameter(b, name, &shape)));
                loss = loss + penalized.reduce(Reduce::Sum, &[0, 1]) * 0.01;
            }
            b.keep(Purpose::Output(0), y.value);
            b.keep(Purpose::Loss, loss.value);
        }));
    }
}

#[test]
fn reductions_over_every_set_of_axes() {
    for set in 1..16_usize {
        for op in [Reduce::Sum, Reduce::Max, Reduce::Min] {
            let axes: Vec<usize> = (0..4).filter(|axis| set >> axis & 1 == 1).collect();
            check(&Net::inference(|b| {
                let x = input(b, &[2, 3, 4]);
                b.keep(Purpose::Output(0), (x.reduce(op, &axes) * 2.0).value);
            }));
        }
    }
}

#[test]
fn position_of_the_largest() {
    for axis in 1..4 {
        check(&Net::inference(|b| {
            let x = input(b, &[2, 3, 4]).unary(Unary::Sin);
            b.keep(Purpose::Output(0), x.reduce(Reduce::ArgMax, &[axis]).cast(DType::F32).value);
            b.keep(Purpose::Output(1), x.reduce(Reduce::ArgMax, &[axis]).value);
        }));
    }
}

#[test]
fn movement() {
    check(&Net::trained(|b| {
        let x = input(b, &[3, 4]) * parameter(b, "w", &[3, 4]);
        let turned = x.transpose(&[0, 2, 1]);
        let reversed = turned.movement(Movement::Reverse(vec![1]));
        let part =
            reversed.movement(Movement::Slice { starts: vec![0, 1, 0], lengths: vec![1, 2, 2], steps: vec![1, 1, 2] });
        let padded = part.movement(Movement::Pad {
            low: vec![0, 1, 0],
            high: vec![0, 0, 2],
            interior: vec![0, 1, 0],
            value: Real::new(0.5),
        });
        let joined = b.add(
            Op::Movement(Movement::Concat(2)),
            &[turned.value, turned.unary(Unary::Tanh).value, x.reshape(turned.shape()).value],
        );
        let y = padded.unary(Unary::Exp).reduce(Reduce::Sum, &[1, 2]) + joined.square().reduce(Reduce::Sum, &[1, 2]);
        b.keep(Purpose::Output(0), padded.value);
        b.keep(Purpose::Output(1), joined.value);
        b.keep(Purpose::Output(2), part.value);
        b.keep(Purpose::Loss, mean_loss(y).value);
    }));
}

#[test]
fn broadcasts_of_all_kinds() {
    check(&Net::trained(|b| {
        let x = input(b, &[2, 3, 4]);
        let (row, column, plane) = (parameter(b, "r", &[4]), parameter(b, "c", &[3, 1]), parameter(b, "p", &[2, 1, 4]));
        let y = (x + row) * column.unary(Unary::Exp) - plane.square();
        let shape = Shape::batched(&[3, 2, 4]);
        let z = y.reshape(shape.clone())
            + parameter(b, "q", &[3, 1, 4]).broadcast_like(
                b.add(Op::Random(Random { distribution: Distribution::Uniform, operator: 1, shape }), &[]),
            );
        b.keep(Purpose::Output(0), y.value);
        b.keep(Purpose::Output(1), z.value);
        b.keep(Purpose::Loss, mean_loss((z * z).reduce(Reduce::Sum, &[1, 2, 3])).value);
    }));
}

#[test]
fn matrix_products_of_values() {
    check(&Net::trained(|b| {
        let x = input(b, &[3, 4]);
        let (q, k) = (dense(x, "q", 5), dense(x, "k", 5));
        let scores = q.contract(k, Contract { batch: vec![(0, 0)], contract: vec![(2, 2)] });
        let weights = log_softmax(scores).unary(Unary::Exp);
        let y = weights.contract(x, Contract { batch: vec![(0, 0)], contract: vec![(2, 1)] });
        let z = y.contract(parameter(b, "t", &[3, 4, 2]), Contract { batch: vec![], contract: vec![(1, 0), (2, 1)] });
        b.keep(Purpose::Output(0), y.value);
        b.keep(Purpose::Loss, mean_loss(z.square().reduce(Reduce::Sum, &[1])).value);
    }));
}

#[test]
fn tied_weights() {
    check(&Net::trained(|b| {
        let x = input(b, &[34]);
        let w = parameter(b, "w", &[3, 34]);
        let code = x.contract(w, Contract { batch: vec![], contract: vec![(1, 1)] }).unary(Unary::Tanh);
        let y = code.contract(w, Contract { batch: vec![], contract: vec![(1, 0)] });
        b.keep(Purpose::Output(0), y.value);
        b.keep(Purpose::Loss, mean_loss((y - x).square().reduce(Reduce::Sum, &[1])).value);
    }));
}

#[test]
fn dropout() {
    check(&Net::trained(|b| {
        let x = dense(input(b, &[6]), "a", 8);
        let draw = |distribution, operator| b.add(Op::Random(Random { distribution, operator, shape: x.shape() }), &[]);
        let kept = draw(Distribution::Uniform, 0).compare(graven_compiler::ir::op::Compare::Ge, b.scalar(0.3));
        let y = kept.select(x * (1.0 / 0.7), b.scalar(0.0)) + draw(Distribution::Normal, 1) * 0.1;
        b.keep(Purpose::Output(0), y.value);
        b.keep(Purpose::Loss, mean_loss(dense(y, "o", 1).square().reduce(Reduce::Sum, &[1])).value);
    }));
}

#[test]
fn outputs_that_nothing_computes() {
    check(&Net::inference(|b| {
        let x = input(b, &[2, 2]);
        b.keep(Purpose::Output(0), x.value);
        b.keep(Purpose::Output(1), parameter(b, "w", &[3]).value);
        b.keep(Purpose::Output(2), b.scalar(2.0).value);
        b.keep(Purpose::Output(3), x.transpose(&[0, 2, 1]).value);
        b.keep(Purpose::Output(4), b.source(Source::Iota(5)).value);
        let doubled = x * 2.0;
        b.keep(Purpose::Output(5), doubled.value);
        b.keep(Purpose::Output(6), doubled.reshape(Shape(vec![Dim { size: 2, batched: true }, Dim::fixed(2)])).value);
        b.keep(Purpose::Output(7), b.scalar(1.0).broadcast(Shape::batched(&[3]), vec![]).value);
    }));
}

#[test]
fn random_networks() {
    for seed in 0..200 {
        check(&Net::trained(|b| plan_random::network(b, seed)));
    }
}
