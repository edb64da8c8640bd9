//! Groups to kernels, users first: a value gets a buffer when the first user asks for it.

use graven_runtime::kernels::TILE;

use crate::ir::hash::{Map, Set};
use crate::ir::op::{Op, Real, Source};
use crate::ir::{DType, Dim, Graph, Purpose, Value};
use crate::plan::fuse::contract::Product;
use crate::plan::fuse::domain::Nest;
use crate::plan::fuse::facts::{Edge, Facts};
use crate::plan::fuse::groups::{Group, Groups};
use crate::plan::fuse::movement::{copy, strides_of};
use crate::plan::fuse::rows::RowBuilder;
use crate::plan::fuse::window;
use crate::plan::kernel::{
    Access, BufferId, ContractKernel, Fold, Form, Instruction, Kernel, RowKernel, Stage, Store, UpdateInPassing,
};
use crate::plan::view::View;
use crate::plan::window::{Bordered, WindowForm};
use crate::plan::{Buffer, Place};
use crate::rules::lower::{Work, cost, fold};

/// Work that may be done again rather than stored, in additions.
const RECOMPUTED: usize = 4;

/// Gradients of so many parameters that pass through memory on their way to the optimizer: a tile for weights that a
/// small device holds, else an eighth, but not more than the optimizer's loop needs to run at the speed of memory.
fn on_the_way(parameters: usize) -> usize {
    let most = if parameters < 1 << 14 { TILE } else { (parameters / 8 / TILE * TILE).min(32 * TILE) };
    parameters.min(most)
}

/// Kernels that run one right after the other.
pub type Unit = Vec<Kernel>;

/// Kernels without an order and buffers without a place.
#[derive(Default)]
pub struct Lowered {
    /// Kernels, dependencies between units by the buffers they touch.
    pub units: Vec<Unit>,
    /// Buffers; those of the arenas have offset 0.
    pub buffers: Vec<Buffer>,
    /// The loss.
    pub loss: Option<BufferId>,
}

/// The state of lowering.
pub struct Lowering<'f, 'g> {
    /// Facts of the graph.
    pub facts: &'f Facts<'g>,
    /// What is lowered so far.
    pub lowered: Lowered,
    /// Further buffers that are written but never read.
    pub written_only: Map<Value, Vec<BufferId>>,
    /// Buffers of the inputs, in the body of a loop.
    pub(super) inputs: Vec<BufferId>,
    /// Strides of what is written into one step of stacked results.
    pub(super) strides: Map<BufferId, Vec<usize>>,
    /// How many loops are around.
    pub(super) depth: usize,
    recomputed: Set<Value>,
    of_value: Map<Value, BufferId>,
    copies: Vec<(View, BufferId)>,
    /// Copies of images with a border.
    pub(super) bordered: Vec<(View, Bordered, BufferId)>,
    /// Copies of filters in the order of kernels.
    pub(super) packed: Vec<(View, BufferId)>,
}

/// Lowers a graph; `readable` says whether outputs have room for all rows and may be read back.
pub fn lower(facts: &Facts<'_>, readable: bool) -> Lowered {
    let groups = Groups::new(facts);
    let mut lowering = Lowering::new(facts, &groups);
    for sink in &facts.graph.sinks {
        lowering.sink(sink.purpose, sink.value, readable, &groups);
    }
    lowering.groups(&groups);
    lowering.lowered
}

impl<'f, 'g> Lowering<'f, 'g> {
    /// A lowering that has not begun.
    pub(super) fn new(facts: &'f Facts<'g>, groups: &Groups<'_, '_>) -> Self {
        Self {
            facts,
            lowered: Lowered::default(),
            written_only: Map::default(),
            inputs: Vec::new(),
            strides: Map::default(),
            depth: 0,
            recomputed: recomputed(facts, groups),
            of_value: Map::default(),
            copies: Vec::new(),
            bordered: Vec::new(),
            packed: Vec::new(),
        }
    }

    /// Lowers what the sinks asked for.
    pub(super) fn groups(&mut self, groups: &Groups<'_, '_>) {
        for group in groups.users_first() {
            self.group(group);
        }
    }

    fn graph(&self) -> &Graph {
        self.facts.graph
    }

