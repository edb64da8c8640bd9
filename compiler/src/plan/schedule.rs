//! The order of units: a unit runs when its operands are complete, first the one after which least memory is live.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::ir::hash::Map;
use crate::plan::fuse::lower::Unit;
use crate::plan::kernel::{BufferId, Kernel};
use crate::plan::{Buffer, Place};

/// The batch at which memory is weighed.
const BATCH: usize = 32;

/// Buffers that a kernel reads and writes, ascending, each once.
#[derive(Clone, Default, Debug)]
pub struct Touched {
    /// Read.
    pub reads: Vec<BufferId>,
    /// Written.
    pub writes: Vec<BufferId>,
}

/// The buffers a kernel touches.
pub fn touched(kernel: &Kernel) -> Touched {
    let mut touched = Touched::default();
    match kernel {
        Kernel::Rows(rows) => {
            touched.reads.extend(rows.operands.iter().map(|operand| operand.buffer));
            touched.writes.extend(rows.stages.iter().flat_map(|stage| &stage.stores).map(|store| store.buffer));
        }
        Kernel::Contract(contract) => {
            touched.reads.extend([contract.a, contract.b]);
            touched.reads.extend(contract.operands.iter().map(|operand| operand.buffer));
            touched.writes.extend(contract.epilogue.stores.iter().map(|store| store.buffer));
            touched.writes.extend(contract.scratch);
            touched.writes.extend(contract.update.map(|update| update.way));
        }
        Kernel::Copy(copy) => {
            touched.reads.push(copy.from);
            touched.writes.push(copy.to);
        }
        Kernel::Fill { buffer, .. } => touched.writes.push(*buffer),
        Kernel::Border(border) => touched.writes.push(border.buffer),
        Kernel::RealsFromIndices { from, to } => {
            touched.reads.push(*from);
            touched.writes.push(*to);
        }
        Kernel::Loop(inner) => {
            touched.reads.extend(&inner.reads);
            touched.writes.extend(&inner.writes);
        }
        Kernel::Update { gradient: read, .. } | Kernel::Assign { value: read, .. } => {
            touched.reads.push(*read);
        }
    }
    Touched { reads: distinct(touched.reads), writes: distinct(touched.writes) }
}

/// The parameter that a kernel changes.
fn changed(kernel: &Kernel) -> Option<usize> {
    match kernel {
        Kernel::Update { parameter, .. } | Kernel::Assign { parameter, .. } => Some(*parameter),
        Kernel::Contract(contract) => contract.update.map(|update| update.parameter),
        _ => None,
    }
}

struct Schedule<'a> {
    buffers: &'a [Buffer],
    /// Buffers that each unit touches.
    touched: Vec<Vec<BufferId>>,
    /// Units that touch each buffer.
    touching: Vec<Vec<usize>>,
    /// How many units have to run before each unit and have not.
    before: Vec<usize>,
    /// Units that wait for each unit.
    after: Vec<Vec<usize>>,
    /// Units left that touch each buffer.
    left: Vec<usize>,
    live: Vec<bool>,
    /// Units that can run, by the growth of memory, the last one first.
    ready: BTreeSet<(isize, Reverse<usize>)>,
    growth: Vec<isize>,
}

/// Orders units.
pub fn order(mut units: Vec<Unit>, buffers: &[Buffer]) -> Vec<Kernel> {
    let touched: Vec<Touched> = units.iter().map(of_unit).collect();
    let before = before(&units, &touched, buffers);
    let given = given(&touched, &before, buffers);
    let mut schedule = Schedule::new(touched, &before, buffers);
    let mut late = Late { before: &before, given, order: Vec::new(), done: vec![false; units.len()] };
    while let Some((_, Reverse(next))) = schedule.ready.pop_first() {
        schedule.run(next);
        late.take(next);
    }
    late.finish().into_iter().flat_map(|unit| std::mem::take(&mut units[unit])).collect()
}

/// Whether each unit reads nothing but parameters and what such units make: it can run at any time before it is needed.
fn given(touched: &[Touched], before: &[Vec<usize>], buffers: &[Buffer]) -> Vec<bool> {
    let in_arena = |buffer: &BufferId| matches!(buffers[buffer.0].place, Place::Rows { .. } | Place::Fixed { .. });
    let is_known = |buffer: &BufferId| in_arena(buffer) || matches!(buffers[buffer.0].place, Place::Parameter(_));
    let alone =
        |unit: &Touched| !unit.writes.is_empty() && unit.reads.iter().all(is_known) && unit.writes.iter().all(in_arena);
    let mut given = vec![false; touched.len()];
    // users may come before makers in the list
    loop {
        let follows = |unit: &usize| !given[*unit] && alone(&touched[*unit]) && before[*unit].iter().all(|&b| given[b]);
        let more: Vec<usize> = (0..touched.len()).filter(follows).collect();
        if more.is_empty() {
            return given;
        }
        more.into_iter().for_each(|unit| given[unit] = true);
    }
}

/// Runs units that are given only when something waits for them.
struct Late<'a> {
    before: &'a [Vec<usize>],
    given: Vec<bool>,
    order: Vec<usize>,
    done: Vec<bool>,
}

