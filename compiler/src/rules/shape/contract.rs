//! The type rule of contractions.

use super::{fault, real, two};
use crate::ir::op::Contract;
use crate::ir::{Fault, Shape, Type};

/// The batch axes, then the free axes of the left, then those of the right.
pub(super) fn infer(axes: &Contract, operands: &[&Type]) -> Result<Type, Fault> {
    let (left, right) = two(operands)?;
    let (left, right) = (real(left)?, real(right)?);
    let pairs: Vec<(usize, usize)> = axes.batch.iter().chain(&axes.contract).copied().collect();
    check_pairs(&pairs, left, right)?;
    let batch = axes.batch.iter().map(|&(axis, _)| left.shape.0[axis]);
    let free_left = free(&left.shape, pairs.iter().map(|pair| pair.0).collect());
    let free_right = free(&right.shape, pairs.iter().map(|pair| pair.1).collect());
    let dim = |shape: &Shape, axes: Vec<usize>| axes.into_iter().map(|axis| shape.0[axis]).collect::<Vec<_>>();
    Ok(Type::f32(Shape(batch.chain(dim(&left.shape, free_left)).chain(dim(&right.shape, free_right)).collect())))
}

/// The axes that are not paired, ascending.
fn free(shape: &Shape, paired: Vec<usize>) -> Vec<usize> {
    (0..shape.rank()).filter(|axis| !paired.contains(axis)).collect()
}

/// Paired axes exist, are paired once, and are equal.
fn check_pairs(pairs: &[(usize, usize)], left: &Type, right: &Type) -> Result<(), Fault> {
    for (position, &(a, b)) in pairs.iter().enumerate() {
        let (Some(x), Some(y)) = (left.shape.0.get(a), right.shape.0.get(b)) else {
            return fault(format!("{left} and {right} have no axes {a} and {b}"));
        };
        if x != y {
            return fault(format!(
                "{} and {} cannot be multiplied: {x} and {y} differ",
                left.written(),
                right.written()
            ));
        }
        if pairs[..position].iter().any(|pair| pair.0 == a || pair.1 == b) {
            return fault(format!("axes {a} and {b} are paired twice"));
        }
    }
    Ok(())
}
