//! Factors and terms that depend on parameters alone are brought together where they are small, as those of a batch norm
//! behind a convolution: of the whole chain one product and one sum are left for each element. For graphs without
//! gradients, because a gradient would have to come back through the sums.

use super::made::Made;
use super::rebuild::rebuild;
use crate::ir::build::Rewrite;
use crate::ir::op::{Binary, Movement, Op, Source};
use crate::ir::{Expr, Graph};

const REWRITES: [Rewrite; 2] = [together, distributed];

/// Operators within operators that are looked at to see what a value depends on.
const DEPTH: usize = 12;

/// Applies the rewrites until none applies.
pub fn fold(graph: Graph) -> Graph {
    rebuild(&graph, &REWRITES)
}

/// (x ± c) ± d = x ± (c ± d), for c and d of parameters alone that repeat alike
fn together<'b>(op: &Op, operands: &[Expr<'b>]) -> Option<Expr<'b>> {
    let (Op::Binary(outer), &[chain, d]) = (op, operands) else {
        return None;
    };
    let (d, movement) = of_parameters(d)?;
    let (inner, x, c) = shifted(chain, &movement)?;
    let joined = |kind: Binary, small: Expr<'b>| Some(x.binary(kind, repeated(small, &movement)));
    match (inner, outer) {
        (Binary::Add, Binary::Add) => joined(Binary::Add, c + d),
        (Binary::Add, Binary::Sub) => joined(Binary::Add, c - d),
        (Binary::Sub, Binary::Add) => joined(Binary::Add, d - c),
        (Binary::Sub, Binary::Sub) => joined(Binary::Sub, c + d),
        _ => None,
    }
}

/// (x ± c)·d = x·d ± c·d, likewise
fn distributed<'b>(op: &Op, operands: &[Expr<'b>]) -> Option<Expr<'b>> {
    let (Op::Binary(Binary::Mul), &[sum, factor]) = (op, operands) else {
        return None;
    };
    let (d, movement) = of_parameters(factor)?;
    let (kind, x, c) = shifted(sum, &movement)?;
    Some((x * factor).binary(kind, repeated(c * d, &movement)))
}

/// The operator, `x` and `c` of x + c or x − c, for a c of parameters alone that is repeated by this movement.
fn shifted<'b>(sum: Expr<'b>, movement: &Movement) -> Option<(Binary, Expr<'b>, Expr<'b>)> {
    let kinds = [Binary::Add, Binary::Sub].into_iter();
    let (kind, x, c) = kinds.filter_map(|kind| sum.as_binary(kind).map(|(x, c)| (kind, x, c))).next()?;
    let (c, other) = of_parameters(c).filter(|_| of_parameters(x).is_none())?;
    (other == *movement).then_some((kind, x, c))
}

fn repeated<'b>(small: Expr<'b>, movement: &Movement) -> Expr<'b> {
    small.movement(movement.clone())
}

/// What is repeated and how, if it depends on parameters alone.
fn of_parameters(x: Expr<'_>) -> Option<(Expr<'_>, Movement)> {
    let (small, movement) = x.as_movement()?;
    let repeats = matches!(movement, Movement::Broadcast { .. }) && small.shape().rank() > 0;
    (repeats && is_static(small, DEPTH)).then_some((small, movement))
}

fn is_static(x: Expr<'_>, depth: usize) -> bool {
    let depends = || depth > 0 && x.operands().into_iter().all(|operand| is_static(operand, depth - 1));
    match x.op() {
        Op::Source(Source::Parameter(_) | Source::Scalar(_)) => true,
        Op::Unary(_) | Op::Binary(_) | Op::Movement(_) | Op::Stop => depends(),
        _ => false,
    }
}
