//! Transposes around contractions.

use crate::ir::Expr;
use crate::ir::op::{Contract, Movement, Op};
use crate::passes::made::Made;

/// (xᵀ)·y = x·y over other axes, if the free axes stay in order; (a·b)ᵀ = b·a
pub(crate) fn of_transposed<'b>(op: &Op, operands: &[Expr<'b>]) -> Option<Expr<'b>> {
    match (op, operands) {
        (Op::Contract(axes), &[a, b]) => {
            let pairs = |axes: &Contract| (axes.batch.clone(), axes.contract.clone());
            let (batch, contract) = pairs(axes);
            if let Some((x, batch, contract)) = absorbed(a, &batch, &contract) {
                return Some(x.contract(b, Contract { batch, contract }));
            }
            let (y, batch, contract) = absorbed(b, &mirror(&batch), &mirror(&contract))?;
            Some(a.contract(y, Contract { batch: mirror(&batch), contract: mirror(&contract) }))
        }
        (Op::Movement(Movement::Transpose(perm)), &[product]) => exchanged(perm, product),
        _ => None,
    }
}

type Pairs = Vec<(usize, usize)>;

fn mirror(pairs: &[(usize, usize)]) -> Pairs {
    pairs.iter().map(|&(a, b)| (b, a)).collect()
}

/// The operand before it was transposed, with the pairs it is in.
fn absorbed<'b>(x: Expr<'b>, batch: &Pairs, contract: &Pairs) -> Option<(Expr<'b>, Pairs, Pairs)> {
    let (inner, Movement::Transpose(perm)) = x.as_movement()? else {
        return None;
    };
    let paired = |axis: &usize| batch.iter().chain(contract).any(|pair| pair.0 == *axis);
    let free = (0..perm.len()).filter(|axis| !paired(axis)).map(|axis| perm[axis]);
    if !free.is_sorted() {
        return None;
    }
    let back = |pairs: &Pairs| pairs.iter().map(|&(own, other)| (perm[own], other)).collect();
    Some((inner, back(batch), back(contract)))
}

/// The product with its operands exchanged, if that puts the axes in order.
fn exchanged<'b>(perm: &[usize], product: Expr<'b>) -> Option<Expr<'b>> {
    let (Op::Contract(axes), &[a, b]) = (product.op(), product.operands().as_slice()) else {
        return None;
    };
    let n_batch = axes.batch.len();
    let n_left = a.shape().rank() - n_batch - axes.contract.len();
    let exchanged = (0..n_batch).chain(n_batch + n_left..perm.len()).chain(n_batch..n_batch + n_left);
    if !perm.iter().copied().eq(exchanged) {
        return None;
    }
    Some(b.contract(a, Contract { batch: mirror(&axes.batch), contract: mirror(&axes.contract) }))
}
