//! Loops: carries lie in buffers of their own, steps of sequences and of stacked results are windows into them, and the
//! body is lowered like a graph of its own.

use std::collections::BTreeSet;

use crate::ir::op::{Op, Real, Source};
use crate::ir::scan::{Scan, stacked, step_axis};
use crate::ir::{DType, Dim, Purpose, Shape, Type, Value};
use crate::plan::Place;
use crate::plan::fuse::facts::{Edge, Facts};
use crate::plan::fuse::groups::Groups;
use crate::plan::fuse::lower::{Lowering, Unit};
use crate::plan::fuse::movement::{copy, strides_of};
use crate::plan::kernel::{BufferId, CopyAxis, CopyKernel, Kernel, LoopKernel};
use crate::plan::schedule::{order, touched};
use crate::plan::view::{Axis, View};

/// What lies outside of a loop for its body.
struct Outside {
    carries: Vec<BufferId>,
    /// Sequences, then captured values.
    given: Vec<BufferId>,
    /// Stacked results that are wanted.
    stacked: Vec<(usize, BufferId)>,
}

impl Lowering<'_, '_> {
    /// The kernels of a loop, of which the results `wanted` have buffers.
    pub(super) fn scan(&mut self, first: Value, wanted: &[Value]) -> Unit {
        let Op::Scan(scan) = self.facts.graph.op(first) else { return Unit::new() };
        let scan = scan.clone();
        let operands = self.facts.graph.operands(first).to_vec();
        let mut results: Vec<Option<BufferId>> = vec![None; scan.body.sinks.len()];
        for &value in wanted {
            if let Op::Scan(Scan { result, .. }) = self.facts.graph.op(value) {
                results[*result] = Some(self.buffer(value));
            }
        }
        let mut unit = Unit::new();
        let (inits, given) = operands.split_at(scan.carries);
        let mut carries = Vec::new();
        for ((&init, known), port) in inits.iter().zip(&results).zip(&scan.body.inputs) {
            let carry = known.unwrap_or_else(|| self.arena(port.name.clone(), port.ty.shape.elements()));
            unit.push(self.initial(init, carry));
            carries.push(carry);
        }
        let given = given.iter().map(|&value| self.linear(&self.facts.view(value).clone())).collect();
        let stacked = results.iter().copied().enumerate().skip(scan.carries);
        let stacked = stacked.filter_map(|(result, buffer)| Some((result, buffer?))).collect();
        unit.push(self.inside(&scan, Outside { carries, given, stacked }));
        unit
    }

    /// Sets a carry before the first step.
    fn initial(&mut self, init: Value, carry: BufferId) -> Kernel {
        if let Edge::Constant(value) = self.facts.edge(init)
            && let Some(value) = self.number(value)
        {
            return Kernel::Fill { buffer: carry, value };
        }
        let view = self.facts.view(init).clone();
        let from = self.buffer(view.base);
        copy(&view, from, carry, 0, &strides_of(&view))
    }

    fn number(&self, value: Value) -> Option<Real> {
        match self.facts.graph.op(value) {
            Op::Source(Source::Scalar(number)) => Some(*number),
            Op::Stop | Op::Movement(_) => self.number(self.facts.graph.operands(value)[0]),
            _ => None,
        }
    }

    fn inside(&mut self, scan: &Scan, outside: Outside) -> Kernel {
        let start = self.lowered.buffers.len();
        let sequences = scan.carries..scan.carries + scan.sequences;
        let axes: Vec<Option<Vec<Axis>>> = scan
            .body
            .inputs
            .iter()
            .enumerate()
            .map(|(input, port)| sequences.contains(&input).then(|| step_axes(&port.ty, scan.steps)))
            .collect();
        let panels = vec![None; scan.body.len()];
        let facts = Facts::of_body(&scan.body, &panels, &axes);
        let groups = Groups::new(&facts);
        let mut inner = Lowering::new(&facts, &groups);
        inner.lowered.buffers = std::mem::take(&mut self.lowered.buffers);
        inner.depth = self.depth + 1;
        inner.inputs = outside.carries.clone();
        for (&buffer, (input, port)) in outside.given.iter().zip(scan.body.inputs.iter().enumerate().skip(scan.carries))
        {
            let window = if sequences.contains(&input) { inner.window(&port.ty, scan.steps, buffer) } else { buffer };
            inner.inputs.push(window);
        }
        let next: Vec<(BufferId, BufferId)> = (0..scan.carries)
            .filter_map(|carry| Some((inner.next(scan.body.output(carry)?, carry)?, outside.carries[carry])))
            .collect();
        for &(result, buffer) in &outside.stacked {
            if let Some(value) = scan.body.sink(Purpose::Output(result)) {
                inner.stack(value, scan.steps, buffer, &groups);
            }
        }
        inner.groups(&groups);
        let lowered = std::mem::take(&mut inner.lowered);
        self.lowered.buffers = lowered.buffers;
        let mut kernels = order(lowered.units, &self.lowered.buffers);
        kernels.extend(next.iter().map(|&(from, to)| self.whole_copy(from, to)));
        let (reads, writes) = self.outer(&kernels, start);
        let locals = start..self.lowered.buffers.len();
        let (steps, reverse, depth) = (scan.steps, scan.reverse, self.depth);
        Kernel::Loop(LoopKernel { steps, reverse, depth, kernels, locals, reads, writes })
    }

