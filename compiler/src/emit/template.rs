//! A kernel to what its statement says and the offsets in it: kernels with equal templates differ in offsets alone.

use std::collections::BTreeSet;

use crate::plan::kernel::{BufferId, Kernel};
use crate::plan::{Buffer, Layout, Place, Plan, Storage};

/// A kernel over buffers and parameters that are numbered by their first mention. An offset in it is a position in
/// [`Statement::offsets`]; those of each arena ascend.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Template {
    kernel: Kernel,
    buffers: Vec<Buffer>,
    parameters: usize,
}

/// A kernel as a template and what fills it.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Statement {
    pub template: Template,
    pub offsets: Vec<usize>,
}

impl Statement {
    /// `None` for loops, whose buffers may move from step to step.
    pub fn new(plan: &Plan, storage: &[Storage], kernel: &Kernel) -> Option<Self> {
        if matches!(kernel, Kernel::Loop(_)) {
            return None;
        }
        let mut kernel = kernel.clone();
        let mut mentioned = Vec::new();
        kernel.for_each_buffer(&mut |buffer| buffer.0 = number(&mut mentioned, *buffer));
        let mut buffers: Vec<Buffer> = mentioned.iter().map(|&BufferId(own)| anonymous(&plan.buffers[own])).collect();
        let mut parameters = Vec::new();
        kernel.for_each_parameter(&mut |parameter| *parameter = number(&mut parameters, *parameter));
        for buffer in &mut buffers {
            if let Place::Parameter(parameter) | Place::Gradient(parameter) = &mut buffer.place {
                *parameter = number(&mut parameters, *parameter);
            }
        }
        let mut offsets = Vec::new();
        for offset in [rows, fixed] {
            let start = offsets.len();
            let all: BTreeSet<usize> = buffers.iter_mut().filter_map(|one| offset(&mut one.place).copied()).collect();
            offsets.extend(all);
            for place in buffers.iter_mut().filter_map(|one| offset(&mut one.place)) {
                *place = start + offsets[start..].partition_point(|known| known < place);
            }
        }
        offsets.extend(parameters.iter().map(|&parameter| storage[parameter].offset));
        Some(Self { template: Template { kernel, buffers, parameters: parameters.len() }, offsets })
    }
}

impl Template {
    /// A plan of the kernel alone and its parameters, with positions in place of offsets.
    pub fn plan(&self) -> (Plan, Vec<Storage>) {
        let plan = Plan { buffers: self.buffers.clone(), kernels: vec![self.kernel.clone()], ..Plan::default() };
        let arenas = self.buffers.iter().filter_map(|buffer| match buffer.place {
            Place::Rows { offset } | Place::Fixed { offset } => Some(offset + 1),
            _ => None,
        });
        let start = arenas.max().unwrap_or(0);
        let storage = |parameter| Storage { offset: start + parameter, layout: Layout::RowMajor };
        (plan, (0..self.parameters).map(storage).collect())
    }
}

fn anonymous(buffer: &Buffer) -> Buffer {
    Buffer { name: String::new(), ..buffer.clone() }
}

fn number<T: PartialEq>(known: &mut Vec<T>, item: T) -> usize {
    known.iter().position(|other| *other == item).unwrap_or_else(|| {
        known.push(item);
        known.len() - 1
    })
}

fn rows(place: &mut Place) -> Option<&mut usize> {
    match place {
        Place::Rows { offset } => Some(offset),
        _ => None,
    }
}

fn fixed(place: &mut Place) -> Option<&mut usize> {
    match place {
        Place::Fixed { offset } => Some(offset),
        _ => None,
    }
}
