//! Graph to graph: each pass means the same before and after; [`traced`] verifies each.

mod autodiff;
mod clean;
mod fold;
mod loops;
mod made;
mod rebuild;
mod simplify;
mod stable;

pub use autodiff::differentiate;
pub use clean::clean;
pub use fold::fold;
pub use simplify::{release_loops, simplify, simplify_released};
pub use stable::stabilize;

use crate::ir::Graph;
use crate::ir::verify::verify;

/// A pass and its name.
pub type Pass = (&'static str, fn(Graph) -> Graph);

/// Before differentiation.
pub const FORWARD: [Pass; 4] = [
    ("clean", clean),
    ("simplify", simplify),
    // after simplification, which brings the patterns to one form; before differentiation, so that gradients are stable
    ("stabilize", stabilize),
    ("simplify", simplify),
];

/// Where no gradient is derived.
pub const INFERENCE: [Pass; 1] = [("fold", fold)];

/// The gradient graph.
pub const BACKWARD: [Pass; 1] = [("differentiate", differentiate)];

/// Once no gradient is to be derived any more.
pub const FINAL: [Pass; 4] =
    [("release", release_loops), ("loops", loops::tidy), ("simplify", simplify_released), ("clean", clean)];

/// A graph without gradients, ready to be planned.
///
/// # Panics
/// Staging or a pass broke an invariant of the graph.
pub fn prepare(graph: Graph) -> Graph {
    run(graph, PREPARE, |_, _| {})
}

/// The graph with gradients of the trained parameters, ready to be planned.
///
/// # Panics
/// Staging or a pass broke an invariant of the graph.
pub fn train(graph: Graph) -> Graph {
    run(graph, TRAIN, |_, _| {})
}

/// As [`prepare`], or as [`train`] if `gradients`; `look` sees the graph as it comes and after each pass, each verified.
///
/// # Panics
/// Staging or a pass broke an invariant of the graph.
pub fn traced(graph: Graph, gradients: bool, mut look: impl FnMut(&str, &Graph)) -> Graph {
    run(graph, if gradients { TRAIN } else { PREPARE }, |name, graph| {
        check(name, graph);
        look(name, graph);
    })
}

const PREPARE: &[&[Pass]] = &[&FORWARD, &INFERENCE, &FINAL];
const TRAIN: &[&[Pass]] = &[&FORWARD, &BACKWARD, &FINAL];

/// Builders infer the type of each value they append, so that it suffices to verify what comes and what goes.
fn run(graph: Graph, passes: &[&[Pass]], mut look: impl FnMut(&str, &Graph)) -> Graph {
    check("staging", &graph);
    look("staging", &graph);
    let made = passes.iter().copied().flatten().fold(graph, |graph, (name, pass)| {
        let graph = pass(graph);
        look(name, &graph);
        graph
    });
    check("the last pass", &made);
    made
}

fn check(name: &str, graph: &Graph) {
    let faults = verify(graph);
    assert!(faults.is_empty(), "{name} left a graph that does not verify: {faults:?}");
}
