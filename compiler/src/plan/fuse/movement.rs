//! Movement that no reader could take into its addressing: strided copies.

use crate::ir::op::{Movement, Op};
use crate::ir::{Dim, Shape, Value};
use crate::plan::fuse::lower::Lowering;
use crate::plan::kernel::{BufferId, CopyAxis, CopyKernel, Kernel};
use crate::plan::view::View;

/// Copies the elements of a view, in order, to strides of the destination.
pub fn copy(view: &View, from: BufferId, to: BufferId, to_offset: usize, strides: &[usize]) -> Kernel {
    let mut axes: Vec<CopyAxis> = Vec::new();
    let lengths = view.axes.iter().zip(strides).filter(|(axis, _)| axis.length != Dim::fixed(1));
    for (axis, &to) in lengths {
        let inner = CopyAxis { length: axis.length, from: axis.stride, to };
        match axes.last_mut() {
            Some(outer) if is_contiguous(outer, inner) => {
                *outer = CopyAxis { length: outer.length.times(inner.length), ..inner };
            }
            _ => axes.push(inner),
        }
    }
    Kernel::Copy(CopyKernel { from, from_offset: view.offset.unsigned_abs(), to, to_offset, axes })
}

fn is_contiguous(outer: &CopyAxis, inner: CopyAxis) -> bool {
    let length = inner.length.size;
    outer.from == inner.from * length as isize && outer.to == inner.to * length
}

impl Lowering<'_, '_> {
    /// The kernels of a movement that is not a view.
    pub(super) fn movement(&mut self, value: Value) -> Vec<Kernel> {
        let facts = self.facts;
        let shape = facts.shape(value).clone();
        let to = self.buffer(value);
        let operands = facts.graph.operands(value);
        match facts.graph.op(value) {
            Op::Movement(Movement::Concat(axis)) => self.concat(operands, *axis, &shape, to),
            Op::Movement(Movement::Pad { low, interior, value, .. }) => {
                let view = facts.view(operands[0]).clone();
                let strides = shape.strides();
                let offset = low.iter().zip(&strides).map(|(low, stride)| low * stride).sum();
                let steps: Vec<usize> =
                    strides.iter().zip(interior).map(|(stride, interior)| stride * (interior + 1)).collect();
                let from = self.buffer(view.base);
                vec![Kernel::Fill { buffer: to, value: *value }, copy(&view, from, to, offset, &steps)]
            }
            Op::Movement(movement) => {
                let from = facts.view(operands[0]);
                let view = from.moved(movement, &shape);
                let view = view.unwrap_or_else(|| from.clone());
                let strides = strides_of(&view);
                vec![copy(&view, self.buffer(view.base), to, 0, &strides)]
            }
            _ => {
                let view = facts.view(operands[0]).clone();
                let strides = strides_of(&view);
                vec![copy(&view, self.buffer(view.base), to, 0, &strides)]
            }
        }
    }

    fn concat(&mut self, operands: &[Value], axis: usize, shape: &Shape, to: BufferId) -> Vec<Kernel> {
        let strides = shape.strides();
        let mut offset = 0;
        let mut kernels = Vec::new();
        for &operand in operands {
            let view = self.facts.view(operand).clone();
            let from = self.buffer(view.base);
            kernels.push(copy(&view, from, to, offset, &strides));
            offset += self.facts.shape(operand).0[axis].size * strides[axis];
        }
        kernels
    }
}

/// Row-major strides of a view's own shape.
pub fn strides_of(view: &View) -> Vec<usize> {
    Shape(view.axes.iter().map(|axis| axis.length).collect()).strides()
}
