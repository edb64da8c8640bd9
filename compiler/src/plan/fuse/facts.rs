//! What is known of each value before fusion: the work it is, whether it is alive, and how it lies in its base.

use std::collections::BTreeSet;

use crate::ir::op::{Op, Reduce, Source};
use crate::ir::{Dim, Graph, Shape, Value};
use crate::plan::fuse::border;
use crate::plan::fuse::domain::Domain;
use crate::plan::layout::{Panel, constants};
use crate::plan::view::{Axis, View};
use crate::plan::window::Bordered;
use crate::rules::lower::{Work, work};

/// How an element-by-element operator or a reduction reads an operand.
#[derive(Clone, PartialEq, Debug)]
pub enum Edge {
    /// One number, made where it is used.
    Constant(Value),
    /// Element by element, or, with a number of repetitions, row by row.
    Direct {
        /// The value read.
        base: Value,
        /// Repetitions of each element.
        repeats: Option<usize>,
    },
    /// Through memory, at other places.
    Load(View),
}

/// What is known of each value.
pub struct Facts<'g> {
    /// The graph.
    pub graph: &'g Graph,
    /// Values in panels.
    pub panels: &'g [Option<Panel>],
    /// How the inputs lie that are steps of a sequence.
    windows: &'g [Option<Vec<Axis>>],
    works: Vec<Work>,
    views: Vec<View>,
    edges: Vec<Edge>,
    free: Vec<bool>,
    /// Cuts of free values, which their users take over.
    cuts: Vec<BTreeSet<usize>>,
    live: Vec<bool>,
    /// Values that lie in memory with a border around each image, for windows that read them.
    borders: Vec<Option<Bordered>>,
}

impl<'g> Facts<'g> {
    /// Works out the facts.
    pub fn new(graph: &'g Graph, panels: &'g [Option<Panel>]) -> Self {
        Self::of_body(graph, panels, &[])
    }

    /// Works out the facts of a loop's body; `windows` says how the inputs lie that are steps of a sequence.
    pub fn of_body(graph: &'g Graph, panels: &'g [Option<Panel>], windows: &'g [Option<Vec<Axis>>]) -> Self {
        let mut facts = Self {
            graph,
            panels,
            windows,
            works: graph.values().map(|value| work(graph.op(value))).collect(),
            views: Vec::new(),
            edges: Vec::new(),
            free: vec![false; graph.len()],
            cuts: vec![BTreeSet::new(); graph.len()],
            live: live(graph),
            borders: border::choose(graph),
        };
        let constants = constants(graph);
        for value in graph.values() {
            if constants[value.index()] {
                facts.works[value.index()] = Work::Constant;
            }
            facts.see(value);
        }
        facts
    }

    fn see(&mut self, value: Value) {
        let shape = self.shape(value).clone();
        let moved = self.view_of(value, &shape);
        match moved {
            Some(_) => self.works[value.index()] = Work::View,
            None if self.work(value) == Work::View => self.works[value.index()] = Work::Copy,
            None => {}
        }
        self.views.push(moved.unwrap_or_else(|| self.made_or_given(value, &shape)));
        self.edges.push(self.edge_of(value));
        if matches!(self.work(value), Work::Element | Work::Fold) && self.live[value.index()] {
            self.copy_what_cannot_be_addressed(value);
        }
        self.free[value.index()] = self.work(value) == Work::Element
            && self.graph.operands(value).iter().all(|&operand| match self.edge(operand) {
                Edge::Constant(_) => true,
                Edge::Direct { base, repeats } => {
                    self.work(base) == Work::Generate || (repeats.is_none() && self.free[base.index()])
                }
                Edge::Load(view) => self.work(view.base) == Work::Generate,
            });
        if self.free[value.index()] {
            self.cuts[value.index()] = self.domain(value).cuts;
        }
    }

