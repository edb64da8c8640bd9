//! Places in the arenas: live ranges from the order of kernels, results in place of operands that end there, then
//! first fit by decreasing size.

use crate::ir::Dim;
use crate::plan::kernel::{BufferId, Instruction, Kernel, Operand, Stage, Store};
use crate::plan::schedule::touched;
use crate::plan::{Buffer, Place, Plan};

/// Floats to which offsets and sizes are rounded, 64 bytes.
const ALIGNMENT: usize = 16;

/// The first and last kernel that touch a buffer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Range {
    /// The first.
    pub first: usize,
    /// The last.
    pub last: usize,
}

/// Live ranges; `None` for buffers that nothing touches. The loss lives to the end.
///
/// A position is that of a kernel in the order in which kernels are written down, a loop standing before and behind
/// the kernels of a step: what is used in a loop but not made anew in every step lives over all of it.
pub fn ranges(plan: &Plan) -> Vec<Option<Range>> {
    let mut ranges: Vec<Option<Range>> = vec![None; plan.buffers.len()];
    let positions = flat(&plan.kernels);
    for (position, kernel) in positions.iter().enumerate() {
        let one = touched(kernel);
        for buffer in one.reads.iter().chain(&one.writes) {
            ranges[buffer.0].get_or_insert(Range { first: position, last: position }).last = position;
        }
    }
    if let Some(range) = plan.loss.and_then(|loss| ranges[loss.0].as_mut()) {
        range.last = positions.len();
    }
    ranges
}

/// Kernels at their positions.
pub fn flat(kernels: &[Kernel]) -> Vec<&Kernel> {
    let mut all = Vec::new();
    for kernel in kernels {
        all.push(kernel);
        if let Kernel::Loop(inner) = kernel {
            all.extend(flat(&inner.kernels));
            all.push(kernel);
        }
    }
    all
}

/// Gives each buffer of the arenas its offset.
pub fn place(plan: &mut Plan) {
    let mut ranges = ranges(plan);
    plan.unplanned = unplanned(&plan.buffers, &ranges);
    let roots = in_place(plan, &mut ranges);
    for batched in [true, false] {
        let size = place_arena(plan, &ranges, &roots, batched);
        *(if batched { &mut plan.row_floats } else { &mut plan.fixed_floats }) = size;
    }
    for (position, root) in roots.into_iter().enumerate() {
        if root != position {
            plan.buffers[position].place = plan.buffers[root].place;
        }
    }
}

fn unplanned(buffers: &[Buffer], ranges: &[Option<Range>]) -> Dim {
    let used = buffers.iter().zip(ranges).filter(|(buffer, range)| is_in_arena(buffer) && range.is_some());
    let floats: usize = used.map(|(buffer, _)| buffer.length.size).sum();
    Dim::fixed(floats * 4)
}

fn is_in_arena(buffer: &Buffer) -> bool {
    matches!(buffer.place, Place::Rows { .. } | Place::Fixed { .. })
}

/// For each buffer, the one whose memory it takes over (itself if none); that one's range is extended.
fn in_place(plan: &Plan, ranges: &mut [Option<Range>]) -> Vec<usize> {
    let mut roots: Vec<usize> = (0..plan.buffers.len()).collect();
    for (position, kernel) in flat(&plan.kernels).into_iter().enumerate() {
        let Some(walk) = Walk::of(kernel) else { continue };
        let mut taken: Vec<usize> = Vec::new();
        let stores =
            walk.stages.iter().enumerate().flat_map(|(number, stage)| stage.stores.iter().map(move |s| (number, s)));
        for (number, store) in stores {
            let own = store.buffer.0;
            let starts_here = ranges[own].is_some_and(|range| range.first == position);
            if !starts_here || roots[own] != own || !walk.visits_once(store) {
                continue;
            }
            let fits = |operand: &&Operand| {
                let root = roots[operand.buffer.0];
                let ends_here = ranges[root].is_some_and(|range| range.last == position && range.first < position);
                ends_here
                    && operand.access == store.access
                    && !taken.contains(&root)
                    && is_alike(plan, operand.buffer, store.buffer)
                    && walk.reads_only(operand)
                    && walk.last_load(operand) <= number
            };
            let Some(operand) = walk.operands.iter().find(fits) else { continue };
            let root = roots[operand.buffer.0];
            roots[own] = root;
            taken.push(root);
            if let (Some(own), Some(range)) = (ranges[own], ranges[root].as_mut()) {
                range.last = own.last;
            }
        }
    }
    roots
}

