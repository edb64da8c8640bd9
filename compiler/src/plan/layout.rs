//! Physical layouts: a weight whose every use, in every graph, is a dense contraction or does not see the order of
//! elements lies in panels, and so do all values of its shape that meet it. Everything else lies row-major.

use super::{Layout, Storage};
use crate::ir::op::{Contract, Movement, Op, Source};
use crate::ir::{Graph, Parameter, Purpose, Value};
use crate::rules::lower::{Work, work};

/// Layouts of all parameters, and of the values of each graph that lie in panels.
pub struct Layouts {
    /// For each parameter.
    pub parameters: Vec<Layout>,
    /// For each graph and value, its class and layout if it lies in panels.
    pub panels: Vec<Vec<Option<Panel>>>,
}

/// How a value lies in panels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Panel {
    /// Values of one class meet element by element.
    pub class: usize,
    /// Length that the forward pass sums over.
    pub k: usize,
    /// Length of the forward pass's result.
    pub n: usize,
    /// Whether the value's shape is `[n, k]`.
    pub transposed: bool,
}

/// Whether a contraction's right operand is used as a dense weight; gives the axis of it that is summed over.
pub fn dense_axis(contract: &Contract, left_rank: usize, right_rank: usize) -> Option<usize> {
    match (&contract.batch[..], &contract.contract[..]) {
        ([], [(left, right)]) if right_rank == 2 && *left + 1 == left_rank => Some(*right),
        _ => None,
    }
}

/// Whether a contraction sums over all leading axes of both operands, as the gradient of a dense weight does.
pub fn is_weight_gradient(contract: &Contract, left_rank: usize, right_rank: usize) -> bool {
    let mut pairs = contract.contract.clone();
    pairs.sort_unstable();
    contract.batch.is_empty()
        && left_rank == right_rank
        && left_rank >= 2
        && pairs.iter().copied().eq((0..left_rank - 1).map(|axis| (axis, axis)))
}

struct Classes<'g> {
    graphs: &'g [&'g Graph],
    starts: Vec<usize>,
    /// Union–find; the flag says whether a member's axes are those of its parent swapped.
    parent: Vec<(usize, bool)>,
    spoiled: Vec<bool>,
}

/// Chooses layouts; the first graph is the forward one.
pub fn choose(graphs: &[&Graph]) -> Layouts {
    let parameters = &graphs[0].parameters;
    let mut classes = Classes::new(graphs, parameters.len());
    for (number, graph) in graphs.iter().enumerate() {
        classes.unite_graph(number, graph);
    }
    for (number, graph) in graphs.iter().enumerate() {
        classes.judge_graph(number, graph);
    }
    let panels = classes.panels(parameters);
    let layout = |position: usize| {
        let (class, swapped) = classes.find(position);
        panels[class].map_or(Layout::RowMajor, |panel| Layout::Panels {
            k: panel.k,
            n: panel.n,
            transposed: panel.transposed ^ swapped,
        })
    };
    let values = |(number, graph): (usize, &&Graph)| {
        let of_value = |value: Value| {
            let (class, swapped) = classes.find(classes.starts[number] + value.index());
            panels[class].map(|panel| Panel { transposed: panel.transposed ^ swapped, ..panel })
        };
        graph.values().map(of_value).collect()
    };
    Layouts {
        parameters: (0..parameters.len()).map(layout).collect(),
        panels: graphs.iter().enumerate().map(values).collect(),
    }
}

