//! Passes that only drop or share values.

use super::rebuild::{contains, rebuild};
use crate::ir::op::Op;
use crate::ir::{Expr, Graph};

/// Makes equal operators on equal operands one value, as every builder does, and drops what no sink needs.
pub fn clean(graph: Graph) -> Graph {
    // builders share equal values, so that only bodies of loops can have become equal
    if contains(&graph, |op| matches!(op, Op::Scan(_))) { rebuild(&graph, &[]) } else { graph.pruned() }
}

/// Drops the marks that stop gradients.
pub fn release_stopped(graph: Graph) -> Graph {
    if contains(&graph, |op| *op == Op::Stop) { rebuild(&graph, &[stopped]) } else { graph.pruned() }
}

/// stop x = x
fn stopped<'b>(op: &Op, operands: &[Expr<'b>]) -> Option<Expr<'b>> {
    match (op, operands) {
        (Op::Stop, &[x]) => Some(x),
        _ => None,
    }
}
