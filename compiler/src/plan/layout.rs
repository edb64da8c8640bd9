//! Physical layouts: a weight whose every use, in every graph, is a dense contraction or does not see the order of
//! elements lies in panels, and so do all values of its shape that meet it. Everything else lies row-major.

use super::window::WindowForm;
use super::{Layout, Storage};
use crate::ir::op::{Contract, Movement, Op, Source};
use crate::ir::window::Window;
use crate::ir::{Graph, Parameter, Purpose, Shape, Value};
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
    /// The order of its scalars, as its own shape has them.
    pub layout: Layout,
}

impl Panel {
    fn swapped(self, swapped: bool) -> Self {
        let layout = match self.layout {
            Layout::Panels { k, n, transposed } => Layout::Panels { k, n, transposed: transposed ^ swapped },
            other => other,
        };
        Self { layout, ..self }
    }
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
        panels[class].map_or(Layout::RowMajor, |panel| panel.swapped(swapped).layout)
    };
    let values = |(number, graph): (usize, &&Graph)| {
        let of_value = |value: Value| {
            let (class, swapped) = classes.find(classes.starts[number] + value.index());
            panels[class].map(|panel| panel.swapped(swapped))
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
                Op::Movement(Movement::Reshape(_)) => self.unite(start + graph.operands(value)[0].index(), own, false),
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
        let mut panels: Vec<Option<Panel>> = vec![None; self.parent.len()];
        let mut stored = vec![false; self.parent.len()];
        (0..parameters.len()).for_each(|position| stored[self.find(position).0] = true);
        let mut conflicts = Vec::new();
        for (number, graph) in self.graphs.iter().enumerate() {
            for value in graph.values() {
                let Some((weight, layout)) = asked(graph, value) else { continue };
                let (class, swapped) = self.find(self.starts[number] + weight.index());
                if self.spoiled[class] || !stored[class] {
                    continue;
                }
                let panel = Panel { class, layout }.swapped(swapped);
                match panels[class].get_or_insert(panel).layout {
                    Layout::Panels { .. } if matches!(layout, Layout::Panels { .. }) => {}
                    known if known == layout && !swapped => {}
                    _ => conflicts.push(class),
                }
            }
        }
        for (number, graph) in self.graphs.iter().enumerate() {
            let products = graph.values().filter(|value| matches!(graph.op(*value), Op::Contract(_)));
            conflicts.extend(
                products
                    .map(|value| self.find(self.starts[number] + value.index()).0)
                    .filter(|&class| panels[class].is_some_and(|panel| matches!(panel.layout, Layout::Filters(_)))),
            );
        }
        conflicts.into_iter().for_each(|class| panels[class] = None);
        panels
    }
}

/// The operand, or the result, that an operator wants in panels, and their order for the value's own shape.
fn asked(graph: &Graph, value: Value) -> Option<(Value, Layout)> {
    match (graph.op(value), graph.operands(value)) {
        (Op::Contract(contract), [left, right]) => {
            let axis = dense_axis(contract, graph.ty(*left).shape.rank(), graph.ty(*right).shape.rank())?;
            let lengths = &graph.ty(*right).shape.0;
            let transposed = axis == 1;
            let (k, n) = if transposed { (lengths[1], lengths[0]) } else { (lengths[0], lengths[1]) };
            Some((*right, Layout::Panels { k: k.size, n: n.size, transposed }))
        }
        (Op::Window(window), operands) => {
            let form = window_form(graph, value, window);
            let weight = if window.kind.gives_filters() { value } else { *operands.get(1)? };
            Some((weight, Layout::Filters(form.order()?)))
        }
        _ => None,
    }
}

/// An operator over windows as a kernel does it, its images lying without a border.
pub fn window_form(graph: &Graph, value: Value, window: &Window) -> WindowForm {
    let shape = |value: Value| &graph.ty(value).shape;
    let operands = graph.operands(value);
    let last = |shape: &Shape| shape.0.last().map_or(1, |dim| dim.size);
    let (reads_images, gives_images) = (window.kind.reads_images(), window.kind.gives_images());
    let images = if reads_images { operands[0] } else { value };
    let results = match (reads_images, gives_images || window.kind.gives_filters()) {
        (true, true) => operands[1],
        (true, false) => value,
        (false, _) => operands[0],
    };
    let (images, results) = (shape(images), shape(results));
    WindowForm {
        rows: images.0[0],
        window: *window,
        channels: last(images),
        filters: last(results),
        pitch: window.geometry.input,
        border: [0; 2],
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
    !shape.is_batched()
        && match graph.op(value) {
            Op::Source(Source::Parameter(_)) | Op::Stop | Op::Movement(Movement::Reshape(_)) => true,
            Op::Movement(Movement::Transpose(perm)) => perm[..] == [1, 0],
            Op::Contract(contract) => shape.rank() == 2 && is_weight_gradient(contract, rank(0), rank(1)),
            Op::Window(window) => window.kind.gives_filters(),
            op => work(op) == Work::Element,
        }
}

fn keeps_panels(graph: &Graph, user: Value, position: usize) -> bool {
    let rank = |position: usize| graph.ty(graph.operands(user)[position]).shape.rank();
    match graph.op(user) {
        Op::Contract(contract) => position == 1 && dense_axis(contract, rank(0), rank(1)).is_some(),
        Op::Window(window) => position == 1 && window.kind.takes_filters(),
        Op::Reduce(reduce, axes) => axes.len() == rank(0) && *reduce != crate::ir::op::Reduce::ArgMax,
        Op::Stop | Op::Movement(Movement::Reshape(_)) => true,
        Op::Movement(Movement::Transpose(perm)) => perm[..] == [1, 0],
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