    /// The buffer that holds a value, with kernels to fill it if no group does.
    pub(super) fn buffer(&mut self, value: Value) -> BufferId {
        if let Some(buffer) = self.of_value.get(&value) {
            return *buffer;
        }
        let buffer = match self.graph().op(value) {
            Op::Source(Source::Input(position)) => match self.inputs.get(*position) {
                Some(given) => *given,
                None => self.port(value, Place::Input(*position)),
            },
            Op::Source(Source::Target(position)) => self.port(value, Place::Target(*position)),
            Op::Source(Source::Parameter(position)) => self.place(value, Place::Parameter(*position)),
            _ => self.arena_for(value),
        };
        self.of_value.insert(value, buffer);
        if self.facts.is_free(value) {
            let nest = self.facts.domain(value).nest();
            let unit = self.rows(&[], &[value], &nest);
            self.lowered.units.push(unit);
        }
        buffer
    }

    /// The buffer of a value, if someone asked for it.
    pub(super) fn known(&self, value: Value) -> Option<BufferId> {
        self.of_value.get(&value).copied()
    }

    /// Whether a value that another group makes is made again rather than read.
    pub(super) fn is_recomputed(&self, value: Value) -> bool {
        self.recomputed.contains(&value)
    }

    pub(super) fn add(&mut self, name: String, length: Dim, dtype: DType, place: Place) -> BufferId {
        self.lowered.buffers.push(Buffer { name, length, dtype, place });
        BufferId(self.lowered.buffers.len() - 1)
    }

    /// A buffer in the arena, for reals.
    pub(super) fn arena(&mut self, name: String, length: Dim) -> BufferId {
        let place = if length.batched { Place::Rows { offset: 0 } } else { Place::Fixed { offset: 0 } };
        self.add(name, length, DType::F32, place)
    }

    fn arena_for(&mut self, value: Value) -> BufferId {
        let shape = self.facts.shape(value);
        let length = match (self.facts.border(value), shape.0.first()) {
            (Some(bordered), Some(rows)) => rows.times(Dim::fixed(bordered.len())),
            _ => shape.elements(),
        };
        self.arena(self.name(value), length)
    }

    fn place(&mut self, value: Value, place: Place) -> BufferId {
        let length = self.facts.shape(value).elements();
        let dtype = self.graph().ty(value).dtype;
        let dtype = if matches!(place, Place::Input(_) | Place::Target(_)) { dtype } else { DType::F32 };
        self.add(self.name(value), length, dtype, place)
    }

    fn port(&mut self, value: Value, place: Place) -> BufferId {
        let from = self.place(value, place);
        if !matches!(self.graph().ty(value).dtype, DType::Index(_)) {
            return from;
        }
        let to = self.arena_for(value);
        self.lowered.units.push(vec![Kernel::RealsFromIndices { from, to }]);
        to
    }

    pub(super) fn name(&self, value: Value) -> String {
        self.graph().label(value).map_or_else(|| format!("v{}", value.index()), str::to_owned)
    }

    fn sink(&mut self, purpose: Purpose, value: Value, readable: bool, groups: &Groups<'_, '_>) {
        match purpose {
            Purpose::Output(position) => self.output(position, value, readable, groups),
            Purpose::Loss => self.lowered.loss = Some(self.owned(value)),
            Purpose::Gradient(parameter) if self.goes_on(value, groups) => {
                let to = self.place(value, Place::Gradient(parameter));
                self.written_only.entry(self.facts.view(value).base).or_default().push(to);
            }
            Purpose::Gradient(parameter) => {
                let gradient = self.owned(value);
                self.lowered.units.push(vec![Kernel::Update { parameter, gradient }]);
            }
            Purpose::Assign(parameter) => {
                let value = self.owned(value);
                self.lowered.units.push(vec![Kernel::Assign { parameter, value }]);
            }
        }
    }

    fn output(&mut self, position: usize, value: Value, readable: bool, groups: &Groups<'_, '_>) {
        let base = self.facts.view(value).base;
        let to = self.place(value, Place::Output(position));
        let direct = self.is_whole(value) && groups.number(base).is_some();
        if direct && readable && self.known(base).is_none() {
            self.of_value.insert(base, to);
        } else if direct && self.is_written_once(base) {
            self.written_only.entry(base).or_default().push(to);
        } else {
            self.copy_to(value, to);
        }
    }

    /// Whether a gradient can go on as the kernel makes it: that of a dense weight, and the only one of its kernel.
    fn goes_on(&self, value: Value, groups: &Groups<'_, '_>) -> bool {
        let base = self.facts.view(value).base;
        let Some(group) = groups.of(base) else { return false };
        let makes = |contract| match Product::of(self.facts, contract).form {
            Form::DenseWeightGradient { .. } => true,
            Form::Window(form) => form.result().is_none() && !self.facts.is_unpacked(contract),
            _ => false,
        };
        let is_taken = |value: &Value| self.written_only.contains_key(value);
        self.is_whole(value) && group.contract.is_some_and(makes) && !group.nodes.iter().any(is_taken)
    }

