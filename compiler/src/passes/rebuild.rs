//! What all rewriting passes share: a graph is built anew, in order, from what its sinks reach; each operator may be
//! replaced on the way.

use crate::ir::op::Op;
use crate::ir::scan::{Body, Scan};
use crate::ir::{Builder, Expr, Graph, Value};

/// An identity, from left to right: what an operator on operands is replaced by, if it is.
pub(super) type Rewrite = for<'b> fn(&Op, &[Expr<'b>]) -> Option<Expr<'b>>;

/// The same graph with the first rewrite that applies to each operator done, without values that no sink needs; and
/// how many operators were rewritten, in bodies of loops too.
pub(super) fn rebuild(graph: &Graph, rewrites: &[Rewrite]) -> (Graph, usize) {
    let needed = needed(graph);
    let builder = Builder::continuing(Graph::like(graph));
    builder.reserve(graph.len());
    let mut new: Vec<Option<Expr<'_>>> = vec![None; graph.len()];
    let mut n_rewritten = 0;
    let mut bodies = Bodies::default();
    for value in graph.values().filter(|value| needed[value.index()]) {
        let operands: Vec<Expr<'_>> = graph.operands(value).iter().filter_map(|v| new[v.index()]).collect();
        let op = bodies.replaced(graph.op(value), |body| {
            let (body, rewritten) = rebuild(body, rewrites);
            n_rewritten += rewritten;
            body
        });
        let rewritten = rewrites.iter().find_map(|rewrite| rewrite(&op, &operands));
        n_rewritten += usize::from(rewritten.is_some());
        let made = rewritten.unwrap_or_else(|| again(&builder, &op, &operands));
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

/// Bodies of loops and what they are replaced by, so that results of one loop stay results of one loop.
#[derive(Default)]
pub(super) struct Bodies(Vec<(Body, Body)>);

impl Bodies {
    /// The operator with its body, if it has one, replaced.
    pub fn replaced(&mut self, op: &Op, replace: impl FnOnce(&Graph) -> Graph) -> Op {
        let Op::Scan(scan) = op else { return op.clone() };
        let known = self.0.iter().find(|(body, _)| *body == scan.body).map(|(_, new)| new.clone());
        let body = known.unwrap_or_else(|| {
            let new = Body::new(replace(&scan.body));
            self.0.push((scan.body.clone(), new.clone()));
            new
        });
        Op::Scan(Scan { body, ..scan.clone() })
    }
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
