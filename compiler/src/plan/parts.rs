//! How many rows go through a forward pass together: all of them, or as many as a near cache holds the values of.

use graven_runtime::drive::FEWEST_ROWS;

use super::kernel::{BufferId, Kernel};
use super::schedule::{Touched, touched};
use super::{Place, Plan};

/// Bytes of values that stay in a core's own cache from the kernel that writes them to the one that reads them: half a
/// second-level cache of 1 MiB, all of a small one.
const NEAR: usize = 512 << 10;

/// Rows that go through a plan together where that is faster than all at once; `None` where it is not.
///
/// Each part reads again what has no rows, weights above all, from further away than the values that it saves from leaving
/// the near cache: worth it while that is less than what is written and read of the values of a part.
pub(super) fn rows_at_once(plan: &Plan) -> Option<usize> {
    let row = plan.row_floats.checked_mul(size_of::<f32>()).filter(|row| *row > 0)?;
    let rows = (NEAR / row).max(FEWEST_ROWS);
    let stays_near = row.saturating_mul(rows) <= 2 * NEAR;
    let traffic = Traffic::of(plan, &plan.kernels);
    (stays_near && traffic.shared <= traffic.of_row.saturating_mul(rows)).then_some(rows)
}

/// Floats that kernels write and read.
#[derive(Clone, Copy, Default)]
struct Traffic {
    /// Of values, for each row.
    of_row: usize,
    /// Of parameters and of what is made of them, however many rows there are.
    shared: usize,
}

impl Traffic {
    /// That of kernels, of loops as often as they have steps.
    fn of(plan: &Plan, kernels: &[Kernel]) -> Self {
        kernels.iter().fold(Self::default(), |all, kernel| match kernel {
            Kernel::Loop(inner) => {
                let step = Self::of(plan, &inner.kernels);
                all.plus(step.of_row.saturating_mul(inner.steps), step.shared.saturating_mul(inner.steps))
            }
            _ => {
                let Touched { reads, writes } = touched(kernel);
                reads.iter().chain(&writes).fold(all, |all, &buffer| all.with(plan, buffer))
            }
        })
    }

    fn with(self, plan: &Plan, buffer: BufferId) -> Self {
        let (mut memory, mut floats) = (buffer, plan.buffers[buffer.0].length.size);
        // a step of a sequence is as long as the way to the next one
        while let Place::Window { of, stride, .. } = plan.buffers[memory.0].place {
            (memory, floats) = (of, floats.min(stride));
        }
        match plan.buffers[memory.0].place {
            Place::Rows { .. } => self.plus(floats, 0),
            Place::Parameter(_) | Place::Fixed { .. } => self.plus(0, floats),
            _ => self,
        }
    }

    fn plus(self, of_row: usize, shared: usize) -> Self {
        Self { of_row: self.of_row.saturating_add(of_row), shared: self.shared.saturating_add(shared) }
    }
}
