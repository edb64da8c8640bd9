//! Values that lie in memory with a border of zeros around each image, written there by the kernel that makes them, so
//! that convolutions read them without a copy and without looking for edges.

use crate::ir::op::{Movement, Op};
use crate::ir::{Dim, Graph, Shape, Value};
use crate::plan::layout::window_form;
use crate::plan::view::{Axis, View};
use crate::plan::window::Bordered;
use crate::rules::lower::{Work, work};

/// For each value the border that it has where it lies.
pub fn choose(graph: &Graph) -> Vec<Option<Bordered>> {
    let mut borders: Vec<Option<Bordered>> = vec![None; graph.len()];
    for user in graph.values() {
        let Op::Window(window) = graph.op(user) else { continue };
        if !window.kind.reads_padding() {
            continue;
        }
        let wanted = Bordered::of(&window.geometry, window_form(graph, user, window).channels);
        let value = made(graph, graph.operands(user)[0]);
        let shape = &graph.ty(value).shape;
        if wanted.is_bare() || !is_written_by_loops(graph, value) || view(value, shape, &wanted).is_none() {
            continue;
        }
        let known = &mut borders[value.index()];
        *known = match *known {
            None => Some(wanted),
            Some(other) if other.image == wanted.image => Some(other.joined(wanted)),
            other => other,
        };
    }
    borders
}

/// The value of which another one is only a reshape.
fn made(graph: &Graph, mut value: Value) -> Value {
    while matches!(graph.op(value), Op::Movement(Movement::Reshape(_)) | Op::Stop) {
        value = graph.operands(value)[0];
    }
    value
}

/// Whether a kernel makes the value whose stores can leave gaps: an epilogue, or loops over rows that read at least one
/// value.
fn is_written_by_loops(graph: &Graph, value: Value) -> bool {
    match work(graph.op(value)) {
        Work::Contract => graph.ty(value).shape.is_batched(),
        Work::Element => graph.ty(value).shape.is_batched() && reads(graph, value),
        _ => false,
    }
}

/// Whether a value depends on more than constants and positions.
fn reads(graph: &Graph, value: Value) -> bool {
    match work(graph.op(value)) {
        Work::Constant | Work::Generate => false,
        Work::Element | Work::View => graph.operands(value).iter().any(|&operand| reads(graph, operand)),
        Work::Load | Work::Fold | Work::Copy | Work::Contract | Work::Loop => true,
    }
}

/// A value of this shape in a buffer with a border, if strides can say how it lies.
pub fn view(value: Value, shape: &Shape, bordered: &Bordered) -> Option<View> {
    let [height, width, channels] = bordered.image.map(Dim::fixed);
    let batch = *shape.0.first()?;
    let lengths = [batch, height, width, channels];
    let axes = lengths.iter().zip(bordered.strides()).map(|(&length, stride)| Axis { length, stride: stride as isize });
    let whole = View { base: value, offset: bordered.offset() as isize, axes: axes.collect() };
    if shape.elements() != Shape(lengths.to_vec()).elements() {
        return None;
    }
    whole.moved(&Movement::Reshape(shape.clone()), shape)
}
