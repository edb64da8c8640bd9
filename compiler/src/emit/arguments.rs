//! The buffers of a kernel as arguments of the function that is emitted for it, and functions shared by kernels that
//! differ in nothing but their buffers.

use proc_macro2::Ident;
use quote::format_ident;

use crate::ir::hash::Map;
use crate::plan::kernel::{BufferId, Operand, Stage};
use crate::plan::{Place, Plan};

/// A loop nest whose buffers are numbered by argument: first those written, then those only read.
#[derive(Clone, PartialEq)]
pub(super) struct Canonical {
    pub operands: Vec<Operand>,
    pub stages: Vec<Stage>,
    /// For each argument that is written, whether it may be shorter than the rows.
    pub partial: Vec<bool>,
    /// The argument that is a stream of gradients, if there is one.
    pub stream: Option<usize>,
    /// For each argument that is read, whether it is a parameter behind the stream.
    pub behind: Vec<bool>,
}

/// What a canonical nest is applied to.
pub(super) struct Arguments {
    pub reads: Vec<BufferId>,
    pub writes: Vec<BufferId>,
}

impl Canonical {
    pub fn new(plan: &Plan, operands: &[Operand], stages: &[Stage], partial_outputs: bool) -> (Self, Arguments) {
        let place = |buffer: BufferId| plan.buffers[buffer.0].place;
        let mut numbers: Map<Place, usize> = Map::default();
        let mut buffers = Vec::new();
        let mut number = |buffer: BufferId| {
            *numbers.entry(place(buffer)).or_insert_with(|| {
                buffers.push(buffer);
                buffers.len() - 1
            })
        };
        let mut stages = stages.to_vec();
        for store in stages.iter_mut().flat_map(|stage| &mut stage.stores) {
            store.buffer = BufferId(number(store.buffer));
        }
        let writes = stages.iter().flat_map(|stage| &stage.stores).map(|store| store.buffer.0 + 1).max().unwrap_or(0);
        let mut operands = operands.to_vec();
        for operand in &mut operands {
            operand.buffer = BufferId(number(operand.buffer));
        }
        let reads = buffers.split_off(writes);
        let partial = buffers.iter().map(|b| partial_outputs && matches!(place(*b), Place::Output(_))).collect();
        let stream = buffers.iter().position(|b| matches!(place(*b), Place::Gradient(_)));
        let is_behind = |b: &BufferId| stream.is_some() && matches!(place(*b), Place::Parameter(_));
        let behind = reads.iter().map(is_behind).collect();
        (Self { operands, stages, partial, stream, behind }, Arguments { reads, writes: buffers })
    }

    pub fn writes(&self) -> usize {
        self.partial.len()
    }

    /// The name of an argument.
    pub fn name(&self, buffer: BufferId) -> Ident {
        match buffer.0.checked_sub(self.writes()) {
            Some(read) => format_ident!("read_{read}"),
            None => format_ident!("write_{}", buffer.0),
        }
    }

    /// The stream of gradients, if an argument is a parameter behind it.
    pub fn stream_before(&self, buffer: BufferId) -> Option<Ident> {
        let read = buffer.0.checked_sub(self.writes())?;
        let stream = self.stream.filter(|_| self.behind.get(read).copied().unwrap_or(false))?;
        Some(format_ident!("write_{stream}"))
    }

    pub fn read_names(&self) -> Vec<Ident> {
        (0..self.behind.len()).map(|read| format_ident!("read_{read}")).collect()
    }

    pub fn write_names(&self) -> Vec<Ident> {
        (0..self.writes()).map(|write| format_ident!("write_{write}")).collect()
    }
}
