//! Numbers known while compiling.

use crate::ir::op::{Binary, Movement, Op};
use crate::ir::{DType, Expr};
use crate::passes::made::Made;
use crate::rules::eval::element;

/// f(c) = c′ and f(c, d) = c′, if that is finite
pub(crate) fn fold<'b>(op: &Op, operands: &[Expr<'b>]) -> Option<Expr<'b>> {
    let value = match (op, operands) {
        (Op::Unary(kind), [x]) => element::unary(*kind, x.constant()?),
        (Op::Binary(kind), [a, b]) => element::binary(*kind, a.constant()?, b.constant()?),
        (Op::Cast(DType::F32), [mask]) => f64::from(truth(*mask)?),
        _ => return None,
    };
    if value.is_finite() { Some(operands[0].like(value)) } else { None }
}

/// select(true, a, b) = a, select(false, a, b) = b, select(m, a, a) = a
pub(crate) fn choose<'b>(op: &Op, operands: &[Expr<'b>]) -> Option<Expr<'b>> {
    match (op, operands) {
        (Op::Select, &[_, a, b]) if a.value == b.value => Some(a),
        (Op::Select, &[mask, a, b]) => truth(mask).map(|truth| if truth { a } else { b }),
        _ => None,
    }
}

/// c + x = x + c, c·x = x·c, so that other rewrites look on one side only
pub(crate) fn to_the_right<'b>(op: &Op, operands: &[Expr<'b>]) -> Option<Expr<'b>> {
    match (op, operands) {
        (Op::Binary(kind @ (Binary::Add | Binary::Mul)), &[c, x])
            if c.constant().is_some() && x.constant().is_none() =>
        {
            Some(x.binary(*kind, c))
        }
        _ => None,
    }
}

/// What all elements of a mask are, if they are compared constants.
fn truth(mask: Expr<'_>) -> Option<bool> {
    match (mask.op(), mask.operands().as_slice()) {
        (Op::Compare(kind), [a, b]) => Some(element::compare(kind, a.constant()?, b.constant()?)),
        (Op::Movement(Movement::Reshape(_) | Movement::Broadcast { .. }), &[mask]) => truth(mask),
        _ => None,
    }
}
