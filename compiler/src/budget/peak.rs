//! Where in a plan most memory is alive, and what lies there.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::plan::kernel::BufferId;
use crate::plan::memory::{Range, flat, ranges};
use crate::plan::{Place, Plan};

/// A buffer of the arenas that is alive.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Resident {
    /// Which.
    pub buffer: BufferId,
    /// How large.
    pub bytes: usize,
}

/// The kernel during which most is alive.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Peak {
    /// Its position in the plan, as live ranges count.
    pub kernel: usize,
    /// What is alive, the largest first.
    pub residents: Vec<Resident>,
}

impl Peak {
    /// The first peak of a plan at a batch; nothing if the plan has no memory of its own.
    pub fn of(plan: &Plan, batch: usize) -> Option<Self> {
        let ranges = ranges(plan);
        let peaks = (0..flat(&plan.kernels).len()).map(|kernel| at(plan, &ranges, kernel, batch));
        peaks.filter(|peak| !peak.residents.is_empty()).max_by_key(|peak| (peak.bytes(), Reverse(peak.kernel)))
    }

    /// Bytes of all that is alive.
    pub fn bytes(&self) -> usize {
        self.residents.iter().map(|resident| resident.bytes).sum()
    }
}

/// What is alive during a kernel. A result in place of an operand that ends there counts once, as the result.
fn at(plan: &Plan, ranges: &[Option<Range>], kernel: usize, batch: usize) -> Peak {
    let mut places: BTreeMap<(bool, usize), (usize, Resident)> = BTreeMap::new();
    for (position, (buffer, range)) in plan.buffers.iter().zip(ranges).enumerate() {
        let place = match buffer.place {
            Place::Rows { offset } => (true, offset),
            Place::Fixed { offset } => (false, offset),
            _ => continue,
        };
        let Some(range) = range.filter(|range| range.first <= kernel && kernel <= range.last) else { continue };
        let resident =
            Resident { buffer: BufferId(position), bytes: buffer.length.at(batch).saturating_mul(size_of::<f32>()) };
        let later = places.get(&place).is_none_or(|(first, _)| *first < range.first);
        if later {
            places.insert(place, (range.first, resident));
        }
    }
    let mut residents: Vec<Resident> = places.into_values().map(|(_, resident)| resident).collect();
    residents.sort_by_key(|resident| (Reverse(resident.bytes), resident.buffer));
    Peak { kernel, residents }
}
