//! Scratch memory of the runtime's kernels for windows: must match `graven_runtime::Window`, which a test compares.

use crate::ir::window::{Geometry, WindowKind};
use crate::plan::window::{Filters, WindowForm};

/// Columns of a whole panel.
const PANEL: usize = 32;
/// Floats of a band of padded rows that stays in a near cache, where a row is not longer.
const BAND: usize = 16_384;

/// Floats that the kernel of a window works with, beside its operands.
pub fn floats(form: &WindowForm) -> usize {
    let geometry = &form.window.geometry;
    let depthwise = form.order().is_some_and(Filters::is_depthwise);
    match (form.window.kind, form.order()) {
        (WindowKind::ConvolutionByInput { .. }, Some(order)) if depthwise => {
            order.len() + band(geometry, order.filters)
        }
        (WindowKind::ConvolutionByInput { .. }, Some(order)) => {
            let filters = order.filters / order.groups;
            order.taps * filters * order.own.min(PANEL) + band(geometry, filters)
        }
        (WindowKind::ConvolutionByFilter { .. }, Some(order)) if depthwise => order.len(),
        (WindowKind::MaxByInput, _) => geometry.extent(0) * geometry.input[1] * form.channels,
        _ => 0,
    }
}

/// Floats of a band of cotangents with zeros around, of `pixel` floats a pixel: as many rows as stay near.
fn band(geometry: &Geometry, pixel: usize) -> usize {
    let row = sources(geometry, 1) * pixel;
    let least = (geometry.extent(0) - 1) / geometry.stride[0] + 1;
    let near = BAND.checked_div(row).unwrap_or(0);
    near.max(least).min(sources(geometry, 0)) * row
}

/// Results, outside or not, that the pixels of an axis went into.
fn sources(geometry: &Geometry, axis: usize) -> usize {
    let stride = geometry.stride[axis];
    let last = (geometry.input[axis] - 1 + geometry.low[axis]) / stride;
    let reach = geometry.extent(axis) as isize - 1;
    let first = -(reach - geometry.low[axis] as isize).div_euclid(stride as isize);
    usize::try_from(last as isize - first + 1).unwrap_or(0)
}
