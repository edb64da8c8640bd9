//! Elements in other places.

use ndarray::{ArrayD, Axis, IxDyn, Slice, concatenate};

use crate::ir::Shape;
use crate::ir::op::Movement;

/// The moved arrays; `shape` is the result's.
pub(super) fn eval(movement: &Movement, operands: &[&ArrayD<f64>], shape: &Shape, rows: usize) -> ArrayD<f64> {
    let operand = operands[0];
    match movement {
        Movement::Reshape(_) => {
            let standard = operand.as_standard_layout().into_owned();
            standard.into_shape_with_order(IxDyn(&shape.at(rows))).expect("the type rule keeps the elements")
        }
        Movement::Transpose(perm) => operand.view().permuted_axes(IxDyn(perm)).as_standard_layout().into_owned(),
        Movement::Broadcast { shape: _, axes } => broadcast(operand, axes, &shape.at(rows)),
        Movement::Slice { starts, lengths, steps } => {
            let mut sliced = operand.view();
            for axis in usize::from(shape.is_batched())..shape.rank() {
                sliced.slice_axis_inplace(Axis(axis), every(starts[axis], lengths[axis], steps[axis]));
            }
            sliced.as_standard_layout().into_owned()
        }
        Movement::Pad { low, high: _, interior, value } => {
            let mut padded = ArrayD::from_elem(IxDyn(&shape.at(rows)), value.get());
            let mut inner = padded.view_mut();
            for axis in 0..shape.rank() {
                inner.slice_axis_inplace(Axis(axis), every(low[axis], operand.shape()[axis], interior[axis] + 1));
            }
            inner.assign(operand);
            padded
        }
        Movement::Concat(axis) => {
            let views: Vec<_> = operands.iter().map(|operand| operand.view()).collect();
            concatenate(Axis(*axis), &views).expect("the type rule makes the other axes equal")
        }
        Movement::Reverse(axes) => {
            let mut reversed = operand.view();
            axes.iter().for_each(|&axis| reversed.invert_axis(Axis(axis)));
            reversed.as_standard_layout().into_owned()
        }
    }
}

fn every(start: usize, length: usize, step: usize) -> Slice {
    let end = start + length.saturating_sub(1) * step + usize::from(length > 0);
    Slice { start: start as isize, end: Some(end as isize), step: step as isize }
}

fn broadcast(operand: &ArrayD<f64>, axes: &[usize], to: &[usize]) -> ArrayD<f64> {
    let mut aligned = vec![1; to.len()];
    axes.iter().zip(operand.shape()).for_each(|(&axis, &length)| aligned[axis] = length);
    let standard = operand.as_standard_layout().into_owned();
    let aligned = standard.into_shape_with_order(IxDyn(&aligned)).expect("axes of length one add no elements");
    aligned.broadcast(IxDyn(to)).expect("the type rule makes the axes equal").to_owned()
}
