//! Movements are linear; their cotangents are their adjoints.

use crate::ir::op::{Movement, Real, Reduce};
use crate::ir::{Expr, Shape};

/// One cotangent for each operand.
pub(super) fn vjp<'b>(movement: &Movement, operands: &[Expr<'b>], ct: Expr<'b>) -> Vec<Expr<'b>> {
    operands.iter().scan(0, |start, &operand| Some(adjoint(movement, &operand.shape(), start, ct))).collect()
}

/// The cotangent of an operand of this shape; `start` is where it begins in a concatenation.
fn adjoint<'b>(movement: &Movement, shape: &Shape, start: &mut usize, ct: Expr<'b>) -> Expr<'b> {
    match movement {
        Movement::Reshape(_) => ct.reshape(shape.clone()),
        Movement::Transpose(perm) => ct.transpose(&inverse(perm)),
        Movement::Broadcast { shape: to, axes } => {
            let repeated: Vec<usize> = (0..to.rank()).filter(|axis| !axes.contains(axis)).collect();
            ct.reduce(Reduce::Sum, &repeated)
        }
        Movement::Slice { starts, lengths, steps } => ct.movement(unslice(shape, starts, lengths, steps)),
        Movement::Pad { low, high: _, interior, value: _ } => ct.movement(Movement::Slice {
            starts: low.clone(),
            lengths: sizes(shape),
            steps: interior.iter().map(|between| between + 1).collect(),
        }),
        Movement::Concat(axis) => {
            let mut starts = vec![0; shape.rank()];
            starts[*axis] = *start;
            *start += shape.0[*axis].size;
            ct.movement(Movement::Slice { starts, lengths: sizes(shape), steps: vec![1; shape.rank()] })
        }
        Movement::Reverse(axes) => ct.movement(Movement::Reverse(axes.clone())),
    }
}

fn inverse(perm: &[usize]) -> Vec<usize> {
    let mut inverse = vec![0; perm.len()];
    for (to, &from) in perm.iter().enumerate() {
        inverse[from] = to;
    }
    inverse
}

/// Puts the elements of a slice back among zeros.
fn unslice(shape: &Shape, starts: &[usize], lengths: &[usize], steps: &[usize]) -> Movement {
    let behind = |axis: usize| shape.0[axis].size - (starts[axis] + (lengths[axis] - 1) * steps[axis] + 1);
    Movement::Pad {
        low: starts.to_vec(),
        high: (0..shape.rank()).map(behind).collect(),
        interior: steps.iter().map(|step| step - 1).collect(),
        value: Real::new(0.0),
    }
}

fn sizes(shape: &Shape) -> Vec<usize> {
    shape.0.iter().map(|dim| dim.size).collect()
}
