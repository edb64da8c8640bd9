//! Work on fewer elements: first compute, then repeat.

use crate::ir::Expr;
use crate::ir::op::{Binary, Movement, Op};
use crate::passes::made::Made;

/// f(broadcast x, broadcast y, c) = broadcast f(x, y, c), for f of one element
pub(crate) fn after_element<'b>(op: &Op, operands: &[Expr<'b>]) -> Option<Expr<'b>> {
    if !matches!(op, Op::Unary(_) | Op::Binary(_) | Op::Compare(_) | Op::Select | Op::Cast(_)) {
        return None;
    }
    let varying = operands.iter().find(|operand| operand.constant().is_none())?;
    let (small, movement) = varying.as_movement()?;
    let Movement::Broadcast { shape, axes } = &movement else {
        return None;
    };
    let shrink = |operand: &Expr<'b>| match (operand.constant(), operand.as_movement()) {
        (Some(value), _) => Some(small.like(value).value),
        (None, Some((inner, found))) if found == movement => Some(inner.value),
        (None, _) => None,
    };
    let inner = operands.iter().map(shrink).collect::<Option<Vec<_>>>()?;
    Some(small.builder.add(op.clone(), &inner).broadcast(shape.clone(), axes.clone()))
}

/// (x·s)·t = x·(s·t) if s and t repeat in the same way
pub(crate) fn factors_first<'b>(op: &Op, operands: &[Expr<'b>]) -> Option<Expr<'b>> {
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
