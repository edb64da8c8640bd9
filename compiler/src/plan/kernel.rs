//! Kernels: one loop nest or one library call each, over buffers; and loops over kernels.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::ir::DType;
use crate::ir::Dim;
use crate::ir::op::{Binary, Compare, Distribution, Real, Unary};
use crate::plan::window::{Bordered, WindowForm};

/// A buffer of the plan.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct BufferId(pub usize);

/// One step of a plan.
#[derive(Clone, PartialEq, Debug)]
#[expect(clippy::large_enum_variant, reason = "most kernels of a plan are the largest, and there are few")]
pub enum Kernel {
    /// Element-by-element work with reductions, row by row.
    Rows(RowKernel),
    /// A sum of products with an epilogue.
    Contract(ContractKernel),
    /// Elements to other places.
    Copy(CopyKernel),
    /// One number everywhere in a buffer.
    Fill {
        /// What is filled.
        buffer: BufferId,
        /// With what.
        value: Real,
    },
    /// Zeros around each image.
    Border(BorderKernel),
    /// Integers of the caller's memory as reals.
    RealsFromIndices {
        /// An input or target of integers.
        from: BufferId,
        /// Where the reals go.
        to: BufferId,
    },
    /// Kernels that run again and again.
    Loop(LoopKernel),
    /// Hands a finished gradient, in the parameter's physical order, to the optimizer or to the caller.
    Update {
        /// Which parameter.
        parameter: usize,
        /// Its gradient.
        gradient: BufferId,
    },
    /// Sets a running statistic.
    Assign {
        /// Which parameter.
        parameter: usize,
        /// Its new value.
        value: BufferId,
    },
}

impl Kernel {
    /// Visits each mention of a buffer.
    pub fn for_each_buffer(&mut self, visit: &mut impl FnMut(&mut BufferId)) {
        match self {
            Self::Rows(RowKernel { operands, stages, .. }) => {
                operands.iter_mut().for_each(|operand| visit(&mut operand.buffer));
                stages.iter_mut().flat_map(|stage| &mut stage.stores).for_each(|store| visit(&mut store.buffer));
            }
            Self::Contract(ContractKernel { a, b, scratch, operands, epilogue, update, .. }) => {
                let way = update.as_mut().map(|update| &mut update.way);
                [a, b].into_iter().chain(scratch).chain(way).for_each(&mut *visit);
                operands.iter_mut().for_each(|operand| visit(&mut operand.buffer));
                epilogue.stores.iter_mut().for_each(|store| visit(&mut store.buffer));
            }
            Self::Copy(CopyKernel { from, to, .. }) | Self::RealsFromIndices { from, to } => {
                [from, to].into_iter().for_each(visit);
            }
            Self::Fill { buffer, .. } | Self::Border(BorderKernel { buffer, .. }) => visit(buffer),
            Self::Update { gradient, .. } => visit(gradient),
            Self::Assign { value, .. } => visit(value),
            Self::Loop(LoopKernel { kernels, reads, writes, .. }) => {
                kernels.iter_mut().for_each(|kernel| kernel.for_each_buffer(visit));
                for set in [reads, writes] {
                    let mut all: Vec<BufferId> = set.iter().copied().collect();
                    all.iter_mut().for_each(&mut *visit);
                    *set = all.into_iter().collect();
                }
            }
        }
    }

    /// Visits each mention of a parameter other than as a buffer.
    pub fn for_each_parameter(&mut self, visit: &mut impl FnMut(&mut usize)) {
        match self {
            Self::Contract(ContractKernel { update: Some(update), .. }) => visit(&mut update.parameter),
            Self::Update { parameter, .. } | Self::Assign { parameter, .. } => visit(parameter),
            Self::Loop(inner) => inner.kernels.iter_mut().for_each(|kernel| kernel.for_each_parameter(visit)),
            Self::Contract(_)
            | Self::Rows(_)
            | Self::Copy(_)
            | Self::Fill { .. }
            | Self::Border(_)
            | Self::RealsFromIndices { .. } => {}
        }
    }
}

/// Where element `(i₀, …, iₖ, column)` of a loop nest lies in a buffer: `offset + Σ strides·i + inner·column`.
/// A stride never depends on the batch.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Access {
    /// Position of the first element.
    pub offset: usize,
    /// Elements from one step of each outer loop to the next, 0 to repeat.
    pub strides: Vec<usize>,
    /// Whether columns lie side by side (stride 1) rather than repeat (stride 0).
    pub along: bool,
}