    pub(super) fn is_written_once(&self, value: Value) -> bool {
        match self.facts.work(value) {
            Work::Fold => self.facts.reduction(value).target.is_none(),
            work => !matches!(work, Work::Copy | Work::Loop),
        }
    }

    pub(super) fn is_whole(&self, value: Value) -> bool {
        let view = self.facts.view(value);
        view.is_linear() && self.facts.shape(view.base).elements() == self.facts.shape(value).elements()
    }

    /// A buffer of the arena that holds a value from its first element on.
    pub(super) fn owned(&mut self, value: Value) -> BufferId {
        let base = self.facts.view(value).base;
        if self.is_whole(value) && self.facts.work(base) != Work::Load {
            return self.buffer(base);
        }
        let to = self.arena_for(value);
        self.copy_to(value, to);
        to
    }

    fn copy_to(&mut self, value: Value, to: BufferId) {
        let view = self.facts.view(value).clone();
        let from = self.buffer(view.base);
        self.lowered.units.push(vec![copy(&view, from, to, 0, &strides_of(&view))]);
    }

    /// A buffer that begins with the elements of a view, in order.
    pub(super) fn linear(&mut self, view: &View) -> BufferId {
        let from = self.buffer(view.base);
        if view.is_linear() {
            return from;
        }
        if let Some((_, copied)) = self.copies.iter().find(|(known, _)| known == view) {
            return *copied;
        }
        let length = view.axes.iter().fold(Dim::fixed(1), |product, axis| product.times(axis.length));
        let to = self.arena(format!("{} moved", self.name(view.base)), length);
        self.lowered.units.push(vec![copy(view, from, to, 0, &strides_of(view))]);
        self.copies.push((view.clone(), to));
        to
    }

    fn group(&mut self, group: &Group) {
        let wanted = |value: &Value| self.of_value.contains_key(value) || self.written_only.contains_key(value);
        let wanted: Vec<Value> = group.nodes.iter().copied().filter(wanted).collect();
        let Some(&first) = wanted.first() else { return };
        let unit = match group.contract {
            _ if self.facts.work(first) == Work::Copy => self.movement(first),
            _ if self.facts.work(first) == Work::Loop => self.scan(first, &wanted),
            Some(contract) => self.contract(group, contract, &wanted),
            None => self.rows(&group.nodes, &wanted, &group.domain.nest()),
        };
        let borders = wanted.iter().filter_map(|&value| self.border_of(value));
        let unit = borders.chain(unit).collect();
        self.lowered.units.push(unit);
    }

    fn rows(&mut self, nodes: &[Value], wanted: &[Value], nest: &Nest) -> Unit {
        let mut unit = Unit::new();
        for &value in wanted {
            if self.facts.reduction(value).target.is_some()
                && let (Op::Reduce(reduce, _), Some(buffer)) = (self.graph().op(value), self.known(value))
            {
                unit.push(Kernel::Fill { buffer, value: Real::new(identity(fold(*reduce))) });
            }
        }
        let (operands, stages) = RowBuilder::new(self, nodes, nest, None).build(wanted);
        unit.push(Kernel::Rows(RowKernel { outer: nest.outer.clone(), width: nest.width, operands, stages }));
        unit
    }

    fn contract(&mut self, group: &Group, contract: Value, wanted: &[Value]) -> Unit {
        let product = Product::of(self.facts, contract);
        let (form, [a, b]) = self.operands(&product, contract);
        let (rows, width) = form.rows_and_width();
        let nest = match form {
            Form::Window(form) => window::nest(form),
            _ if group.domain.cuts.iter().any(|&cut| cut != width) => group.domain.nest(),
            _ => Nest::of_rows(rows, width),
        };
        let scratch = form.scratch().map(|length| self.arena("scratch".to_owned(), length));
        if let (true, Some(to), Form::Window(window)) = (self.facts.is_unpacked(contract), self.known(contract), form) {
            return self.unpacking(window, [a, b], scratch, to);
        }
        let (operands, stages) = RowBuilder::new(self, &group.nodes, &nest, Some(contract)).build(wanted);
        let epilogue = stages.into_iter().next().unwrap_or_else(Stage::default);
        let update = self.update_of(width, &epilogue);
        let outer = nest.outer;
        vec![Kernel::Contract(ContractKernel { form, a, b, scratch, outer, operands, epilogue, update })]
    }

