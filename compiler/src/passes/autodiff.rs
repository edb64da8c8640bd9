//! Reverse-mode differentiation: a graph with a loss becomes one that also keeps the gradient of each trained
//! parameter. No operator is named here; see [`crate::rules::vjp`].

use super::loops;
use super::rebuild::finish;
use crate::ir::op::{Op, Source};
use crate::ir::{Builder, Expr, Graph, Purpose};
use crate::rules::vjp::cotangents;

/// Adds a gradient for each trained parameter; zeros where the loss does not depend on it.
///
/// A graph without a loss stays as it is.
pub fn differentiate(graph: Graph) -> Graph {
    if graph.sink(Purpose::Loss).is_none() {
        return graph;
    }
    let graph = loops::widen(graph);
    let Some(loss) = graph.sink(Purpose::Loss) else {
        return graph;
    };
    let active = active(&graph);
    let builder = Builder::continuing(graph);
    let cotangents = cotangents(&builder, &active, [(loss, builder.scalar(1.0))]);
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