/// A buffer read in a loop nest.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Operand {
    /// Which buffer.
    pub buffer: BufferId,
    /// Where in it.
    pub access: Access,
}

/// A value of a body: its position in the list of instructions.
pub type Register = usize;

/// An instruction of a body. A value is *uniform* when it is the same for all columns of a row.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Instruction {
    /// The operand of that position, a real.
    Load(usize),
    /// The contraction's result; in epilogues only.
    Accumulator,
    /// One number.
    Scalar(Real),
    /// The number of rows in this call.
    RowCount,
    /// One over the rows of the step.
    InverseTotal,
    /// `offset + Σ strides·i + column`, as a real; the access is that of a buffer holding 0, 1, 2, ….
    Iota(Access),
    /// A random number for the element at this access of a tensor with `per_row` elements a sample.
    Random {
        /// How it is distributed.
        distribution: Distribution,
        /// The operator's own number.
        operator: u32,
        /// Position in the whole tensor; row = position / per_row, element = position % per_row.
        access: Access,
        /// Elements of one sample.
        per_row: usize,
    },
    /// A function of one real.
    Unary(Unary, Register),
    /// A function of two reals.
    Binary(Binary, Register, Register),
    /// A comparison, a mask.
    Compare(Compare, Register, Register),
    /// The second where the mask (first) is true, else the third.
    Select(Register, Register, Register),
    /// Mask to real (1 or 0) or real to mask (not zero).
    Cast(DType, Register),
    /// A result of the fold of that position in an earlier stage; uniform.
    Folded {
        /// The stage.
        stage: usize,
        /// The position in its folds.
        fold: usize,
    },
}

/// Many columns, or many rows, to one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Fold {
    /// Σ
    Sum,
    /// the largest; NaN if any is
    Max,
    /// the smallest; NaN if any is
    Min,
}

/// A value written in a loop nest.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Store {
    /// Which buffer.
    pub buffer: BufferId,
    /// Where in it; with `along` false the value is uniform.
    pub access: Access,
    /// Which value; masks are stored as 1 and 0.
    pub value: Register,
    /// Combined with what is there (rows reduced; a `Fill` came before), or replacing it.
    pub fold: Option<Fold>,
}

/// One walk over the columns of a row. Later stages see earlier ones' folds and stores.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Stage {
    /// Instructions, operands before users.
    pub body: Vec<Instruction>,
    /// What is written.
    pub stores: Vec<Store>,
    /// What is reduced over the columns.
    pub folds: Vec<(Fold, Register)>,
}

/// A row program: for each row (product of the outer loops), the stages one after the other.
#[derive(Clone, PartialEq, Debug)]
pub struct RowKernel {
    /// Lengths of the outer loops, outermost first; only the first may be batched.
    pub outer: Vec<Dim>,
    /// Columns of a row.
    pub width: usize,
    /// Buffers read. A buffer also stored to has the same access in both (in place), and is read before it is written
    /// at each element.
    pub operands: Vec<Operand>,
    /// Walks over the row.
    pub stages: Vec<Stage>,
}

/// What is multiplied with what. `rows`, `k`, `n` are lengths of the contraction as the forward pass sees it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Form {
    /// `y[r, n] = Σₖ a[r, k]·b[k, n]`, `b` in panels. Epilogue over rows × n.
    Dense {
        /// Length of r.
        rows: Dim,
        /// Length of k.
        k: usize,
        /// Length of n.
        n: usize,
    },
    /// `dx[r, k] = Σₙ a[r, n]·b[k, n]`, `b` in panels. Epilogue over rows × k.
    DenseInputGradient {
        /// Length of r.
        rows: Dim,
        /// Length of k.
        k: usize,
        /// Length of n.
        n: usize,
    },
    /// `dw[k, n] = Σᵣ a[r, k]·b[r, n]`, stored in panels. Epilogue over one row of k·n columns in physical order.
    DenseWeightGradient {
        /// Length of r.
        rows: Dim,
        /// Length of k.
        k: usize,
        /// Length of n.
        n: usize,
    },
    /// Row-major, `y[p, m, n] = Σₖ a[p, m, k]·b[p, k, n]`. Epilogue over (p·m) × n. At most one of p, m, k is batched.
    Matmul {
        /// Length of p.
        batch: Dim,
        /// Length of m.
        m: Dim,
        /// Length of k.
        k: Dim,
        /// Length of n.
        n: usize,
        /// Whether `a` lies as `[p, k, m]`.
        a_transposed: bool,
        /// Whether `b` lies as `[p, n, k]`.
        b_transposed: bool,
    },
    /// An operator over windows. Epilogue over (images · rows of pixels · pixels) × channels of the result, or over one
    /// row of filters in physical order.
    Window(WindowForm),
}

