//! The cotangents of a contraction are contractions.

use crate::ir::Expr;
use crate::ir::op::Contract;

/// The cotangents of the left and the right operand.
pub(super) fn vjp<'b>(axes: &Contract, left: Expr<'b>, right: Expr<'b>, ct: Expr<'b>) -> [Expr<'b>; 2] {
    let mirrored = Contract { batch: mirror(&axes.batch), contract: mirror(&axes.contract) };
    let n_batch = axes.batch.len();
    let n_left = left.shape().rank() - n_batch - axes.contract.len();
    [
        one_side(axes, left, right, ct, [n_batch, n_batch + n_left]),
        one_side(&mirrored, right, left, ct, [n_batch + n_left, n_batch]),
    ]
}

fn mirror(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    pairs.iter().map(|&(a, b)| (b, a)).collect()
}

/// The cotangent of `this`, where axes of the cotangent from `first_this` are the free ones of `this` and from
/// `first_other` those of `other`: contract over the latter, then put the axes in the order of `this`.
fn one_side<'b>(
    axes: &Contract,
    this: Expr<'b>,
    other: Expr<'b>,
    ct: Expr<'b>,
    [first_this, first_other]: [usize; 2],
) -> Expr<'b> {
    let free_this = free(this, axes.batch.iter().chain(&axes.contract).map(|pair| pair.0));
    let free_other = free(other, axes.batch.iter().chain(&axes.contract).map(|pair| pair.1));
    let paired = Contract {
        batch: axes.batch.iter().enumerate().map(|(position, pair)| (position, pair.1)).collect(),
        contract: free_other.iter().enumerate().map(|(position, &axis)| (first_other + position, axis)).collect(),
    };
    debug_assert!(first_this + free_this.len() <= ct.shape().rank(), "free axes of the cotangent");
    let mut summed: Vec<(usize, usize)> = axes.contract.iter().map(|&(axis, other)| (other, axis)).collect();
    summed.sort_unstable();
    let summed: Vec<usize> = summed.into_iter().map(|(_, axis)| axis).collect();
    let batch = axes.batch.iter().map(|pair| pair.0);
    // a batched axis of the result must come first, so its owner goes to the left
    let batch_from_other = axes.contract.iter().any(|pair| this.shape().0[pair.0].batched);
    let (product, order): (Expr<'b>, Vec<usize>) = if batch_from_other {
        let paired = Contract { batch: mirror(&paired.batch), contract: mirror(&paired.contract) };
        (other.contract(ct, paired), batch.chain(summed).chain(free_this).collect())
    } else {
        (ct.contract(other, paired), batch.chain(free_this).chain(summed).collect())
    };
    let place = |axis: usize| order.iter().position(|&known| known == axis).unwrap_or(axis);
    product.transpose(&(0..order.len()).map(place).collect::<Vec<_>>())
}

/// The axes of an operand that are not paired, ascending.
fn free(operand: Expr<'_>, paired: impl Iterator<Item = usize>) -> Vec<usize> {
    let paired: Vec<usize> = paired.collect();
    (0..operand.shape().rank()).filter(|axis| !paired.contains(axis)).collect()
}
