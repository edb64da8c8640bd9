//! What all rewriting passes share: a graph is built anew, in order, from what its sinks reach; each operator may be
//! replaced on the way.

use crate::ir::build::Rewrite;
use crate::ir::op::Op;
use crate::ir::scan::{Body, Scan};
use crate::ir::{Builder, Expr, Graph, Value};

/// The same graph with the rewrites done until none applies, in bodies of loops too, and without values that no sink
/// needs.
pub(super) fn rebuild(graph: &Graph, rewrites: &'static [Rewrite]) -> Graph {
    let needed = graph.needed();
    let builder = Builder::rewriting(graph, rewrites);
    let mut new: Vec<Option<Expr<'_>>> = vec![None; graph.len()];
    let mut bodies = Bodies::default();
    for value in graph.values().filter(|value| needed[value.index()]) {
        let operands: Vec<Value> =
            graph.operands(value).iter().filter_map(|v| new[v.index()].map(|new| new.value)).collect();
        let op = bodies.replaced(graph.op(value), |body| rebuild(body, rewrites));
        let made = builder.add(op, &operands);
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
    finish(builder).pruned()
}

/// Whether an operator is in a graph, in bodies of loops too.
pub(super) fn contains(graph: &Graph, is_it: fn(&Op) -> bool) -> bool {
    graph.values().any(|value| match graph.op(value) {
        op if is_it(op) => true,
        Op::Scan(scan) => contains(&scan.body, is_it),
        _ => false,
    })
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
