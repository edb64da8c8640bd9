//! The order of units: a unit runs when its operands are complete, first the one after which least memory is live.

use std::collections::BTreeSet;

use crate::plan::fuse::lower::Unit;
use crate::plan::kernel::{BufferId, Kernel};
use crate::plan::{Buffer, Place};

/// The batch at which memory is weighed.
const BATCH: usize = 32;

/// Buffers that a kernel reads and writes.
#[derive(Clone, Default, Debug)]
pub struct Touched {
    /// Read.
    pub reads: BTreeSet<BufferId>,
    /// Written.
    pub writes: BTreeSet<BufferId>,
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
        }
        Kernel::Copy(copy) => {
            touched.reads.insert(copy.from);
            touched.writes.insert(copy.to);
        }
        Kernel::Fill { buffer, .. } => drop(touched.writes.insert(*buffer)),
        Kernel::RealsFromIndices { from, to } => {
            touched.reads.insert(*from);
            touched.writes.insert(*to);
        }
        Kernel::Update { gradient: read, .. } | Kernel::Assign { value: read, .. } => {
            touched.reads.insert(*read);
        }
    }
    touched
}

/// The parameter that a kernel changes.
fn changed(kernel: &Kernel) -> Option<usize> {
    match kernel {
        Kernel::Update { parameter, .. } | Kernel::Assign { parameter, .. } => Some(*parameter),
        _ => None,
    }
}

struct Schedule<'a> {
    buffers: &'a [Buffer],
    touched: Vec<Touched>,
    /// Units that have to run before each unit.
    before: Vec<BTreeSet<usize>>,
    /// Units left that touch each buffer.
    left: Vec<usize>,
    live: Vec<bool>,
}

/// Orders units.
pub fn order(mut units: Vec<Unit>, buffers: &[Buffer]) -> Vec<Kernel> {
    let mut schedule = Schedule::new(&units, buffers);
    let mut waiting: BTreeSet<usize> = (0..units.len()).rev().collect();
    let mut kernels = Vec::new();
    while let Some(next) = schedule.next(&waiting) {
        waiting.remove(&next);
        schedule.run(next);
        kernels.append(&mut units[next]);
    }
    kernels
}

impl<'a> Schedule<'a> {
    fn new(units: &[Unit], buffers: &'a [Buffer]) -> Self {
        let touched: Vec<Touched> = units.iter().map(of_unit).collect();
        let mut before = vec![BTreeSet::new(); units.len()];
        let mut left = vec![0; buffers.len()];
        for (user, one) in touched.iter().enumerate() {
            for buffer in one.reads.union(&one.writes) {
                left[buffer.0] += 1;
            }
            let needs = |other: &Touched| !other.writes.is_disjoint(&one.reads);
            let makers = touched.iter().enumerate().filter(|(maker, other)| *maker != user && needs(other));
            before[user].extend(makers.map(|(maker, _)| maker));
            for parameter in units[user].iter().filter_map(changed) {
                let reads = |other: &Touched| {
                    other.reads.iter().any(|buffer| buffers[buffer.0].place == Place::Parameter(parameter))
                };
                let readers = touched.iter().enumerate().filter(|(reader, other)| *reader != user && reads(other));
                before[user].extend(readers.map(|(reader, _)| reader));
            }
        }
        Self { buffers, touched, before, left, live: vec![false; buffers.len()] }
    }

    fn next(&self, waiting: &BTreeSet<usize>) -> Option<usize> {
        let ready = waiting.iter().copied().filter(|&unit| self.before[unit].is_disjoint(waiting));
        ready.min_by_key(|&unit| (self.growth(unit), std::cmp::Reverse(unit)))
    }

    /// Bytes of memory live after a unit has run, less those before.
    fn growth(&self, unit: usize) -> isize {
        let one = &self.touched[unit];
        let mut growth = 0;
        for buffer in one.reads.union(&one.writes) {
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
        for buffer in self.touched[unit].reads.union(&self.touched[unit].writes) {
            self.live[buffer.0] = true;
            self.left[buffer.0] -= 1;
        }
    }
}

/// What a unit reads that it does not make itself, and what it writes.
fn of_unit(unit: &Unit) -> Touched {
    let mut all = Touched::default();
    for kernel in unit {
        let one = touched(kernel);
        all.reads.extend(one.reads);
        all.writes.extend(one.writes);
    }
    all.reads = &all.reads - &all.writes;
    all
}
