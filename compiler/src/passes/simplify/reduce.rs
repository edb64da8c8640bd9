//! Reductions of what repeats or moves.

use crate::ir::op::{Movement, Op, Reduce, Source};
use crate::ir::{Dim, Expr, Shape};
use crate::passes::made::Made;

/// Reductions look through movements, and two of one kind are one.
pub(crate) fn of_movement<'b>(op: &Op, operands: &[Expr<'b>]) -> Option<Expr<'b>> {
    let (Op::Reduce(kind @ (Reduce::Sum | Reduce::Max | Reduce::Min), axes), &[operand]) = (op, operands) else {
        return None;
    };
    let shape = operand.shape();
    let short = |axis: &usize| shape.0[*axis] == Dim::fixed(1);
    if axes.iter().any(short) {
        return Some(without_short_axes(*kind, axes, operand));
    }
    match (operand.op(), operand.operands().as_slice()) {
        (Op::Reduce(inner, reduced), &[x]) if inner == *kind => Some(x.reduce(*kind, &merged(&reduced, axes, x))),
        (Op::Movement(Movement::Broadcast { shape: _, axes: places }), &[x]) => {
            of_broadcast(*kind, axes, operand, x, &places)
        }
        (Op::Movement(Movement::Transpose(perm)), &[x]) => Some(of_transposed(*kind, axes, x, &perm)),
        _ => None,
    }
}

/// Σ over an axis of length one is a reshape
fn without_short_axes<'b>(kind: Reduce, axes: &[usize], x: Expr<'b>) -> Expr<'b> {
    let shape = x.shape();
    let (short, long): (Vec<usize>, Vec<usize>) = axes.iter().partition(|&&axis| shape.0[axis] == Dim::fixed(1));
    let kept: Vec<usize> = (0..shape.rank()).filter(|axis| !short.contains(axis)).collect();
    let moved: Vec<usize> = (0..kept.len()).filter(|&position| long.contains(&kept[position])).collect();
    x.reshape(Shape(kept.iter().map(|&axis| shape.0[axis]).collect())).reduce(kind, &moved)
}

/// The axes of `x` that two reductions, one after the other, remove.
fn merged(first: &[usize], second: &[usize], x: Expr<'_>) -> Vec<usize> {
    let left: Vec<usize> = (0..x.shape().rank()).filter(|axis| !first.contains(axis)).collect();
    let mut axes: Vec<usize> = first.iter().copied().chain(second.iter().map(|&axis| left[axis])).collect();
    axes.sort_unstable();
    axes
}

/// Σ broadcast x = n · Σ x over the axes that x has, n the times that it repeats; max broadcast x = max x
fn of_broadcast<'b>(
    kind: Reduce,
    axes: &[usize],
    operand: Expr<'b>,
    x: Expr<'b>,
    places: &[usize],
) -> Option<Expr<'b>> {
    let (owned, repeated): (Vec<usize>, Vec<usize>) = axes.iter().partition(|axis| places.contains(axis));
    if repeated.is_empty() {
        return None;
    }
    let shape = operand.shape();
    let kept: Vec<usize> = (0..shape.rank()).filter(|axis| !axes.contains(axis)).collect();
    let reduced: Vec<usize> = (0..places.len()).filter(|&own| owned.contains(&places[own])).collect();
    let mut small = x.reduce(kind, &reduced);
    if kind == Reduce::Sum {
        small = repeated.iter().fold(small, |sum, &axis| times(sum, shape.0[axis]));
    }
    let remaining = places.iter().filter(|place| !owned.contains(place));
    let places = remaining.filter_map(|place| kept.iter().position(|axis| axis == place)).collect();
    Some(small.broadcast(Shape(kept.iter().map(|&axis| shape.0[axis]).collect()), places))
}

/// As many times the sum as an axis is long.
pub(super) fn times(sum: Expr<'_>, dim: Dim) -> Expr<'_> {
    let sum = sum * sum.like(dim.size as f64);
    if dim.batched { sum * sum.builder.source(Source::RowCount).broadcast_like(sum) } else { sum }
}

/// Σ transpose x = transpose Σ x
fn of_transposed<'b>(kind: Reduce, axes: &[usize], x: Expr<'b>, perm: &[usize]) -> Expr<'b> {
    let mut own: Vec<usize> = axes.iter().map(|&axis| perm[axis]).collect();
    own.sort_unstable();
    let left: Vec<usize> = (0..perm.len()).filter(|axis| !own.contains(axis)).collect();
    let remaining = perm.iter().filter(|axis| !own.contains(axis));
    let order: Vec<usize> = remaining.filter_map(|axis| left.iter().position(|known| known == axis)).collect();
    x.reduce(kind, &own).transpose(&order)
}
