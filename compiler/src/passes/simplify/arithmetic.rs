//! Functions of one element; constants are on the right already.

use crate::ir::Expr;
use crate::ir::op::{Binary, Op, Unary};
use crate::passes::made::Made;

/// x + 0 = x, x − 0 = x, x·1 = x, x/1 = x, x·(−1) = −x, 0 − x = −x (but for the sign of zero)
pub(crate) fn neutral<'b>(op: &Op, operands: &[Expr<'b>]) -> Option<Expr<'b>> {
    let (Op::Binary(kind), &[a, b]) = (op, operands) else {
        return None;
    };
    match (kind, a.constant(), b.constant()) {
        (Binary::Add | Binary::Sub, _, Some(0.0)) | (Binary::Mul | Binary::Div, _, Some(1.0)) => Some(a),
        (Binary::Mul | Binary::Div, _, Some(-1.0)) => Some(-a),
        (Binary::Sub, Some(0.0), _) => Some(-b),
        _ => None,
    }
}

/// −(−x) = x, −(a − b) = b − a, a + (−b) = a − b, (−a) + b = b − a, a − (−b) = a + b
pub(crate) fn negation<'b>(op: &Op, operands: &[Expr<'b>]) -> Option<Expr<'b>> {
    match (op, operands) {
        (Op::Unary(Unary::Neg), &[x]) => {
            let difference = || x.as_binary(Binary::Sub).map(|(a, b)| b - a);
            x.as_unary(Unary::Neg).or_else(difference)
        }
        (Op::Binary(Binary::Add), &[a, b]) => {
            let left = || a.as_unary(Unary::Neg).map(|a| b - a);
            b.as_unary(Unary::Neg).map(|b| a - b).or_else(left)
        }
        (Op::Binary(Binary::Sub), &[a, b]) => b.as_unary(Unary::Neg).map(|b| a + b),
        _ => None,
    }
}

/// x⁰ = 1, x¹ = x, x² = x·x, x³ = x·x·x, x^½ = √x (but for −0 and −∞), x⁻¹ = 1/x, x^−½ = 1/√x
pub(crate) fn power<'b>(op: &Op, operands: &[Expr<'b>]) -> Option<Expr<'b>> {
    let (Op::Binary(Binary::Pow), &[x, exponent]) = (op, operands) else {
        return None;
    };
    match exponent.constant()? {
        0.0 => Some(x.like(1.0)),
        1.0 => Some(x),
        2.0 => Some(x.square()),
        3.0 => Some(x.square() * x),
        0.5 => Some(x.unary(Unary::Sqrt)),
        -1.0 => Some(x.unary(Unary::Reciprocal)),
        -0.5 => Some(x.unary(Unary::Rsqrt)),
        _ => None,
    }
}

/// x/c = x·(1/c) if c is a power of two; (x·c)·d = x·(c·d) if that is a normal number
pub(crate) fn scale<'b>(op: &Op, operands: &[Expr<'b>]) -> Option<Expr<'b>> {
    match (op, operands) {
        (Op::Binary(Binary::Div), &[x, c]) => {
            let c = c.constant()?;
            if is_power_of_two(c) { Some(x * x.like(1.0 / c)) } else { None }
        }
        (Op::Binary(Binary::Mul), &[product, d]) => {
            let (x, c) = product.as_binary(Binary::Mul)?;
            let factor = c.constant()? * d.constant()?;
            if (factor as f32).is_normal() { Some(x * x.like(factor)) } else { None }
        }
        _ => None,
    }
}

/// (−a)·b = −(a·b), a·(−b) = −(a·b), (−a)/b = −(a/b), a/(−b) = −(a/b)
pub(crate) fn sign_outward<'b>(op: &Op, operands: &[Expr<'b>]) -> Option<Expr<'b>> {
    let (Op::Binary(kind @ (Binary::Mul | Binary::Div)), &[a, b]) = (op, operands) else {
        return None;
    };
    match (a.as_unary(Unary::Neg), b.as_unary(Unary::Neg)) {
        (Some(a), Some(b)) => Some(a.binary(*kind, b)),
        (Some(a), None) if b.constant().is_some() => Some(a.binary(*kind, -b)),
        (Some(a), None) => Some(-a.binary(*kind, b)),
        (None, Some(b)) => Some(-a.binary(*kind, b)),
        (None, None) => None,
    }
}

/// Whether `c` and `1/c` are powers of two and normal numbers of 32 bits.
fn is_power_of_two(c: f64) -> bool {
    const FRACTION: u64 = (1 << (f64::MANTISSA_DIGITS - 1)) - 1;
    c.to_bits() & FRACTION == 0 && (c as f32).is_normal() && (1.0 / c as f32).is_normal()
}