    fn operands(&mut self, product: &Product, contract: Value) -> (Form, [BufferId; 2]) {
        match product.form {
            Form::Window(form) => {
                let filters = form.window.kind.takes_filters().then(|| self.graph().operands(contract)[1]);
                let (form, operands) = self.window_operands(form, [&product.a, &product.b], filters);
                (Form::Window(form), operands)
            }
            form => (form, [self.linear(&product.a), self.linear(&product.b)]),
        }
    }

    /// Filters that are wanted in row-major order: made in that of kernels, then moved.
    fn unpacking(&mut self, form: WindowForm, [a, b]: [BufferId; 2], scratch: Option<BufferId>, to: BufferId) -> Unit {
        let Some(order) = form.order() else { return Unit::new() };
        let made = self.arena("filters in panels".to_owned(), Dim::fixed(order.len()));
        let access = Access { offset: 0, strides: vec![0], along: order.len() > 1 };
        let stores = vec![Store { buffer: made, access, value: 0, fold: None }];
        let epilogue = Stage { body: vec![Instruction::Accumulator], stores, folds: Vec::new() };
        let outer = vec![Dim::fixed(1)];
        let form = Form::Window(form);
        let kernel = ContractKernel { form, a, b, scratch, outer, operands: Vec::new(), epilogue, update: None };
        let mut unit = vec![Kernel::Contract(kernel)];
        unit.extend(Self::unpacked(order, made, to));
        unit
    }
}

impl Lowering<'_, '_> {
    fn update_of(&mut self, length: usize, epilogue: &Stage) -> Option<UpdateInPassing> {
        let parameter = epilogue.stores.iter().find_map(|store| match self.lowered.buffers[store.buffer.0].place {
            Place::Gradient(parameter) => Some(parameter),
            _ => None,
        })?;
        let way = self.arena("gradients on their way".to_owned(), Dim::fixed(on_the_way(length)));
        Some(UpdateInPassing { parameter, way })
    }
}

/// What a fold starts from.
pub fn identity(fold: Fold) -> f64 {
    match fold {
        Fold::Sum => 0.0,
        Fold::Max => f64::NEG_INFINITY,
        Fold::Min => f64::INFINITY,
    }
}

/// Values that another group than their own makes again, because they follow cheaply from what is in memory anyway.
fn recomputed(facts: &Facts<'_>, groups: &Groups<'_, '_>) -> Set<Value> {
    let mut stored = vec![false; facts.graph.len()];
    let mut direct = vec![false; facts.graph.len()];
    for sink in &facts.graph.sinks {
        stored[facts.view(sink.value).base.index()] = true;
    }
    for user in facts.graph.values().filter(|&user| facts.is_live(user)) {
        for &operand in facts.graph.operands(user) {
            let base = facts.view(operand).base.index();
            match (facts.work(user), facts.edge(operand)) {
                (Work::Element | Work::Fold, Edge::Direct { base: value, repeats }) => {
                    let outside = groups.number(value) != groups.number(user);
                    stored[base] |= outside && repeats.is_some();
                    direct[base] |= outside;
                }
                (Work::Element | Work::Fold, Edge::Load(_)) | (Work::Contract | Work::Copy | Work::Loop, _) => {
                    stored[base] = true
                }
                _ => {}
            }
        }
    }
    let mut again: Map<Value, usize> = Map::default();
    for value in facts.graph.values().filter(|value| direct[value.index()] && groups.number(*value).is_some()) {
        let cut = !facts.domain(value).cuts.is_empty();
        if stored[value.index()] || cut || facts.work(value) != Work::Element {
            stored[value.index()] = true;
            continue;
        }
        match cost_again(facts, value, &stored, &again) {
            Some(cost) if cost <= RECOMPUTED => drop(again.insert(value, cost)),
            _ => stored[value.index()] = true,
        }
    }
    again.into_keys().collect()
}

fn cost_again(facts: &Facts<'_>, value: Value, stored: &[bool], again: &Map<Value, usize>) -> Option<usize> {
    let mut total = cost(facts.graph.op(value));
    for &operand in facts.graph.operands(value) {
        let base = facts.view(operand).base;
        let at_hand = stored[base.index()] || matches!(facts.work(base), Work::Load | Work::Generate | Work::Constant);
        total += match (facts.edge(operand), again.get(&base)) {
            _ if at_hand || facts.is_free(base) => 0,
            (Edge::Direct { repeats: None, .. }, Some(cost)) => *cost,
            _ => return None,
        };
    }
    Some(total)
}
