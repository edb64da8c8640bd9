//! Access to the tensors of a model by name: a table of slots says where each lies and in which layout.

use crate::initial;
use crate::network::{TensorError, TensorInfo};

/// Columns of a whole panel of dense weights.
pub const PANEL: usize = 32;

/// How the scalars of a tensor lie in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// As in the logical shape.
    RowMajor,
    /// Panels of [`PANEL`] columns, the last one as narrow as it has to be.
    Panels {
        /// Contracted length.
        k: usize,
        /// Columns.
        n: usize,
        /// Whether the logical shape is `[n, k]`, else it is `[k, n]`.
        transposed: bool,
    },
    /// Filters of a convolution, of logical shape `[filters, own, taps]`: for each group a matrix in panels with a row
    /// for each tap and channel and a column for each filter; for a depthwise convolution a row of filters for each tap.
    Filters {
        /// Equal parts of the channels; several with one channel each are depthwise.
        groups: usize,
        /// Channels of a group.
        own: usize,
        /// Taps of a window.
        taps: usize,
        /// Filters of all groups.
        filters: usize,
    },
}

impl Layout {
    /// The place of the scalar at a row-major logical index.
    #[must_use]
    pub const fn place(self, index: usize) -> usize {
        match self {
            Self::RowMajor => index,
            Self::Panels { k: 0, .. } | Self::Panels { n: 0, .. } => index,
            Self::Panels { k, n, transposed: true } => panel_place(k, n, index % k, index / k),
            Self::Panels { k, n, transposed: false } => panel_place(k, n, index / n, index % n),
            Self::Filters { groups, own, taps, filters } => filter_place([groups, own, taps, filters], index),
        }
    }
}

/// The place of element (`row`, `column`) of a `k` × `n` matrix in panels.
#[must_use]
pub const fn panel_place(k: usize, n: usize, row: usize, column: usize) -> usize {
    let first = column / PANEL * PANEL;
    let left = n.saturating_sub(first);
    let width = if left < PANEL { left } else { PANEL };
    first * k + row * width + (column - first)
}

/// The place of a scalar of filters at its row-major index in `[filters, own, taps]`.
const fn filter_place([groups, own, taps, filters]: [usize; 4], index: usize) -> usize {
    let ((rest, tap), (width, _)) = (parts(index, taps), parts(filters, groups));
    let (filter, channel) = parts(rest, own);
    if groups > 1 && own == 1 {
        return tap * filters + filter;
    }
    let (depth, (group, column)) = (taps * own, parts(filter, width));
    group * depth * width + panel_place(depth, width, tap * own + channel, column)
}

/// Quotient and remainder; nothing is left of a division into no parts.
const fn parts(a: usize, b: usize) -> (usize, usize) {
    match (a.checked_div(b), a.checked_rem(b)) {
        (Some(quotient), Some(remainder)) => (quotient, remainder),
        _ => (a, 0),
    }
}

/// How a tensor starts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Init {
    /// All zero.
    Zeros,
    /// All one.
    Ones,
    /// All the same.
    Constant(f32),
    /// Evenly distributed between `-limit` and `limit`.
    Uniform {
        /// The largest magnitude.
        limit: f32,
    },
    /// Normal with mean zero.
    Normal {
        /// The standard deviation.
        deviation: f32,
    },
    /// Normal with mean zero; what lies beyond two deviations is drawn again.
    TruncatedNormal {
        /// The standard deviation before truncation.
        deviation: f32,
    },
}

/// A tensor, its place among the values of the model, and how it starts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slot {
    /// Name, logical shape, whether it is trained.
    pub info: TensorInfo,
    /// Position of its first scalar.
    pub offset: usize,
    /// How it lies there.
    pub layout: Layout,
    /// How it starts.
    pub init: Init,
}

/// What tensors of one shape, layout and start have in common.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kind {
    /// The logical shape.
    pub shape: &'static [usize],
    /// Whether training changes it by gradient.
    pub trainable: bool,
    /// How it lies in memory.
    pub layout: Layout,
    /// How it starts.
    pub init: Init,
}

/// The slots of tensors that are given by name, position among `kinds`, and position of the first scalar.
///
/// # Panics
/// A position is not one of a kind; constants are made of it, where that is an error of the compilation.
#[must_use]
pub const fn slots<const N: usize>(kinds: &[Kind], rows: [(&'static str, usize, usize); N]) -> [Slot; N] {
    let info = TensorInfo { name: "", shape: &[], trainable: false };
    let mut slots = [Slot { info, offset: 0, layout: Layout::RowMajor, init: Init::Zeros }; N];
    let mut position = 0;
    while position < N {
        let (name, kind, offset) = rows[position];
        let Kind { shape, trainable, layout, init } = kinds[kind];
        slots[position] = Slot { info: TensorInfo { name, shape, trainable }, offset, layout, init };
        position += 1;
    }
    slots
}

/// What users see of slots.
#[must_use]
pub const fn infos<const N: usize>(slots: &[Slot; N]) -> [TensorInfo; N] {
    let mut infos = [TensorInfo { name: "", shape: &[], trainable: false }; N];
    let mut position = 0;
    while position < N {
        infos[position] = slots[position].info;
        position += 1;
    }
    infos
}

fn find<'a>(slots: &'a [Slot], name: &str, found: usize) -> Result<&'a Slot, TensorError> {
    let slot = slots.iter().find(|slot| slot.info.name == name).ok_or(TensorError::UnknownName)?;
    let expected = slot.info.len();
    if expected == found { Ok(slot) } else { Err(TensorError::WrongLength { expected, found }) }
}

/// Copies a tensor out, in logical row-major order.
///
/// # Errors
/// An unknown name, or `values` of another length than the tensor.
pub fn read_tensor(slots: &[Slot], memory: &[f32], name: &str, values: &mut [f32]) -> Result<(), TensorError> {
    let slot = find(slots, name, values.len())?;
    for (index, value) in values.iter_mut().enumerate() {
        *value = crate::arena::get(memory, slot.offset + slot.layout.place(index));
    }
    Ok(())
}

/// Sets a tensor from logical row-major order; on error nothing is written.
///
/// # Errors
/// An unknown name, `values` of another length than the tensor, or a value that is not finite.
pub fn write_tensor(slots: &[Slot], memory: &mut [f32], name: &str, values: &[f32]) -> Result<(), TensorError> {
    let slot = find(slots, name, values.len())?;
    if let Some(position) = values.iter().position(|value| !value.is_finite()) {
        return Err(TensorError::NotFinite { position });
    }
    for (index, &value) in values.iter().enumerate() {
        crate::arena::put(memory, slot.offset + slot.layout.place(index), value);
    }
    Ok(())
}

/// Sets every tensor to its initial value.
///
/// A value depends on the seed, the name of its tensor and its logical index alone, with the same bits on every target.
pub fn initialise(slots: &[Slot], memory: &mut [f32], seed: u64) {
    for slot in slots {
        let key = initial::key(seed, slot.info.name);
        for index in 0..slot.info.len() {
            let value = initial::value(slot.init, key, index as u64);
            crate::arena::put(memory, slot.offset + slot.layout.place(index), value);
        }
    }
}