impl<'g> Classes<'g> {
    fn new(graphs: &'g [&'g Graph], parameters: usize) -> Self {
        let mut starts = Vec::new();
        let mut total = parameters;
        for graph in graphs {
            starts.push(total);
            total += graph.len();
        }
        let parent = (0..total).map(|own| (own, false)).collect();
        Self { graphs, starts, parent, spoiled: vec![false; total] }
    }

    fn find(&self, mut member: usize) -> (usize, bool) {
        let mut swapped = false;
        while self.parent[member].0 != member {
            swapped ^= self.parent[member].1;
            member = self.parent[member].0;
        }
        (member, swapped)
    }

    fn unite(&mut self, a: usize, b: usize, swapped: bool) {
        let ((a, a_swapped), (b, b_swapped)) = (self.find(a), self.find(b));
        if a != b {
            self.parent[b.max(a)] = (a.min(b), swapped ^ a_swapped ^ b_swapped);
            self.spoiled[a.min(b)] |= self.spoiled[a.max(b)];
        } else if swapped ^ a_swapped ^ b_swapped {
            self.spoil(a);
        }
    }

    fn spoil(&mut self, member: usize) {
        let (class, _) = self.find(member);
        self.spoiled[class] = true;
    }

    fn unite_graph(&mut self, number: usize, graph: &Graph) {
        let start = self.starts[number];
        let constants = constants(graph);
        for value in graph.values() {
            let own = start + value.index();
            match graph.op(value) {
                Op::Source(Source::Parameter(parameter)) => self.unite(*parameter, own, false),
                Op::Movement(Movement::Transpose(perm)) if perm[..] == [1, 0] => {
                    self.unite(start + graph.operands(value)[0].index(), own, true);
                }
                op if matches!(op, Op::Stop) || work(op) == Work::Element => {
                    for operand in graph.operands(value).iter().filter(|operand| !constants[operand.index()]) {
                        self.unite(start + operand.index(), own, false);
                    }
                }
                _ => {}
            }
        }
        for sink in &graph.sinks {
            if let Purpose::Gradient(parameter) | Purpose::Assign(parameter) = sink.purpose {
                self.unite(parameter, start + sink.value.index(), false);
            }
        }
    }

    fn judge_graph(&mut self, number: usize, graph: &Graph) {
        let start = self.starts[number];
        for value in graph.values() {
            if !may_lie_in_panels(graph, value) {
                self.spoil(start + value.index());
            }
            for (position, operand) in graph.operands(value).iter().enumerate() {
                if !keeps_panels(graph, value, position) {
                    self.spoil(start + operand.index());
                }
            }
        }
        for sink in &graph.sinks {
            if matches!(sink.purpose, Purpose::Output(_) | Purpose::Loss) {
                self.spoil(start + sink.value.index());
            }
        }
    }

    /// The layout of each class that lies in panels, as its representative has it.
    fn panels(&self, parameters: &[Parameter]) -> Vec<Option<Panel>> {
        let mut panels = vec![None; self.parent.len()];
        let sizes: Vec<Option<[usize; 2]>> =
            parameters.iter().map(|parameter| parameter.shape[..].try_into().ok()).collect();
        let mut shapes = vec![None; self.parent.len()];
        for (position, size) in sizes.iter().enumerate() {
            let (class, swapped) = self.find(position);
            shapes[class] = size.map(|[a, b]| if swapped { [b, a] } else { [a, b] });
        }
        for (number, graph) in self.graphs.iter().enumerate() {
            for value in graph.values() {
                let (Op::Contract(contract), [left, right]) = (graph.op(value), graph.operands(value)) else {
                    continue;
                };
                let ranks = (graph.ty(*left).shape.rank(), graph.ty(*right).shape.rank());
                let Some(axis) = dense_axis(contract, ranks.0, ranks.1) else { continue };
                let (class, swapped) = self.find(self.starts[number] + right.index());
                if let (false, None, Some([a, b])) = (self.spoiled[class], panels[class], shapes[class]) {
                    let transposed = (axis == 1) ^ swapped;
                    let (k, n) = if transposed { (b, a) } else { (a, b) };
                    panels[class] = Some(Panel { class, k, n, transposed });
                }
            }
        }
        panels
    }
}

/// For each value, whether it is one number, whatever its shape, that can be made anew wherever it is used.
pub fn constants(graph: &Graph) -> Vec<bool> {
    let mut constants = vec![false; graph.len()];
    for value in graph.values() {
        constants[value.index()] = match work(graph.op(value)) {
            Work::Constant => true,
            Work::View | Work::Element => graph.operands(value).iter().all(|operand| constants[operand.index()]),
            _ => false,
        };
    }
    constants
}

fn may_lie_in_panels(graph: &Graph, value: Value) -> bool {
    let rank = |position: usize| graph.ty(graph.operands(value)[position]).shape.rank();
    let shape = &graph.ty(value).shape;
    shape.rank() == 2
        && !shape.is_batched()
        && match graph.op(value) {
            Op::Source(Source::Parameter(_)) | Op::Stop | Op::Movement(Movement::Transpose(_)) => true,
            Op::Contract(contract) => is_weight_gradient(contract, rank(0), rank(1)),
            op => work(op) == Work::Element,
        }
}

fn keeps_panels(graph: &Graph, user: Value, position: usize) -> bool {
    let rank = |position: usize| graph.ty(graph.operands(user)[position]).shape.rank();
    match graph.op(user) {
        Op::Contract(contract) => position == 1 && dense_axis(contract, rank(0), rank(1)).is_some(),
        Op::Reduce(reduce, axes) => axes.len() == rank(0) && *reduce != crate::ir::op::Reduce::ArgMax,
        Op::Stop | Op::Movement(Movement::Transpose(_)) => true,
        op => work(op) == Work::Element,
    }
}

/// Places parameters in the model's memory: trained ones first, those that keep 64-byte alignment before the others.
pub fn store(parameters: &[Parameter], layouts: &[Layout]) -> (Vec<Storage>, usize, usize) {
    let mut order: Vec<usize> = (0..parameters.len()).collect();
    order.sort_by_key(|&position| {
        let parameter = &parameters[position];
        (!parameter.is_trainable(), !parameter.len().is_multiple_of(16))
    });
    let mut storage: Vec<Storage> = layouts.iter().map(|&layout| Storage { offset: 0, layout }).collect();
    let (mut trained, mut scalars) = (0, 0);
    for position in order {
        storage[position].offset = scalars;
        scalars += parameters[position].len();
        if parameters[position].is_trainable() {
            trained = scalars;
        }
    }
    (storage, trained, scalars)
}
