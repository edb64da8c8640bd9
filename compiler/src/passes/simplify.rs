//! Algebra: each rewrite is an identity that holds for all numbers, NaN and infinities too unless it says otherwise,
//! up to rounding. `x·0 = 0` is therefore not among them.

mod arithmetic;
mod broadcast;
mod constant;
mod contract;
mod movement;
mod reduce;
mod sum;
mod window;

use super::rebuild::{contains, rebuild};
use crate::ir::build::Rewrite;
use crate::ir::op::Op;
use crate::ir::{Expr, Graph};

/// Every rewrite makes the graph smaller or moves work to where there is less of it, so that they come to an end. The
/// first is for graphs of which no gradient is to be derived any more.
const REWRITES: [Rewrite; 18] = [
    stopped,
    constant::fold,
    constant::choose,
    constant::to_the_right,
    arithmetic::neutral,
    arithmetic::negation,
    arithmetic::power,
    arithmetic::scale,
    arithmetic::sign_outward,
    broadcast::after_element,
    broadcast::factors_first,
    movement::combined,
    movement::reshaped_broadcast,
    movement::transposed_broadcast,
    reduce::of_movement,
    sum::outward,
    contract::of_transposed,
    window::pointwise,
];

/// Applies the rewrites until none applies; marks that stop gradients stay.
pub fn simplify(graph: Graph) -> Graph {
    if graph.is_simplified() {
        return graph;
    }
    let mut simplified = rebuild(&graph, &REWRITES[1..]);
    simplified.set_simplified();
    simplified
}

/// As [`simplify`], and drops the marks that stop gradients.
pub fn simplify_released(graph: Graph) -> Graph {
    if contains(&graph, |op| *op == Op::Stop) { rebuild(&graph, &REWRITES) } else { simplify(graph) }
}

/// Drops the marks that stop gradients inside and outside of loops, before what loops read is counted.
pub fn release_loops(graph: Graph) -> Graph {
    let has_loops = contains(&graph, |op| matches!(op, Op::Scan(_)));
    if has_loops && contains(&graph, |op| *op == Op::Stop) { rebuild(&graph, &REWRITES[..1]) } else { graph }
}

/// stop x = x
fn stopped<'b>(op: &Op, operands: &[Expr<'b>]) -> Option<Expr<'b>> {
    match (op, operands) {
        (Op::Stop, &[x]) => Some(x),
        _ => None,
    }
}