    fn made_or_given(&self, value: Value, shape: &Shape) -> View {
        if let Some(bordered) = self.borders[value.index()] {
            return border::view(value, shape, &bordered).unwrap_or_else(|| View::whole(value, shape));
        }
        let window = match self.graph.op(value) {
            Op::Source(Source::Input(position)) => self.windows.get(*position).and_then(Option::as_ref),
            _ => None,
        };
        window.map_or_else(|| View::whole(value, shape), |axes| View { base: value, offset: 0, axes: axes.clone() })
    }

    /// The view that a value is of another one, if it is one.
    fn view_of(&self, value: Value, shape: &Shape) -> Option<View> {
        let operand = *self.graph.operands(value).first()?;
        let from = &self.views[operand.index()];
        match self.graph.op(value) {
            _ if self.work(value) == Work::Constant => None,
            Op::Stop => Some(from.clone()),
            Op::Movement(_) if self.panels[value.index()].is_some() => Some(View::whole(from.base, shape)),
            Op::Movement(movement) => from.moved(movement, shape),
            Op::Reduce(Reduce::Sum | Reduce::Max | Reduce::Min, axes)
                if axes.iter().all(|&axis| self.shape(operand).0[axis] == Dim::fixed(1)) =>
            {
                let kept: Vec<usize> = (0..from.axes.len()).filter(|axis| !axes.contains(axis)).collect();
                Some(from.permuted(&kept))
            }
            _ => None,
        }
    }

    fn copy_what_cannot_be_addressed(&mut self, value: Value) {
        let mut domain = self.own_domain(value);
        for &operand in self.graph.operands(value) {
            let mut wider = domain.clone();
            self.cut(&mut wider, operand);
            if self.view(operand).is_row_wise() && wider.is_sound() {
                domain = wider;
            } else {
                self.works[operand.index()] = Work::Copy;
                self.views[operand.index()] = View::whole(operand, self.shape(operand));
                self.edges[operand.index()] = self.edge_of(operand);
            }
        }
    }

    /// The loop nest that a value asks for by itself, without its operands' accesses.
    pub fn own_domain(&self, value: Value) -> Domain {
        let mut domain = Domain::flat(self.shape(value).elements());
        domain.panel = self.panels[value.index()].map(|panel| panel.class);
        if self.borders[value.index()].is_some() {
            domain.cut(self.view(value));
        }
        if let Op::Reduce(..) = self.graph.op(value) {
            let operand = self.graph.operands(value)[0];
            let reduction = self.reduction(value);
            domain = Domain::flat(self.shape(operand).elements());
            domain.panel = self.panels[operand.index()].map(|panel| panel.class);
            domain.width = reduction.width;
            if let Some(view) = reduction.target.filter(|_| domain.panel.is_none()) {
                domain.cut(&view);
            }
        }
        domain
    }

    /// The loop nest that a value asks for, with its operands' accesses.
    pub fn domain(&self, value: Value) -> Domain {
        let mut domain = self.own_domain(value);
        for &operand in self.graph.operands(value) {
            self.cut(&mut domain, operand);
        }
        domain
    }

    fn cut(&self, domain: &mut Domain, operand: Value) {
        match self.edge(operand) {
            Edge::Constant(_) => {}
            Edge::Direct { base, repeats: None } => domain.cuts.extend(&self.cuts[base.index()]),
            Edge::Direct { .. } | Edge::Load(_) => domain.cut(self.view(operand)),
        }
    }