impl Form {
    /// Rows and columns of the epilogue.
    pub fn rows_and_width(self) -> (Dim, usize) {
        match self {
            Self::Dense { rows, n, .. } => (rows, n),
            Self::DenseInputGradient { rows, k, .. } => (rows, k),
            Self::DenseWeightGradient { k, n, .. } => (Dim::fixed(1), k * n),
            Self::Matmul { batch, m, n, .. } => (batch.times(m), n),
            Self::Window(form) => form.rows_and_width(),
        }
    }

    /// Memory that makes the kernel faster: the left operand transposed, or the right one panel by panel where its
    /// lines drive each other out of a cache. Must match what the runtime's kernels use.
    pub fn scratch(self) -> Option<Dim> {
        match self {
            Self::DenseInputGradient { rows, n, .. } => Some(rows.times(Dim::fixed(n))),
            Self::DenseWeightGradient { rows, n, .. } if n % 256 == 0 => Some(rows.times(Dim::fixed(32))),
            Self::Window(form) => form.kernel().1.filter(|floats| *floats > 0).map(Dim::fixed),
            _ => None,
        }
    }
}

/// A contraction and what happens to each element of its result on the way out.
#[derive(Clone, PartialEq, Debug)]
pub struct ContractKernel {
    /// What is multiplied with what.
    pub form: Form,
    /// The left operand.
    pub a: BufferId,
    /// The right operand; again the left one if the form has no other.
    pub b: BufferId,
    /// Memory of [`Form::scratch`], that nothing else reads.
    pub scratch: Option<BufferId>,
    /// The loops of the epilogue's rows, outermost first; accesses have a stride for each.
    pub outer: Vec<Dim>,
    /// Buffers the epilogue reads.
    pub operands: Vec<Operand>,
    /// The epilogue: one stage without folds.
    pub epilogue: Stage,
    /// What the kernel does to a parameter: its epilogue stores to [`crate::plan::Place::Gradient`].
    pub update: Option<UpdateInPassing>,
}

/// A gradient that goes on as it is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UpdateInPassing {
    /// Which parameter.
    pub parameter: usize,
    /// Memory for floats on their way.
    pub way: BufferId,
}

/// Zeros around each image of a buffer.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct BorderKernel {
    /// Which buffer.
    pub buffer: BufferId,
    /// Images.
    pub rows: Dim,
    /// Where the border lies.
    pub bordered: Bordered,
}

/// One loop of a copy.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct CopyAxis {
    /// Its length.
    pub length: Dim,
    /// Stride in the source; negative to reverse.
    pub from: isize,
    /// Stride in the destination.
    pub to: usize,
}

/// Elements to other places.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CopyKernel {
    /// Source.
    pub from: BufferId,
    /// Position of the first element read.
    pub from_offset: usize,
    /// Destination; what is not written keeps its value.
    pub to: BufferId,
    /// Position of the first element written.
    pub to_offset: usize,
    /// Loops, outermost first; only the first may be batched.
    pub axes: Vec<CopyAxis>,
}

/// Kernels that run once a step, in order.
#[derive(Clone, PartialEq, Debug)]
pub struct LoopKernel {
    /// The number of steps.
    pub steps: usize,
    /// Whether the last step comes first.
    pub reverse: bool,
    /// How many loops are around it: which step [`crate::plan::Place::Window`] means.
    pub depth: usize,
    /// The kernels of a step.
    pub kernels: Vec<Kernel>,
    /// Buffers that live within one step.
    pub locals: Range<usize>,
    /// Other buffers that are read.
    pub reads: BTreeSet<BufferId>,
    /// Other buffers that are written.
    pub writes: BTreeSet<BufferId>,
}
