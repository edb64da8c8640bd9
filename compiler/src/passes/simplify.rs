//! Algebra: each rewrite is an identity that holds for all numbers, NaN and infinities too unless it says otherwise,
//! up to rounding. `x·0 = 0` is therefore not among them.

mod arithmetic;
mod broadcast;
mod constant;
mod contract;
mod movement;
mod reduce;
mod window;

use super::rebuild::rebuild;
use crate::ir::Graph;
use crate::ir::build::Rewrite;

/// Every rewrite makes the graph smaller or moves work to where there is less of it, so that they come to an end.
const REWRITES: [Rewrite; 16] = [
    constant::fold,
    constant::choose,
    constant::to_the_right,
    arithmetic::neutral,
    arithmetic::negation,
    arithmetic::power,
    arithmetic::scale,
    arithmetic::sign_outward,
    broadcast::after_element,
    movement::combined,
    movement::reshaped_broadcast,
    movement::transposed_broadcast,
    reduce::of_movement,
    reduce::outward,
    contract::of_transposed,
    window::pointwise,
];

/// Applies the rewrites until none applies.
pub fn simplify(graph: Graph) -> Graph {
    if graph.is_simplified() {
        return graph;
    }
    let mut simplified = rebuild(&graph, &REWRITES);
    simplified.set_simplified();
    simplified
}
