//! The reference evaluator: every primitive over `f64` arrays, as plainly as possible. It is the oracle of all tests
//! and says what a graph means.
//!
//! Masks are 0 and 1, indices are whole numbers.

mod contract;
pub(crate) mod element;
mod movement;
mod random;
mod scan;
mod window;

use ndarray::{ArrayD, Axis, IxDyn, Zip};

use crate::ir::op::{Op, Reduce, Source};
use crate::ir::{DType, Graph, Purpose, Shape, Value};

/// All that a graph reads.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// Inputs, with the batch.
    pub inputs: Vec<ArrayD<f64>>,
    /// Targets, with the batch.
    pub targets: Vec<ArrayD<f64>>,
    /// Parameters and statistics, in logical shape.
    pub parameters: Vec<ArrayD<f64>>,
    /// Rows in this call.
    pub rows: usize,
    /// Position of the first of them in the whole batch.
    pub first_row: usize,
    /// One over the rows of the step.
    pub inverse_total: f64,
    /// Seed of everything random.
    pub seed: u64,
    /// Training steps taken.
    pub step: u64,
}

/// All values of a graph, at the positions of [`Value::index`].
pub fn values(graph: &Graph, environment: &Environment) -> Vec<ArrayD<f64>> {
    let mut results: Vec<ArrayD<f64>> = Vec::with_capacity(graph.len());
    for value in graph.values() {
        let operands: Vec<&ArrayD<f64>> = graph.operands(value).iter().map(|v: &Value| &results[v.index()]).collect();
        results.push(apply(graph.op(value), &operands, &graph.ty(value).shape, environment));
    }
    results
}

/// The values that a graph keeps, in the order of its sinks.
pub fn evaluate(graph: &Graph, environment: &Environment) -> Vec<(Purpose, ArrayD<f64>)> {
    let results = values(graph, environment);
    graph.sinks.iter().map(|sink| (sink.purpose, results[sink.value.index()].clone())).collect()
}

fn apply(op: &Op, operands: &[&ArrayD<f64>], shape: &Shape, environment: &Environment) -> ArrayD<f64> {
    match op {
        Op::Source(kind) => source(kind, environment),
        Op::Unary(kind) => operands[0].mapv(|x| element::unary(*kind, x)),
        Op::Binary(kind) => zip(operands, |a, b| element::binary(*kind, a, b)),
        Op::Compare(kind) => zip(operands, |a, b| f64::from(element::compare(*kind, a, b))),
        Op::Select => {
            let (mask, a, b) = (operands[0], operands[1], operands[2]);
            Zip::from(mask).and(a).and(b).map_collect(|&mask, &a, &b| if mask != 0.0 { a } else { b })
        }
        Op::Cast(DType::Mask) => operands[0].mapv(|x| f64::from(x != 0.0)),
        Op::Cast(DType::F32 | DType::Index(_)) | Op::Stop => operands[0].clone(),
        Op::Reduce(kind, axes) => reduce(*kind, axes, operands[0]),
        Op::Movement(kind) => movement::eval(kind, operands, shape, environment.rows),
        Op::Contract(axes) => contract::eval(axes, operands[0], operands[1]),
        Op::Window(kind) => window::eval(kind, operands, &shape.at(environment.rows)),
        Op::Scan(scan) => scan::eval(scan, operands, environment),
        Op::Random(kind) => random::eval(kind, environment),
    }
}

fn source(source: &Source, environment: &Environment) -> ArrayD<f64> {
    let scalar = |value| ArrayD::from_elem(IxDyn(&[]), value);
    match source {
        Source::Input(position) => environment.inputs[*position].clone(),
        Source::Target(position) => environment.targets[*position].clone(),
        Source::Parameter(position) => environment.parameters[*position].clone(),
        Source::Scalar(value) => scalar(value.get()),
        Source::Iota(length) => ArrayD::from_shape_fn(IxDyn(&[*length]), |index| index[0] as f64),
        Source::RowCount => scalar(environment.rows as f64),
        Source::InverseTotal => scalar(environment.inverse_total),
    }
}

fn zip(operands: &[&ArrayD<f64>], f: impl Fn(f64, f64) -> f64) -> ArrayD<f64> {
    Zip::from(operands[0]).and(operands[1]).map_collect(|&a, &b| f(a, b))
}

fn reduce(kind: Reduce, axes: &[usize], operand: &ArrayD<f64>) -> ArrayD<f64> {
    axes.iter().rev().fold(operand.clone(), |reduced, &axis| match kind {
        Reduce::Sum => reduced.sum_axis(Axis(axis)),
        Reduce::Max => reduced.fold_axis(Axis(axis), f64::NEG_INFINITY, |a, b| element::max(*a, *b)),
        Reduce::Min => reduced.fold_axis(Axis(axis), f64::INFINITY, |a, b| element::min(*a, *b)),
        Reduce::ArgMax => reduced.map_axis(Axis(axis), |lane| {
            let best = |best: usize, position: usize| if lane[position] > lane[best] { position } else { best };
            (0..lane.len()).fold(0, best) as f64
        }),
    })
}
