//! Dense layers and products of matrices.

use crate::ir::op::Contract;
use crate::ir::{Expr, Fault, Shape};

/// y = x·Wᵀ on the last axis, with W `[out, in]`
pub fn dense<'b>(x: Expr<'b>, weight: Expr<'b>) -> Expr<'b> {
    let last = x.shape().rank().saturating_sub(1);
    x.contract(weight, Contract { batch: Vec::new(), contract: vec![(last, 1)] })
}

/// The product of matrices in the last two axes; the axes in front are broadcast as NumPy does.
pub fn matmul<'b>(a: Expr<'b>, b: Expr<'b>) -> Expr<'b> {
    let (x, y) = (a.shape(), b.shape());
    let lead = |shape: &Shape| Shape(shape.0[..shape.rank() - 2].to_vec());
    if x.rank() < 2 || y.rank() < 2 {
        a.builder.report(Fault(format!("{} and {} are not both matrices", a.ty().written(), b.ty().written())));
        return a;
    }
    if y.rank() == 2 {
        return a.contract(b, Contract { batch: Vec::new(), contract: vec![(x.rank() - 1, 0)] });
    }
    let Some(common) = crate::ir::build::common_shape(&lead(&x), &lead(&y)) else {
        a.builder.report(Fault(format!(
            "{} and {} differ in front of the matrices",
            a.ty().written(),
            b.ty().written()
        )));
        return a;
    };
    let (a, b) = (lead_to(a, &common), lead_to(b, &common));
    let rank = common.rank();
    let batch = (0..rank).map(|axis| (axis, axis)).collect();
    a.contract(b, Contract { batch, contract: vec![(rank + 1, rank)] })
}

/// Broadcasts the axes in front of the last two.
fn lead_to<'b>(x: Expr<'b>, lead: &Shape) -> Expr<'b> {
    let shape = x.shape();
    let matrix = &shape.0[shape.rank() - 2..];
    let target = Shape(lead.0.iter().chain(matrix).copied().collect());
    if shape == target {
        return x;
    }
    let batched = usize::from(shape.is_batched());
    let offset = target.rank() - shape.rank();
    let mut kept = Vec::new();
    let mut axes = Vec::new();
    for (axis, dim) in shape.0.iter().enumerate() {
        let place = if axis < batched { axis } else { axis + offset };
        if *dim == target.0[place] {
            kept.push(*dim);
            axes.push(place);
        }
    }
    x.reshape(Shape(kept)).broadcast(target, axes)
}

/// A sum of products by the letters of its axes: `bqd,bkd->bqk`, of axes without repetition in one operand.
pub fn einsum<'b>(a: (Expr<'b>, &[char]), b: (Expr<'b>, &[char]), result: &[char]) -> Expr<'b> {
    let summed = |(x, letters): (Expr<'b>, &[char]), other: &[char]| {
        let alone = |letter: &char| !other.contains(letter) && !result.contains(letter);
        let axes: Vec<usize> = (0..letters.len()).filter(|axis| alone(&letters[*axis])).collect();
        let kept: Vec<char> = letters.iter().copied().filter(|letter| !alone(letter)).collect();
        (x.reduce(crate::ir::op::Reduce::Sum, &axes), kept)
    };
    let ((x, left), (y, right)) = (summed(a, b.1), summed(b, a.1));
    let mut contract = Contract::default();
    let mut order: Vec<char> = Vec::new();
    for (i, letter) in left.iter().enumerate() {
        let Some(j) = right.iter().position(|other| other == letter) else { continue };
        if result.contains(letter) {
            contract.batch.push((i, j));
            order.push(*letter);
        } else {
            contract.contract.push((i, j));
        }
    }
    order.extend(left.iter().filter(|letter| !right.contains(letter)));
    order.extend(right.iter().filter(|letter| !left.contains(letter)));
    let product = x.contract(y, contract);
    let perm: Option<Vec<usize>> = result.iter().map(|letter| order.iter().position(|other| other == letter)).collect();
    match perm {
        Some(perm) if perm.len() == product.shape().rank() => product.transpose(&perm),
        _ => product,
    }
}
