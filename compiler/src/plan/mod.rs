//! From a graph to kernels over planned memory: fusion, schedule, layout, liveness.
//!
//! What leaves here needs no more decisions: [`crate::emit`] writes it down, [`exec`] runs it in tests.

pub mod exec;
pub mod fuse;
pub mod kernel;
pub mod layout;
pub mod memory;
mod parts;
mod prepare;
mod print;
pub mod schedule;
pub mod view;
pub mod window;

use std::borrow::Cow;

use crate::ir::{DType, Dim, Graph};
use crate::threads::both;
use fuse::facts::Facts;
use kernel::{BufferId, Kernel};
use window::Filters;

/// Kernels in the order in which they run, and where their buffers lie.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Plan {
    /// The buffers; a [`BufferId`] is a position here.
    pub buffers: Vec<Buffer>,
    /// The kernels, in order.
    pub kernels: Vec<Kernel>,
    /// Floats of the arena for each row.
    pub row_floats: usize,
    /// Floats of the arena that do not grow with the batch.
    pub fixed_floats: usize,
    /// Where the loss lies, one float.
    pub loss: Option<BufferId>,
    /// Bytes of all intermediate values at batch 1, had each its own memory: what planning is measured against.
    pub unplanned: Dim,
}

/// A stretch of memory.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Buffer {
    /// What it holds, for dumps.
    pub name: String,
    /// Its elements.
    pub length: Dim,
    /// Reals, but for inputs and targets that are indices.
    pub dtype: DType,
    /// Where it lies.
    pub place: Place,
}

/// Where a buffer lies.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Place {
    /// The caller's input, read only.
    Input(usize),
    /// The caller's target, read only.
    Target(usize),
    /// The caller's output; in training it may be shorter than the rows, and is then written as far as it goes.
    Output(usize),
    /// The model's memory, read only, in the physical layout.
    Parameter(usize),
    /// `offset·rows` floats into the batched arena.
    Rows {
        /// Floats a row.
        offset: usize,
    },
    /// `offset` floats into the fixed arena.
    Fixed {
        /// Floats.
        offset: usize,
    },
    /// Where gradients of a parameter go, written once in physical order and never read.
    Gradient(usize),
    /// Another buffer from `stride·step` on, `step` being that of a loop.
    Window {
        /// The other buffer.
        of: BufferId,
        /// Floats from one step to the next.
        stride: usize,
        /// Which loop: how many are around it.
        depth: usize,
    },
}

/// How a parameter lies in the model's memory.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Layout {
    /// As its logical shape says.
    RowMajor,
    /// Panels of 32 columns: `[n/32][k][32]`, then `[k][n mod 32]`.
    Panels {
        /// Length that the forward pass sums over.
        k: usize,
        /// Length of the forward pass's result.
        n: usize,
        /// Whether the logical shape is `[n, k]` rather than `[k, n]`.
        transposed: bool,
    },
    /// Filters of a convolution, whose logical shape is `[out, in/groups, height, width]`.
    Filters(Filters),
}

/// A parameter's place and layout.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Storage {
    /// Floats from the start of the model's memory.
    pub offset: usize,
    /// The order of its scalars.
    pub layout: Layout,
}

/// All that is planned for a network. The three plans agree on how parameters are stored.
#[derive(Clone, PartialEq, Debug)]
pub struct Program {
    /// Place of each parameter: trained ones first, without gaps, then frozen ones and statistics.
    pub storage: Vec<Storage>,
    /// Trained scalars.
    pub trained: usize,
    /// All scalars of the model.
    pub scalars: usize,
    /// `forward`.
    pub forward: Plan,
    /// Rows that go through the forward pass or the evaluation together, where not all that there are.
    pub rows_at_once: Option<usize>,
    /// Forward in inference mode and the loss; with a loss only.
    pub evaluation: Option<Plan>,
    /// Forward in training mode, backward and updates; with a loss only.
    pub training: Option<Plan>,
}

/// Plans the graphs of a network; `training` already holds its gradients.
pub fn program(forward: &Graph, evaluation: Option<&Graph>, training: Option<&Graph>) -> Program {
    let prepared: Vec<Cow<'_, Graph>> =
        [Some(forward), evaluation, training].into_iter().flatten().map(prepare::graph).collect();
    let graphs: Vec<&Graph> = prepared.iter().map(|graph| &**graph).collect();
    let layouts = layout::choose(&graphs);
    let (storage, trained, scalars) = layout::store(&forward.parameters, &layouts.parameters);
    let plan_of = |number: usize| plan(&Facts::new(graphs[number], &layouts.panels[number]), number == 0);
    let last = graphs.len() - 1;
    let (training, [forward, evaluation]) =
        both(|| training.map(|_| plan_of(last)), || [Some(plan_of(0)), evaluation.map(|_| plan_of(1))]);
    let forward = forward.unwrap_or_default();
    let rows_at_once = parts::rows_at_once(&forward);
    Program { storage, trained, scalars, forward, rows_at_once, evaluation, training }
}

fn plan(facts: &Facts<'_>, readable: bool) -> Plan {
    let lowered = fuse::lower::lower(facts, readable);
    let kernels = schedule::order(lowered.units, &lowered.buffers);
    let mut plan = Plan { buffers: lowered.buffers, kernels, loss: lowered.loss, ..Plan::default() };
    memory::place(&mut plan);
    plan
}
