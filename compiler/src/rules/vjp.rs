//! Vector-Jacobian products: the cotangents of the operands, given the cotangent of the result.
//!
//! A rule reads as its formula over [`Expr`], so that a gradient is an ordinary graph. `None` is a cotangent of zero.

mod contract;
mod movement;
mod scan;
mod walk;
mod window;

pub use scan::widened;
pub use walk::cotangents;

use crate::ir::op::{Binary, Compare, Op, Reduce, Unary};
use crate::ir::{DType, Expr};

/// One cotangent for each operand of `result = op(operands)`.
pub fn vjp<'b>(op: &Op, operands: &[Expr<'b>], result: Expr<'b>, ct: Expr<'b>) -> Vec<Option<Expr<'b>>> {
    match (op, operands) {
        (Op::Unary(kind), &[x]) => vec![unary(*kind, x, result, ct)],
        (Op::Binary(kind), &[a, b]) => binary(*kind, [a, b], result, ct).map(Some).to_vec(),
        (Op::Select, &[mask, _, _]) => {
            let zero = ct.like(0.0);
            vec![None, Some(mask.select(ct, zero)), Some(mask.select(zero, ct))]
        }
        (Op::Reduce(kind, axes), &[x]) => vec![reduce(*kind, axes, x, result, ct)],
        (Op::Movement(kind), operands) => movement::vjp(kind, operands, ct).into_iter().map(Some).collect(),
        (Op::Contract(axes), &[a, b]) => contract::vjp(axes, a, b, ct).map(Some).to_vec(),
        (Op::Window(kind), operands) => window::vjp(kind, operands, ct),
        (Op::Scan(scan), operands) => scan::vjp(scan, operands, &[(scan.result, ct)]),
        (
            Op::Source(_)
            | Op::Unary(_)
            | Op::Binary(_)
            | Op::Compare(_)
            | Op::Select
            | Op::Cast(_)
            | Op::Reduce(..)
            | Op::Contract(_)
            | Op::Random(_)
            | Op::Stop,
            operands,
        ) => vec![None; operands.len()],
    }
}

fn unary<'b>(kind: Unary, x: Expr<'b>, y: Expr<'b>, ct: Expr<'b>) -> Option<Expr<'b>> {
    Some(match kind {
        Unary::Sign | Unary::Floor => return None,
        Unary::Neg => -ct,
        Unary::Abs => ct * x.unary(Unary::Sign),
        Unary::Reciprocal => -(ct * y.square()),
        Unary::Sqrt => ct * 0.5 / y,
        Unary::Rsqrt => ct * -0.5 * y * y.square(),
        Unary::Exp => ct * y,
        Unary::Log => ct / x,
        Unary::Log1p => ct / (1.0 + x),
        Unary::Sin => ct * x.unary(Unary::Cos),
        Unary::Cos => -(ct * x.unary(Unary::Sin)),
        Unary::Tanh => ct * (1.0 - y.square()),
        Unary::Sigmoid => ct * (y * (1.0 - y)),
        Unary::Erf => ct * (std::f64::consts::FRAC_2_SQRT_PI * (-x.square()).unary(Unary::Exp)),
    })
}

fn binary<'b>(kind: Binary, [a, b]: [Expr<'b>; 2], y: Expr<'b>, ct: Expr<'b>) -> [Expr<'b>; 2] {
    match kind {
        Binary::Add => [ct, ct],
        Binary::Sub => [ct, -ct],
        Binary::Mul => [ct * b, ct * a],
        Binary::Div => [ct / b, -(ct / b * y)],
        Binary::Pow => pow([a, b], y, ct),
        // a tie goes to the right, so that relu(0) = max(0, 0) passes nothing on
        Binary::Max => either(y.compare(Compare::Gt, b), ct),
        Binary::Min => either(y.compare(Compare::Lt, b), ct),
    }
}

/// The cotangent to the left where the mask is true, else to the right.
fn either<'b>(left: Expr<'b>, ct: Expr<'b>) -> [Expr<'b>; 2] {
    let zero = ct.like(0.0);
    [left.select(ct, zero), left.select(zero, ct)]
}

/// `b·aᵇ⁻¹` and `aᵇ·ln a`, with their limits where a factor is zero and the other infinite.
fn pow<'b>([a, b]: [Expr<'b>; 2], y: Expr<'b>, ct: Expr<'b>) -> [Expr<'b>; 2] {
    let zero = ct.like(0.0);
    let by_base = b * a.binary(Binary::Pow, b - 1.0);
    let by_exponent = y * a.unary(Unary::Log);
    [
        ct * b.compare(Compare::Eq, zero).select(zero, by_base),
        ct * a.compare(Compare::Gt, zero).select(by_exponent, zero),
    ]
}

fn reduce<'b>(kind: Reduce, axes: &[usize], x: Expr<'b>, y: Expr<'b>, ct: Expr<'b>) -> Option<Expr<'b>> {
    let kept: Vec<usize> = (0..x.shape().rank()).filter(|axis| !axes.contains(axis)).collect();
    let back = |reduced: Expr<'b>| reduced.broadcast(x.shape(), kept.clone());
    match kind {
        Reduce::Sum => Some(back(ct)),
        Reduce::Max | Reduce::Min => {
            let chosen = x.compare(Compare::Eq, back(y)).cast(DType::F32);
            Some(chosen * back(ct / chosen.reduce(Reduce::Sum, axes)))
        }
        Reduce::ArgMax => None,
    }
}