    /// How a reduction is done.
    pub fn reduction(&self, value: Value) -> Reduction {
        let (Op::Reduce(reduce, axes), [operand]) = (self.graph.op(value), self.graph.operands(value)) else {
            return Reduction { width: None, target: None };
        };
        let operand = *operand;
        let shape = self.shape(operand);
        let in_panels = self.panels[operand.index()].is_some();
        let columns = |axis: &usize| axes.contains(axis) && !shape.0[*axis].batched || shape.0[*axis] == Dim::fixed(1);
        let trailing: Vec<usize> = (0..shape.rank()).rev().take_while(columns).collect();
        let mut width: usize = trailing.iter().map(|&axis| shape.0[axis].size).product();
        if trailing.len() + 1 == shape.rank() && axes.contains(&0) {
            width *= shape.0[0].size;
        }
        let rest: Vec<usize> = axes.iter().copied().filter(|axis| !trailing.contains(axis)).collect();
        let target = (!rest.is_empty() && !in_panels).then(|| {
            let strides = self.shape(value).strides();
            let mut view = View::whole(value, shape);
            let kept = (0..shape.rank()).filter(|axis| !axes.contains(axis));
            for &axis in axes {
                view.axes[axis].stride = 0;
            }
            for (axis, stride) in kept.zip(strides) {
                view.axes[axis].stride = stride as isize;
            }
            view
        });
        let width = (width > 1 || *reduce == Reduce::ArgMax).then_some(width);
        Reduction { width, target }
    }

    /// How an operand is read.
    pub fn edge(&self, operand: Value) -> Edge {
        self.edges[operand.index()].clone()
    }

    fn edge_of(&self, operand: Value) -> Edge {
        if self.work(operand) == Work::Constant {
            return Edge::Constant(operand);
        }
        let view = self.view(operand);
        let elements = self.shape(view.base).elements();
        if view.is_linear() && elements == self.shape(operand).elements() {
            return Edge::Direct { base: view.base, repeats: None };
        }
        match view.repeats(elements) {
            Some(repeats) if self.panels[view.base.index()].is_none() => {
                Edge::Direct { base: view.base, repeats: Some(repeats) }
            }
            _ => Edge::Load(view.clone()),
        }
    }

    /// The work of a value.
    pub fn work(&self, value: Value) -> Work {
        self.works[value.index()]
    }

    /// Where a value lies.
    pub fn view(&self, value: Value) -> &View {
        &self.views[value.index()]
    }

    /// Whether a value is made from constants and positions alone, element by element, and need not be stored.
    pub fn is_free(&self, value: Value) -> bool {
        self.free[value.index()] || matches!(self.work(value), Work::Constant | Work::Generate)
    }

    /// The border around the images of a value where it lies.
    pub fn border(&self, value: Value) -> Option<Bordered> {
        self.borders[value.index()]
    }

    /// Whether a value is made of filters that its users do not want in the order in which kernels give them.
    pub fn is_unpacked(&self, value: Value) -> bool {
        let gives_filters = matches!(self.graph.op(value), Op::Window(window) if window.kind.gives_filters());
        gives_filters && self.panels[value.index()].is_none()
    }

    /// Whether two values are results of one loop.
    pub fn is_same_loop(&self, a: Value, b: Value) -> bool {
        match (self.graph.op(a), self.graph.op(b)) {
            (Op::Scan(one), Op::Scan(other)) => {
                self.graph.operands(a) == self.graph.operands(b) && one.is_same_loop(other)
            }
            _ => false,
        }
    }

    /// Whether a sink needs a value.
    pub fn is_live(&self, value: Value) -> bool {
        self.live[value.index()]
    }

    /// The shape of a value.
    pub fn shape(&self, value: Value) -> &Shape {
        &self.graph.ty(value).shape
    }
}

/// How a reduction is done.
pub struct Reduction {
    /// Columns that are folded in each row.
    pub width: Option<usize>,
    /// Where rows (or elements) are then accumulated in the result, over the operand's axes.
    pub target: Option<View>,
}

fn live(graph: &Graph) -> Vec<bool> {
    let mut live = vec![false; graph.len()];
    for sink in &graph.sinks {
        live[sink.value.index()] = true;
    }
    for value in graph.values().rev() {
        if live[value.index()] {
            for operand in graph.operands(value) {
                live[operand.index()] = true;
            }
        }
    }
    live
}
