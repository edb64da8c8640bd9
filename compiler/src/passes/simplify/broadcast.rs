//! Work on fewer elements: first compute, then repeat.

use crate::ir::Expr;
use crate::ir::op::{Movement, Op};
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
