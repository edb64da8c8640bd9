//! Passes that only drop or share values.

use super::rebuild::rebuild;
use crate::ir::op::Op;
use crate::ir::{Expr, Graph};

/// Makes equal operators on equal operands one value, as every builder does, and drops what no sink needs.
pub fn clean(graph: Graph) -> Graph {
    rebuild(&graph, &[]).0
}

/// Drops the marks that stop gradients.
pub fn release_stopped(graph: Graph) -> Graph {
    rebuild(&graph, &[stopped]).0
}

/// stop x = x
fn stopped<'b>(op: &Op, operands: &[Expr<'b>]) -> Option<Expr<'b>> {
    match (op, operands) {
        (Op::Stop, &[x]) => Some(x),
        _ => None,
    }
}
