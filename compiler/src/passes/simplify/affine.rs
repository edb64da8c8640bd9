//! Chains of multiplications by what repeats: the small operands meet first.

use crate::ir::Expr;
use crate::ir::op::{Binary, Movement, Op};
use crate::passes::made::Made;

/// (x·s)·t = x·(s·t) if s and t repeat in the same way
pub(crate) fn product<'b>(op: &Op, operands: &[Expr<'b>]) -> Option<Expr<'b>> {
    let (Op::Binary(Binary::Mul), &[a, b]) = (op, operands) else {
        return None;
    };
    let scaled = |inner: Expr<'b>, t: Expr<'b>| {
        let (x, s) = inner.as_binary(Binary::Mul)?;
        let ordered = |x: Expr<'b>, s: Expr<'b>| (repeats_alike(s, t) && !repeats_alike(x, t)).then(|| x * (s * t));
        ordered(x, s).or_else(|| ordered(s, x))
    };
    scaled(a, b).or_else(|| scaled(b, a))
}

fn repeats_alike(a: Expr<'_>, b: Expr<'_>) -> bool {
    match (a.as_movement(), b.as_movement()) {
        (Some((_, a @ Movement::Broadcast { .. })), Some((_, b))) => a == b,
        _ => false,
    }
}