/// A kernel that reads and writes element by element.
struct Walk<'k> {
    operands: &'k [Operand],
    stages: &'k [Stage],
    outer: Vec<Dim>,
    width: usize,
    /// Operands of which each element is read many times.
    multiplied: Vec<BufferId>,
}

impl<'k> Walk<'k> {
    fn of(kernel: &'k Kernel) -> Option<Self> {
        match kernel {
            Kernel::Rows(rows) => Some(Self {
                operands: &rows.operands,
                stages: &rows.stages,
                outer: rows.outer.clone(),
                width: rows.width,
                multiplied: Vec::new(),
            }),
            Kernel::Contract(contract) => {
                let (_, width) = contract.form.rows_and_width();
                Some(Self {
                    operands: &contract.operands,
                    stages: std::slice::from_ref(&contract.epilogue),
                    outer: contract.outer.clone(),
                    width,
                    multiplied: vec![contract.a, contract.b],
                })
            }
            _ => None,
        }
    }

    /// Whether a store touches each place once, at a point of its own.
    fn visits_once(&self, store: &Store) -> bool {
        let mut outer = store.access.strides.iter().zip(&self.outer);
        store.fold.is_none()
            && (store.access.along || self.width == 1)
            && outer.all(|(stride, length)| *stride > 0 || *length == Dim::fixed(1))
    }

    fn reads_only(&self, operand: &Operand) -> bool {
        let readers = self.operands.iter().filter(|other| other.buffer == operand.buffer).count();
        readers == 1 && !self.multiplied.contains(&operand.buffer)
    }

    fn last_load(&self, operand: &Operand) -> usize {
        let position = self.operands.iter().position(|other| other == operand);
        let is_load = |step: &Instruction| matches!(step, Instruction::Load(load) if Some(*load) == position);
        self.stages.iter().rposition(|stage| stage.body.iter().any(is_load)).unwrap_or(0)
    }
}

fn is_alike(plan: &Plan, a: BufferId, b: BufferId) -> bool {
    let (a, b) = (&plan.buffers[a.0], &plan.buffers[b.0]);
    is_in_arena(a) && is_in_arena(b) && a.length == b.length
}

fn place_arena(plan: &mut Plan, ranges: &[Option<Range>], roots: &[usize], batched: bool) -> usize {
    let mut order: Vec<usize> = (0..plan.buffers.len())
        .filter(|&own| {
            let buffer = &plan.buffers[own];
            roots[own] == own && ranges[own].is_some() && is_in_arena(buffer) && buffer.length.batched == batched
        })
        .collect();
    order.sort_by_key(|&own| (std::cmp::Reverse(rounded(plan.buffers[own].length.size)), own));
    let mut placed: Vec<Placed> = Vec::new();
    let mut size = 0;
    for own in order {
        let Some(range) = ranges[own] else { continue };
        let length = rounded(plan.buffers[own].length.size);
        let offset = first_fit(&placed, range, length);
        placed.insert(placed.partition_point(|other| other.offset <= offset), Placed { offset, length, range });
        size = size.max(offset + length);
        plan.buffers[own].place = if batched { Place::Rows { offset } } else { Place::Fixed { offset } };
    }
    size.next_multiple_of(ALIGNMENT)
}

fn rounded(size: usize) -> usize {
    if size >= ALIGNMENT { size.next_multiple_of(ALIGNMENT) } else { size }
}

/// A buffer that has its place.
struct Placed {
    offset: usize,
    length: usize,
    range: Range,
}

/// The first offset at which nothing lives in the range; `placed` ascends by offset.
fn first_fit(placed: &[Placed], range: Range, length: usize) -> usize {
    let mut offset = 0;
    for other in placed {
        if other.range.first > range.last || range.first > other.range.last {
            continue;
        }
        if offset + length <= other.offset {
            break;
        }
        offset = offset.max(other.offset + other.length);
    }
    offset
}
