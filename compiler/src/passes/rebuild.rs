//! What all rewriting passes share: a graph is built anew, in order, from what its sinks reach; each operator may be
//! replaced on the way.

use crate::ir::op::Op;
use crate::ir::{Builder, Expr, Graph, Value};

/// An identity, from left to right: what an operator on operands is replaced by, if it is.
pub(super) type Rewrite = for<'b> fn(&Op, &[Expr<'b>]) -> Option<Expr<'b>>;

/// The same graph with the first rewrite that applies to each operator done, without values that no sink needs; and
/// how many operators were rewritten.
pub(super) fn rebuild(graph: &Graph, rewrites: &[Rewrite]) -> (Graph, usize) {
    let needed = needed(graph);
    let builder = Builder::continuing(Graph::like(graph));
    let mut new: Vec<Option<Expr<'_>>> = vec![None; graph.len()];
    let mut n_rewritten = 0;
    for value in graph.values().filter(|value| needed[value.index()]) {
        let operands: Vec<Expr<'_>> = graph.operands(value).iter().filter_map(|v| new[v.index()]).collect();
        let rewritten = rewrites.iter().find_map(|rewrite| rewrite(graph.op(value), &operands));
        n_rewritten += usize::from(rewritten.is_some());
        let made = rewritten.unwrap_or_else(|| again(&builder, graph.op(value), &operands));
        if let Some(label) = graph.label(value) {
            builder.label(made.value, label);
        }
        new[value.index()] = Some(made);
    }
    for sink in &graph.sinks {
        if let Some(kept) = new[sink.value.index()] {
            builder.keep(sink.purpose, kept.value);
        }
    }
    (finish(builder), n_rewritten)
}

/// The graph of a builder that never saw a type error: a faulty rewrite must not pass for its first operand.
pub(super) fn finish(builder: Builder) -> Graph {
    let fault = builder.take_fault();
    assert!(fault.is_none(), "a pass made an operator that does not fit its operands: {fault:?}");
    builder.finish()
}

fn again<'b>(builder: &'b Builder, op: &Op, operands: &[Expr<'b>]) -> Expr<'b> {
    let operands: Vec<Value> = operands.iter().map(|operand| operand.value).collect();
    builder.add(op.clone(), &operands)
}

/// Whether a sink needs each value.
fn needed(graph: &Graph) -> Vec<bool> {
    let mut needed = vec![false; graph.len()];
    graph.sinks.iter().for_each(|sink| needed[sink.value.index()] = true);
    for value in graph.values().rev() {
        if needed[value.index()] {
            graph.operands(value).iter().for_each(|operand| needed[operand.index()] = true);
        }
    }
    needed
}