    /// One step of a sequence or of stacked results, in the innermost loop.
    fn window(&mut self, step: &Type, steps: usize, of: BufferId) -> BufferId {
        let whole = stacked(step, steps).shape;
        let stride = whole.strides()[step_axis(step)];
        let place = Place::Window { of, stride, depth: self.depth - 1 };
        self.add(format!("step of b{}", of.0), whole.elements(), DType::F32, place)
    }

    /// The buffer of a carry's next value, or `None` if it stays as it is.
    fn next(&mut self, value: Value, carry: usize) -> Option<BufferId> {
        let stays = matches!(self.facts.graph.op(value), Op::Source(Source::Input(input)) if *input == carry);
        (!stays).then(|| self.owned(value))
    }

    /// Writes a value into its place among the steps.
    fn stack(&mut self, value: Value, steps: usize, buffer: BufferId, groups: &Groups<'_, '_>) {
        let (facts, ty) = (self.facts, self.facts.graph.ty(value).clone());
        let window = self.window(&ty, steps, buffer);
        let view = facts.view(value).clone();
        let own = facts.shape(view.base);
        let is_one_row = |group: &crate::plan::fuse::groups::Group| {
            group.contract.is_none() || ty.shape.0.iter().skip(1).rev().skip(1).all(|dim| *dim == Dim::fixed(1))
        };
        let is_direct = self.is_whole(value)
            && own.is_batched() == ty.shape.is_batched()
            && groups.of(view.base).is_some_and(is_one_row)
            && own.0.first().is_none_or(|dim| !dim.batched || *dim == Dim::BATCH)
            && self.is_written_once(view.base);
        if is_direct {
            self.strides.insert(window, step_strides(own, steps));
            self.written_only.entry(view.base).or_default().push(window);
        } else {
            let from = self.buffer(view.base);
            let kernel = copy(&view, from, window, 0, &step_strides(&ty.shape, steps));
            self.lowered.units.push(vec![kernel]);
        }
    }

    /// How a value lies in a buffer that it is written to.
    pub(super) fn written(&self, value: Value, buffer: BufferId) -> View {
        if self.facts.border(value).is_some() && self.known(value) == Some(buffer) {
            return self.facts.view(value).clone();
        }
        let mut view = View::whole(value, self.facts.shape(value));
        if let Some(strides) = self.strides.get(&buffer) {
            for (axis, &stride) in view.axes.iter_mut().zip(strides) {
                axis.stride = stride as isize;
            }
        }
        view
    }

    fn whole_copy(&self, from: BufferId, to: BufferId) -> Kernel {
        let axes = vec![CopyAxis { length: self.lowered.buffers[to.0].length, from: 1, to: 1 }];
        Kernel::Copy(CopyKernel { from, from_offset: 0, to, to_offset: 0, axes })
    }

    /// The buffers older than `start` that kernels read and write, windows being what they look into.
    fn outer(&self, kernels: &[Kernel], start: usize) -> (BTreeSet<BufferId>, BTreeSet<BufferId>) {
        let seen = |buffers: BTreeSet<BufferId>| -> BTreeSet<BufferId> {
            buffers.into_iter().flat_map(|buffer| self.looked_into(buffer)).filter(|buffer| buffer.0 < start).collect()
        };
        let all: Vec<_> = kernels.iter().map(touched).collect();
        let reads = all.iter().flat_map(|one| one.reads.iter().copied()).collect();
        let writes = all.iter().flat_map(|one| one.writes.iter().copied()).collect();
        (seen(reads), seen(writes))
    }

    /// A buffer, and those that it is a window into.
    fn looked_into(&self, buffer: BufferId) -> Vec<BufferId> {
        let next = |buffer: &BufferId| match self.lowered.buffers[buffer.0].place {
            Place::Window { of, .. } => Some(of),
            _ => None,
        };
        std::iter::successors(Some(buffer), next).collect()
    }
}

/// Strides of a value of this shape within a sequence of such steps.
fn step_strides(step: &Shape, steps: usize) -> Vec<usize> {
    let mut strides = step.strides();
    if let (true, Some(first)) = (step.is_batched(), strides.first_mut()) {
        *first *= steps;
    }
    strides
}

fn step_axes(step: &Type, steps: usize) -> Vec<Axis> {
    let strides = step_strides(&step.shape, steps);
    step.shape.0.iter().zip(strides).map(|(&length, stride)| Axis { length, stride: stride as isize }).collect()
}
