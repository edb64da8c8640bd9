//! What all rewriting passes share: a graph is built anew, in order, from what its sinks reach; each operator may be
//! replaced on the way.

use crate::ir::op::{Binary, Movement, Op, Source, Unary};
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
    (builder.finish(), n_rewritten)
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

/// Looking at how a value was made.
pub(super) trait Made: Sized + Copy {
    /// Its operator.
    fn op(self) -> Op;
    /// Its operands.
    fn operands(self) -> Vec<Self>;
    /// `x` if the value is that function of `x`.
    fn as_unary(self, kind: Unary) -> Option<Self>;
    /// `(a, b)` if the value is that function of `a` and `b`.
    fn as_binary(self, kind: Binary) -> Option<(Self, Self)>;
    /// The operand and the movement, if it is a movement of one value.
    fn as_movement(self) -> Option<(Self, Movement)>;
    /// The number, if all elements are that.
    fn constant(self) -> Option<f64>;
}

impl Made for Expr<'_> {
    fn op(self) -> Op {
        self.builder.graph().op(self.value).clone()
    }

    fn operands(self) -> Vec<Self> {
        let graph = self.builder.graph();
        graph.operands(self.value).iter().map(|&value| self.builder.expr(value)).collect()
    }

    fn as_unary(self, kind: Unary) -> Option<Self> {
        if self.op() == Op::Unary(kind) { self.operands().first().copied() } else { None }
    }

    fn as_binary(self, kind: Binary) -> Option<(Self, Self)> {
        match (self.op(), self.operands().as_slice()) {
            (Op::Binary(found), &[a, b]) if found == kind => Some((a, b)),
            _ => None,
        }
    }

    fn as_movement(self) -> Option<(Self, Movement)> {
        match (self.op(), self.operands().as_slice()) {
            (Op::Movement(movement), &[operand]) => Some((operand, movement)),
            _ => None,
        }
    }

    fn constant(self) -> Option<f64> {
        match self.op() {
            Op::Source(Source::Scalar(value)) => Some(value.get()),
            Op::Movement(Movement::Reshape(_) | Movement::Broadcast { .. }) => self.operands()[0].constant(),
            _ => None,
        }
    }
}
