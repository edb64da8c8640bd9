//! Graph to graph: each pass means the same before and after, and is verified.

mod autodiff;
mod clean;
mod loops;
mod made;
mod rebuild;
mod simplify;
mod stable;

pub use autodiff::differentiate;
pub use clean::{clean, release_stopped};
pub use simplify::simplify;
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

/// The gradient graph.
pub const BACKWARD: [Pass; 1] = [("differentiate", differentiate)];

/// Once no gradient is to be derived any more.
pub const FINAL: [Pass; 4] =
    [("release", release_stopped), ("loops", loops::tidy), ("simplify", simplify), ("clean", clean)];

/// A graph without gradients, ready to be planned.
///
/// # Panics
/// A pass broke an invariant of the graph.
pub fn prepare(graph: Graph) -> Graph {
    run(graph, &[&FORWARD, &FINAL], |_, _| {})
}

/// The graph with gradients of the trained parameters, ready to be planned.
///
/// # Panics
/// A pass broke an invariant of the graph.
pub fn train(graph: Graph) -> Graph {
    run(graph, &[&FORWARD, &BACKWARD, &FINAL], |_, _| {})
}

/// As [`prepare`], or as [`train`] if `gradients`; `look` sees the graph as it comes and after each pass.
///
/// # Panics
/// A pass broke an invariant of the graph.
pub fn traced(graph: Graph, gradients: bool, look: impl FnMut(&str, &Graph)) -> Graph {
    let passes: &[&[Pass]] = if gradients { &[&FORWARD, &BACKWARD, &FINAL] } else { &[&FORWARD, &FINAL] };
    run(graph, passes, look)
}

fn run(graph: Graph, passes: &[&[Pass]], mut look: impl FnMut(&str, &Graph)) -> Graph {
    check("staging", &graph);
    look("staging", &graph);
    passes.iter().copied().flatten().fold(graph, |graph, (name, pass)| {
        let graph = pass(graph);
        check(name, &graph);
        look(name, &graph);
        graph
    })
}

fn check(name: &str, graph: &Graph) {
    let faults = verify(graph);
    assert!(faults.is_empty(), "{name} left a graph that does not verify: {faults:?}");
}
