//! How large the generated types are: what emission writes into them, and what budgets are compared with.

use crate::ir::{DType, Type};
use crate::network::Network;
use crate::plan::{Plan, Program};

/// Alignment of all generated types, in bytes.
const ALIGNMENT: usize = 64;

/// Floats behind the model's values that kernels may read.
const SLACK: usize = 32;

/// Bytes of the seed and step that training memory carries.
const CLOCK: usize = 16;

/// What a memory type holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Footprint {
    /// Floats for each row of the batch.
    pub row_floats: usize,
    /// Floats beside the rows.
    pub fixed_floats: usize,
    /// Bytes behind the floats.
    pub tail: usize,
}

impl Footprint {
    /// Of the memory of inference.
    pub fn forward(network: &Network, program: &Program) -> Self {
        Self::of(network, &[Some(&program.forward)], 0)
    }

    /// Of the memory of training, which serves evaluation too; nothing without a loss.
    pub fn training(network: &Network, program: &Program) -> Option<Self> {
        let training = program.training.as_ref()?;
        Some(Self::of(network, &[program.evaluation.as_ref(), Some(training)], CLOCK))
    }

    fn of(network: &Network, plans: &[Option<&Plan>], tail: usize) -> Self {
        let most = |count: fn(&Plan) -> usize| plans.iter().flatten().map(|plan| count(plan)).max().unwrap_or(0);
        Self {
            row_floats: most(|plan| plan.row_floats) + scratch_floats(&network.outputs),
            fixed_floats: most(|plan| plan.fixed_floats),
            tail,
        }
    }

    /// The constant `BYTES` of the type at a batch; the largest number if there is none.
    pub fn bytes(&self, batch: usize) -> usize {
        let floats = self.row_floats.checked_mul(batch).and_then(|rows| rows.checked_add(self.fixed_floats));
        floats.and_then(|floats| padded(floats, self.tail)).unwrap_or(usize::MAX)
    }
}

/// Floats of the model type.
pub fn model_floats(program: &Program) -> usize {
    program.scalars + SLACK
}

/// The constant `BYTES` of the model.
pub fn model_bytes(program: &Program) -> usize {
    padded(model_floats(program), 0).unwrap_or(usize::MAX)
}

/// Bytes of all scalars of the model: trained, frozen, statistics.
pub fn scalar_bytes(program: &Program) -> usize {
    program.scalars.saturating_mul(size_of::<f32>())
}

fn padded(floats: usize, tail: usize) -> Option<usize> {
    let front = floats.checked_mul(size_of::<f32>())?.checked_next_multiple_of(align_of::<u64>())?;
    front.checked_add(tail)?.checked_next_multiple_of(ALIGNMENT)
}

/// Floats for each row that outputs of integers pass through, as plans compute reals.
fn scratch_floats(outputs: &[Type]) -> usize {
    let is_index = |output: &&Type| matches!(output.dtype, DType::Index(_));
    outputs.iter().filter(is_index).map(|output| output.shape.elements().size).sum()
}
