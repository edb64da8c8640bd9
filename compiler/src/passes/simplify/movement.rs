//! Movements of movements.

use crate::ir::op::{Movement, Op};
use crate::ir::{Dim, Expr, Shape};
use crate::passes::made::Made;

/// Two movements of one kind are one, and none if nothing moves.
pub(crate) fn combined<'b>(op: &Op, operands: &[Expr<'b>]) -> Option<Expr<'b>> {
    let (Op::Movement(outer), &[operand]) = (op, operands) else {
        return None;
    };
    if is_identity(outer, &operand.shape()) {
        return Some(operand);
    }
    let (x, inner) = operand.as_movement()?;
    match (outer, inner) {
        (Movement::Reshape(shape), Movement::Reshape(_)) => Some(x.reshape(shape.clone())),
        (Movement::Transpose(outer), Movement::Transpose(inner)) => {
            Some(x.transpose(&outer.iter().map(|&axis| inner[axis]).collect::<Vec<_>>()))
        }
        (Movement::Broadcast { shape, axes: outer }, Movement::Broadcast { shape: _, axes: inner }) => {
            Some(x.broadcast(shape.clone(), inner.iter().map(|&axis| outer[axis]).collect()))
        }
        (Movement::Reverse(outer), Movement::Reverse(inner)) if *outer == inner => Some(x),
        _ => None,
    }
}

fn is_identity(movement: &Movement, shape: &Shape) -> bool {
    match movement {
        Movement::Reshape(to) | Movement::Broadcast { shape: to, .. } => to == shape,
        Movement::Transpose(perm) => perm.iter().copied().eq(0..perm.len()),
        // a slice takes at least one element, so of one size it takes all
        Movement::Slice { lengths, .. } => lengths.iter().copied().eq(shape.0.iter().map(|dim| dim.size)),
        Movement::Pad { low, high, interior, .. } => [low, high, interior].into_iter().flatten().all(|&n| n == 0),
        Movement::Concat(_) => true,
        Movement::Reverse(axes) => axes.iter().all(|&axis| shape.0[axis].size == 1),
    }
}

/// reshape(broadcast x) = broadcast(reshape x), where only axes of length one come or go
pub(crate) fn reshaped_broadcast<'b>(op: &Op, operands: &[Expr<'b>]) -> Option<Expr<'b>> {
    let (Op::Movement(Movement::Reshape(to)), &[operand]) = (op, operands) else {
        return None;
    };
    let (x, Movement::Broadcast { shape: from, axes }) = operand.as_movement()? else {
        return None;
    };
    let (long_from, long_to) = (long_axes(&from), long_axes(to));
    let lengths = |shape: &Shape, axes: &[usize]| axes.iter().map(|&axis| shape.0[axis]).collect::<Vec<_>>();
    if x.shape().rank() > 0 && lengths(&from, &long_from) != lengths(to, &long_to) {
        return None;
    }
    let kept = long_axes(&x.shape());
    let place = |&axis: &usize| long_from.iter().position(|&long| long == axes[axis]).map(|position| long_to[position]);
    let places = kept.iter().map(place).collect::<Option<Vec<_>>>()?;
    Some(x.reshape(Shape(lengths(&x.shape(), &kept))).broadcast(to.clone(), places))
}

fn long_axes(shape: &Shape) -> Vec<usize> {
    (0..shape.rank()).filter(|&axis| shape.0[axis] != Dim::fixed(1)).collect()
}

/// transpose(broadcast x) = broadcast(transpose x)
pub(crate) fn transposed_broadcast<'b>(op: &Op, operands: &[Expr<'b>]) -> Option<Expr<'b>> {
    let (Op::Movement(Movement::Transpose(perm)), &[operand]) = (op, operands) else {
        return None;
    };
    let (x, Movement::Broadcast { shape, axes }) = operand.as_movement()? else {
        return None;
    };
    let place = |axis: usize| perm.iter().position(|&from| from == axis);
    let mut places: Vec<(usize, usize)> =
        axes.iter().enumerate().filter_map(|(own, &axis)| Some((place(axis)?, own))).collect();
    places.sort_unstable();
    let (places, order): (Vec<usize>, Vec<usize>) = places.into_iter().unzip();
    let to = Shape(perm.iter().map(|&axis| shape.0[axis]).collect());
    Some(x.transpose(&order).broadcast(to, places))
}
