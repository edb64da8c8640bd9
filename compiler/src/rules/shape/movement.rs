//! Type rules of movements: the element kind stays, the batch stays first.

use super::{check_axes, fault, one, real, size};
use crate::ir::op::Movement;
use crate::ir::{Dim, Fault, Shape, Type};

/// The type of the moved operands.
pub(super) fn infer(movement: &Movement, operands: &[&Type]) -> Result<Type, Fault> {
    if let Movement::Concat(axis) = movement {
        return concat(*axis, operands);
    }
    let operand = one(operands)?;
    let shape = match movement {
        Movement::Reshape(shape) => reshape(shape, operand),
        Movement::Transpose(perm) => transpose(perm, operand),
        Movement::Broadcast { shape, axes } => broadcast(shape, axes, operand),
        Movement::Slice { starts, lengths, steps } => slice(starts, lengths, steps, operand),
        Movement::Pad { low, high, interior, value: _ } => pad(low, high, interior, operand),
        Movement::Concat(_) => Ok(operand.shape.clone()),
        Movement::Reverse(axes) => reverse(axes, operand),
    }?;
    Ok(Type { dtype: operand.dtype, shape })
}

fn reshape(to: &Shape, from: &Type) -> Result<Shape, Fault> {
    let elements = to.0.iter().try_fold(1_usize, |product, dim| product.checked_mul(dim.size));
    if elements == Some(from.shape.elements().size) && to.elements().batched == from.shape.is_batched() {
        Ok(to.clone())
    } else {
        let to = Type { dtype: from.dtype, shape: to.clone() };
        fault(format!("{} does not reshape to {}", from.written(), to.written()))
    }
}

fn transpose(perm: &[usize], from: &Type) -> Result<Shape, Fault> {
    let mut sorted = perm.to_vec();
    sorted.sort_unstable();
    if sorted.into_iter().eq(0..from.shape.rank()) {
        Ok(Shape(perm.iter().map(|&axis| from.shape.0[axis]).collect()))
    } else {
        fault(format!("{perm:?} does not permute the axes of {from}"))
    }
}

fn broadcast(to: &Shape, axes: &[usize], from: &Type) -> Result<Shape, Fault> {
    let target = Type { dtype: from.dtype, shape: to.clone() };
    check_axes(axes, &target)?;
    if axes.iter().map(|&axis| to.0[axis]).eq(from.shape.0.iter().copied()) {
        Ok(to.clone())
    } else {
        fault(format!("{} does not broadcast to {}", from.written(), target.written()))
    }
}

fn slice(starts: &[usize], lengths: &[usize], steps: &[usize], from: &Type) -> Result<Shape, Fault> {
    check_counts(&[starts, lengths, steps], from)?;
    for (axis, dim) in from.shape.0.iter().enumerate() {
        let (start, length, step) = (starts[axis], lengths[axis], steps[axis]);
        if dim.batched && (start, length, step) != (0, dim.size, 1) {
            return fault(format!("the batch of {from} cannot be sliced"));
        }
        let last = length.checked_sub(1).and_then(|steps| steps.checked_mul(step)?.checked_add(start));
        if step == 0 || last.is_none_or(|last| last >= dim.size) {
            return fault(format!("{length} elements from {start} are not within axis {axis} of {}", from.written()));
        }
    }
    Ok(Shape(with_sizes(&from.shape, lengths)))
}

fn pad(low: &[usize], high: &[usize], interior: &[usize], from: &Type) -> Result<Shape, Fault> {
    real(from)?;
    check_counts(&[low, high, interior], from)?;
    let mut sizes = Vec::new();
    for (axis, dim) in from.shape.0.iter().enumerate() {
        if dim.batched && (low[axis], high[axis], interior[axis]) != (0, 0, 0) {
            return fault(format!("the batch of {from} cannot be padded"));
        }
        let between = dim.size.saturating_sub(1).checked_mul(interior[axis]);
        let padded = between.and_then(|n| n.checked_add(dim.size)?.checked_add(low[axis])?.checked_add(high[axis]));
        match padded {
            Some(size) => sizes.push(size),
            None => return fault(format!("padded {} has too many elements", from.written())),
        }
    }
    Ok(Shape(with_sizes(&from.shape, &sizes)))
}

fn concat(axis: usize, operands: &[&Type]) -> Result<Type, Fault> {
    let Some((first, rest)) = operands.split_first() else {
        return fault("nothing to concatenate".to_owned());
    };
    check_axes(&[axis], first)?;
    if size(&first.shape, axis).batched {
        return fault(format!("the batch of {first} cannot be concatenated"));
    }
    let mut total = first.shape.0[axis].size;
    for other in rest {
        if !concatenates(axis, first, other) {
            return fault(format!("{} and {} differ in more than the axis joined", first.written(), other.written()));
        }
        total = total.saturating_add(other.shape.0[axis].size);
    }
    let mut shape = first.shape.clone();
    shape.0[axis] = Dim::fixed(total);
    Ok(Type { dtype: first.dtype, shape })
}

/// Whether two types differ at most in the length of an axis.
fn concatenates(axis: usize, a: &Type, b: &Type) -> bool {
    let equal = |other: usize| match (a.shape.0[other], b.shape.0[other]) {
        (x, y) if other == axis => x.batched == y.batched,
        (x, y) => x == y,
    };
    a.dtype == b.dtype && a.shape.rank() == b.shape.rank() && (0..a.shape.rank()).all(equal)
}

fn reverse(axes: &[usize], from: &Type) -> Result<Shape, Fault> {
    check_axes(axes, from)?;
    match axes.iter().find(|&&axis| size(&from.shape, axis).batched) {
        Some(_) => fault(format!("the batch of {from} cannot be reversed")),
        None => Ok(from.shape.clone()),
    }
}

/// There is one number for each axis.
fn check_counts(numbers: &[&[usize]], ty: &Type) -> Result<(), Fault> {
    match numbers.iter().find(|numbers| numbers.len() != ty.shape.rank()) {
        Some(numbers) => fault(format!("{} numbers for the {} axes of {ty}", numbers.len(), ty.shape.rank())),
        None => Ok(()),
    }
}

fn with_sizes(shape: &Shape, sizes: &[usize]) -> Vec<Dim> {
    shape.0.iter().zip(sizes).map(|(dim, &size)| Dim { size, batched: dim.batched }).collect()
}