impl Late<'_> {
    fn take(&mut self, unit: usize) {
        if !self.given[unit] {
            self.run(unit);
        }
    }

    fn run(&mut self, unit: usize) {
        if std::mem::replace(&mut self.done[unit], true) {
            return;
        }
        let before = self.before;
        for &other in before[unit].iter().filter(|&&other| self.given[other]).collect::<Vec<_>>() {
            self.run(other);
        }
        self.order.push(unit);
    }

    fn finish(mut self) -> Vec<usize> {
        (0..self.done.len()).for_each(|unit| self.run(unit));
        self.order
    }
}

impl<'a> Schedule<'a> {
    fn new(touched: Vec<Touched>, before: &[Vec<usize>], buffers: &'a [Buffer]) -> Self {
        let touched: Vec<Vec<BufferId>> =
            touched.into_iter().map(|one| distinct([one.reads, one.writes].concat())).collect();
        let touching = by_buffer(touched.iter(), buffers.len());
        let mut after = vec![Vec::new(); touched.len()];
        for (unit, before) in before.iter().enumerate() {
            before.iter().for_each(|&other| after[other].push(unit));
        }
        let before: Vec<usize> = before.iter().map(Vec::len).collect();
        let left = touching.iter().map(Vec::len).collect();
        let (live, growth) = (vec![false; buffers.len()], vec![0; touched.len()]);
        let ready = BTreeSet::new();
        let mut schedule = Self { buffers, touched, touching, before, after, left, live, ready, growth };
        let free = (0..schedule.touched.len()).filter(|&unit| schedule.before[unit] == 0);
        free.collect::<Vec<_>>().into_iter().for_each(|unit| schedule.make_ready(unit));
        schedule
    }

    fn make_ready(&mut self, unit: usize) {
        self.growth[unit] = self.growth_of(unit);
        self.ready.insert((self.growth[unit], Reverse(unit)));
    }

    /// Bytes of memory live after a unit has run, less those before.
    fn growth_of(&self, unit: usize) -> isize {
        let mut growth = 0;
        for buffer in &self.touched[unit] {
            let size = match self.buffers[buffer.0].place {
                Place::Rows { .. } | Place::Fixed { .. } => self.buffers[buffer.0].length.at(BATCH) as isize,
                _ => 0,
            };
            growth += if self.live[buffer.0] { 0 } else { size };
            growth -= if self.left[buffer.0] == 1 { size } else { 0 };
        }
        growth
    }

    fn run(&mut self, unit: usize) {
        let mut changed = Vec::new();
        for buffer in &self.touched[unit] {
            let starts = !std::mem::replace(&mut self.live[buffer.0], true);
            self.left[buffer.0] -= 1;
            if starts || self.left[buffer.0] == 1 {
                changed.extend(&self.touching[buffer.0]);
            }
        }
        for other in distinct(changed) {
            if self.ready.remove(&(self.growth[other], Reverse(other))) {
                self.make_ready(other);
            }
        }
        for other in std::mem::take(&mut self.after[unit]) {
            self.before[other] -= 1;
            if self.before[other] == 0 {
                self.make_ready(other);
            }
        }
    }
}

/// The units that make what each unit reads, and those that read a parameter that it changes.
fn before(units: &[Unit], touched: &[Touched], buffers: &[Buffer]) -> Vec<Vec<usize>> {
    let makers = by_buffer(touched.iter().map(|one| &one.writes), buffers.len());
    let mut readers: Map<usize, Vec<usize>> = Map::default();
    for (buffer, reading) in buffers.iter().zip(by_buffer(touched.iter().map(|one| &one.reads), buffers.len())) {
        if let Place::Parameter(parameter) = buffer.place {
            readers.entry(parameter).or_default().extend(reading);
        }
    }
    let before = |(user, (unit, one)): (usize, (&Unit, &Touched))| {
        let made = one.reads.iter().flat_map(|buffer| &makers[buffer.0]);
        let read = unit.iter().filter_map(changed).filter_map(|parameter| readers.get(&parameter)).flatten();
        distinct(made.chain(read).copied().filter(|&other| other != user).collect())
    };
    units.iter().zip(touched).enumerate().map(before).collect()
}

/// The units that have each buffer.
fn by_buffer<'a>(units: impl Iterator<Item = &'a Vec<BufferId>>, n_buffers: usize) -> Vec<Vec<usize>> {
    let mut having = vec![Vec::new(); n_buffers];
    for (unit, buffers) in units.enumerate() {
        buffers.iter().for_each(|buffer| having[buffer.0].push(unit));
    }
    having
}

/// What a unit reads that it does not make itself, and what it writes.
fn of_unit(unit: &Unit) -> Touched {
    let mut all = Touched::default();
    for kernel in unit {
        let one = touched(kernel);
        all.reads.extend(one.reads);
        all.writes.extend(one.writes);
    }
    all.reads.retain(|buffer| !all.writes.contains(buffer));
    Touched { reads: distinct(all.reads), writes: distinct(all.writes) }
}

/// The items in order, each once.
pub fn distinct<T: Ord>(mut items: Vec<T>) -> Vec<T> {
    items.sort_unstable();
    items.dedup();
    items
}
