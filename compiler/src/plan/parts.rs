//! How many rows go through a forward pass together: all of them, or as many as a near cache holds the values of.

use super::kernel::{BufferId, Kernel};
use super::{Buffer, Place, Plan};

/// Bytes of values that stay in a core's own cache from the kernel that writes them to the one that reads them: half a
/// second-level cache of 1 MiB, all of a small one.
const NEAR: usize = 512 << 10;

/// The fewest rows that go together. One or two are summed in another order by dense layers, and a tile has more rows.
const FEWEST: usize = 3;

/// Rows that go through a plan together where that is faster than all at once; `None` where it is not.
///
/// Each part reads all weights again, from further away than the values that it saves from leaving the near cache:
/// worth it while the weights are less than the values of a part, each written and read once.
pub(super) fn rows_at_once(plan: &Plan) -> Option<usize> {
    let row = plan.row_floats.checked_mul(size_of::<f32>()).filter(|row| *row > 0)?;
    let rows = (NEAR / row).max(FEWEST);
    let stays_near = row.saturating_mul(rows) <= 2 * NEAR;
    let values = plan.unplanned.size.saturating_mul(2 * rows);
    (stays_near && weights(plan, &plan.kernels) <= values).then_some(rows)
}

/// Bytes of the parameters that products and copies read, once for each step of a loop.
fn weights(plan: &Plan, kernels: &[Kernel]) -> usize {
    let parameter = |buffer: BufferId| match &plan.buffers[buffer.0] {
        Buffer { place: Place::Parameter(_), length, .. } => length.size.saturating_mul(size_of::<f32>()),
        _ => 0,
    };
    let bytes = kernels.iter().map(|kernel| match kernel {
        Kernel::Contract(contract) => parameter(contract.a).saturating_add(parameter(contract.b)),
        Kernel::Copy(copy) => parameter(copy.from),
        Kernel::Loop(inner) => inner.steps.saturating_mul(weights(plan, &inner.kernels)),
        _ => 0,
    });
    bytes.fold(0, usize::saturating_add)
}
