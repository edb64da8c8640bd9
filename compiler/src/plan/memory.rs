//! Places in the arenas: live ranges from the order of kernels, results in place of operands that end there, then
//! first fit by decreasing size.

use crate::ir::Dim;
use crate::plan::kernel::{Access, BufferId, Kernel, Operand, Stage};
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
pub fn ranges(plan: &Plan) -> Vec<Option<Range>> {
    let mut ranges: Vec<Option<Range>> = vec![None; plan.buffers.len()];
    for (position, kernel) in plan.kernels.iter().enumerate() {
        let one = touched(kernel);
        for buffer in one.reads.union(&one.writes) {
            ranges[buffer.0].get_or_insert(Range { first: position, last: position }).last = position;
        }
    }
    if let Some(range) = plan.loss.and_then(|loss| ranges[loss.0].as_mut()) {
        range.last = plan.kernels.len();
    }
    ranges
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
    for (position, kernel) in plan.kernels.iter().enumerate() {
        let (operands, stages) = match kernel {
            Kernel::Rows(rows) => (&rows.operands, &rows.stages[..]),
            Kernel::Contract(contract) => (&contract.operands, std::slice::from_ref(&contract.epilogue)),
            _ => continue,
        };
        let outer: &[Dim] = match kernel {
            Kernel::Rows(rows) => &rows.outer,
            _ => &[],
        };
        let mut taken: Vec<usize> = Vec::new();
        for (number, stage) in stages.iter().enumerate() {
            for store in &stage.stores {
                let own = store.buffer;
                let starts_here = ranges[own.0].is_some_and(|range| range.first == position);
                if !starts_here || store.fold.is_some() || roots[own.0] != own.0 || !visits_once(&store.access, outer) {
                    continue;
                }
                let fits = |operand: &&Operand| {
                    let root = roots[operand.buffer.0];
                    let ends_here = ranges[root].is_some_and(|range| range.last == position && range.first < position);
                    operand.access == store.access
                        && !taken.contains(&root)
                        && ends_here
                        && is_alike(plan, operand.buffer, own)
                        && is_only_use(kernel, operands, operand)
                        && last_load(stages, operands, operand) <= number
                };
                let Some(operand) = operands.iter().find(fits) else { continue };
                let root = roots[operand.buffer.0];
                roots[own.0] = root;
                taken.push(root);
                if let (Some(own), Some(range)) = (ranges[own.0], ranges[root].as_mut()) {
                    range.last = own.last;
                }
            }
        }
    }
    roots
}

fn is_alike(plan: &Plan, a: BufferId, b: BufferId) -> bool {
    let (a, b) = (&plan.buffers[a.0], &plan.buffers[b.0]);
    is_in_arena(a) && is_in_arena(b) && a.length == b.length
}

fn visits_once(access: &Access, outer: &[Dim]) -> bool {
    access.strides.iter().zip(outer).all(|(stride, length)| *stride > 0 || *length == Dim::fixed(1))
}

fn is_only_use(kernel: &Kernel, operands: &[Operand], operand: &Operand) -> bool {
    let multiplied = match kernel {
        Kernel::Contract(contract) => contract.a == operand.buffer || contract.b == operand.buffer,
        _ => false,
    };
    !multiplied && operands.iter().filter(|other| other.buffer == operand.buffer).count() == 1
}

fn last_load(stages: &[Stage], operands: &[Operand], operand: &Operand) -> usize {
    let position = operands.iter().position(|other| other == operand);
    let loads = |stage: &Stage| {
        stage.body.iter().any(|step| matches!(step, super::kernel::Instruction::Load(load) if Some(*load) == position))
    };
    stages.iter().rposition(loads).unwrap_or(0)
}

fn place_arena(plan: &mut Plan, ranges: &[Option<Range>], roots: &[usize], batched: bool) -> usize {
    let mut order: Vec<usize> = (0..plan.buffers.len())
        .filter(|&own| {
            let buffer = &plan.buffers[own];
            roots[own] == own && ranges[own].is_some() && is_in_arena(buffer) && buffer.length.batched == batched
        })
        .collect();
    order.sort_by_key(|&own| (std::cmp::Reverse(rounded(plan.buffers[own].length.size)), own));
    let mut placed: Vec<(usize, usize, Range)> = Vec::new();
    let mut size = 0;
    for own in order {
        let Some(range) = ranges[own] else { continue };
        let length = rounded(plan.buffers[own].length.size);
        let offset = first_fit(&placed, range, length);
        placed.push((offset, length, range));
        size = size.max(offset + length);
        plan.buffers[own].place = if batched { Place::Rows { offset } } else { Place::Fixed { offset } };
    }
    size.next_multiple_of(ALIGNMENT)
}

fn rounded(size: usize) -> usize {
    if size >= ALIGNMENT { size.next_multiple_of(ALIGNMENT) } else { size }
}

fn first_fit(placed: &[(usize, usize, Range)], range: Range, length: usize) -> usize {
    let mut taken: Vec<(usize, usize)> = placed
        .iter()
        .filter(|(_, _, other)| other.first <= range.last && range.first <= other.last)
        .map(|&(offset, length, _)| (offset, length))
        .collect();
    taken.sort_unstable();
    let mut offset = 0;
    for (start, size) in taken {
        if offset + length <= start {
            break;
        }
        offset = offset.max(start + size);
    }
    offset
}
