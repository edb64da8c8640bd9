//! Reverse-mode differentiation: a graph with a loss becomes one that also keeps the gradient of each trained
//! parameter. No operator is named here; see [`crate::rules::vjp`].

use super::rebuild::finish;
use crate::ir::op::{Op, Source};
use crate::ir::{Builder, Expr, Graph, Purpose, Value};
use crate::rules::vjp::vjp;

/// Adds a gradient for each trained parameter; zeros where the loss does not depend on it.
///
/// A graph without a loss stays as it is.
pub fn differentiate(graph: Graph) -> Graph {
    let Some(loss) = graph.sink(Purpose::Loss) else {
        return graph;
    };
    let active = active(&graph);
    let n_values = loss.index() + 1;
    let values = graph.values().take(n_values);
    let builder = Builder::continuing(graph);
    let mut cotangents: Vec<Option<Expr<'_>>> = vec![None; n_values];
    cotangents[loss.index()] = Some(builder.scalar(1.0));
    for value in values.rev().filter(|value| active[value.index()]) {
        if let Some(cotangent) = cotangents[value.index()] {
            pull_back(&builder, value, cotangent, &active, &mut cotangents);
        }
    }
    keep_gradients(&builder, &cotangents);
    finish(builder)
}

/// Whether each value depends on a trained parameter.
fn active(graph: &Graph) -> Vec<bool> {
    let mut active = vec![false; graph.len()];
    for value in graph.values() {
        active[value.index()] = match graph.op(value) {
            Op::Source(Source::Parameter(position)) => graph.parameters[*position].is_trainable(),
            _ => graph.operands(value).iter().any(|operand| active[operand.index()]),
        };
    }
    active
}

/// Adds what a value's cotangent contributes to those of its operands.
fn pull_back<'b>(
    builder: &'b Builder,
    value: Value,
    cotangent: Expr<'b>,
    active: &[bool],
    cotangents: &mut [Option<Expr<'b>>],
) {
    let (op, operands) = {
        let graph = builder.graph();
        (graph.op(value).clone(), graph.operands(value).to_vec())
    };
    let exprs: Vec<Expr<'b>> = operands.iter().map(|&operand| builder.expr(operand)).collect();
    for (operand, contribution) in operands.iter().zip(vjp(&op, &exprs, builder.expr(value), cotangent)) {
        if let (Some(contribution), true) = (contribution, active[operand.index()]) {
            let sum = &mut cotangents[operand.index()];
            *sum = Some(sum.map_or(contribution, |sum| sum + contribution));
        }
    }
}

fn keep_gradients<'b>(builder: &'b Builder, cotangents: &[Option<Expr<'b>>]) {
    let trained: Vec<usize> = {
        let graph = builder.graph();
        (0..graph.parameters.len()).filter(|&position| graph.parameters[position].is_trainable()).collect()
    };
    for position in trained {
        let parameter = builder.source(Source::Parameter(position));
        let gradient = cotangents.get(parameter.value.index()).copied().flatten();
        let gradient = gradient.unwrap_or_else(|| parameter.like(0.0));
        builder.keep(Purpose::Gradient(position), gradient.value);
    }
}
