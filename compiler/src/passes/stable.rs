//! Logarithms of exponentials in forms that neither overflow nor lose small numbers.
//!
//! `log(softmax x)` becomes `(x − max) − log Σ`, and `log(sigmoid x)` becomes `−softplus(−x)`. Runs before
//! differentiation, so that gradients are stable too: they are derived from the new forms.

use super::made::Made;
use super::rebuild::{contains, rebuild};
use crate::ir::op::{Binary, Compare, Movement, Op, Unary};
use crate::ir::{Expr, Graph};
use crate::nn::activation::softplus;

/// Rewrites logarithms of exponentials.
pub fn stabilize(graph: Graph) -> Graph {
    let is_logarithm = |op: &Op| matches!(op, Op::Unary(Unary::Log | Unary::Log1p));
    if contains(&graph, is_logarithm) { rebuild(&graph, &[logarithm, logarithm_of_one_more]) } else { graph }
}

fn logarithm<'b>(op: &Op, operands: &[Expr<'b>]) -> Option<Expr<'b>> {
    match (op, operands) {
        (Op::Unary(Unary::Log), &[x]) => log(x),
        _ => None,
    }
}

fn logarithm_of_one_more<'b>(op: &Op, operands: &[Expr<'b>]) -> Option<Expr<'b>> {
    match (op, operands) {
        (Op::Unary(Unary::Log1p), &[x]) => log_one_more(x),
        _ => None,
    }
}

/// `log x` without the exponential in `x`, if there is one.
fn log(x: Expr<'_>) -> Option<Expr<'_>> {
    // log(eᶻ) = z
    if let Some(z) = x.as_unary(Unary::Exp) {
        return Some(z);
    }
    // log(sigmoid z) = −softplus(−z)
    if let Some(z) = x.as_unary(Unary::Sigmoid) {
        return Some(-softplus(-z));
    }
    // log(eᶻ / d) = z − log d
    if let Some((numerator, d)) = x.as_binary(Binary::Div) {
        return numerator.as_unary(Unary::Exp).map(|z| z - d.unary(Unary::Log));
    }
    // log(eᶻ · 1/d) = z − log d
    if let Some((a, b)) = x.as_binary(Binary::Mul) {
        let pair =
            |a: Expr<'_>, b: Expr<'_>| Some((a.as_unary(Unary::Exp)?.value, b.as_unary(Unary::Reciprocal)?.value));
        let (z, d) = pair(a, b).or_else(|| pair(b, a))?;
        return Some(x.builder.expr(z) - x.builder.expr(d).unary(Unary::Log));
    }
    // log(1 − sigmoid z) = −softplus(z)
    if let Some((one, sigmoid)) = x.as_binary(Binary::Sub).filter(|(one, _)| one.constant() == Some(1.0)) {
        debug_assert_eq!(one.shape(), sigmoid.shape(), "operands of one shape");
        return sigmoid.as_unary(Unary::Sigmoid).map(|z| -softplus(z));
    }
    // log(1 + x) = log1p x, where that helps
    if let Some((a, b)) = x.as_binary(Binary::Add) {
        let other = if a.constant() == Some(1.0) { b } else { a };
        let one = if a.constant() == Some(1.0) { a } else { b };
        return if one.constant() == Some(1.0) { log_one_more(other) } else { None };
    }
    // log(move x) = move(log x)
    match x.as_movement()? {
        (_, Movement::Pad { .. } | Movement::Concat(_)) => None,
        (moved, movement) => log(moved).map(|log| log.movement(movement)),
    }
}

/// `log(1 + x)` without the exponential in `x`, if there is one.
fn log_one_more(x: Expr<'_>) -> Option<Expr<'_>> {
    if let Some(z) = x.as_unary(Unary::Exp) {
        return if is_negative(z) { None } else { Some(softplus(z)) };
    }
    // log(1 + −sigmoid z) = −softplus(z)
    x.as_unary(Unary::Neg)?.as_unary(Unary::Sigmoid).map(|z| -softplus(z))
}

/// Whether a value is of the form −|z|, or the one that [`softplus`] has in its place.
fn is_negative(z: Expr<'_>) -> bool {
    if z.as_unary(Unary::Neg).is_some_and(|z| z.as_unary(Unary::Abs).is_some()) {
        return true;
    }
    match (z.op(), z.operands().as_slice()) {
        (Op::Select, &[mask, a, b]) => {
            opposite(a, b) && mask.op() == Op::Compare(Compare::Gt) && mask.operands()[0].value == b.value
        }
        _ => false,
    }
}

/// Whether a = −b, as simplification writes it.
fn opposite(a: Expr<'_>, b: Expr<'_>) -> bool {
    let negated = |a: Expr<'_>, b: Expr<'_>| a.as_unary(Unary::Neg).is_some_and(|a| a.value == b.value);
    let difference = |x: Expr<'_>| x.as_binary(Binary::Sub).map(|(a, b)| (a.value, b.value));
    let exchanged = || difference(a).zip(difference(b)).is_some_and(|(a, b)| a == (b.1, b.0));
    negated(a, b) || negated(b, a) || exchanged()
}
