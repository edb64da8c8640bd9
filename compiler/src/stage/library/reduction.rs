//! Reductions over the axes that a user writes, never over the batch.

use super::super::fault::{Mistake, Outcome};
use super::super::operator::real;
use super::super::value::{Datum, Tensor};
use super::{Builtin, Call};
use crate::ir::Expr;
use crate::ir::op::{Binary, Reduce};
use crate::nn::reduction as nn;

pub const TABLE: &[Builtin] = &[
    Builtin::new("sum", "x, axis = none, keep_dims = false", sum),
    Builtin::new("mean", "x, axis = none, keep_dims = false", |call| over(call, nn::mean)),
    Builtin::new("var", "x, axis = none, keep_dims = false", |call| over(call, nn::variance)),
    Builtin::new("max", "x, y = none, axis = none, keep_dims = false", |call| {
        extreme(call, Reduce::Max, Binary::Max, f64::max)
    }),
    Builtin::new("min", "x, y = none, axis = none, keep_dims = false", |call| {
        extreme(call, Reduce::Min, Binary::Min, f64::min)
    }),
    Builtin::new("argmax", "x, axis = -1", argmax),
    Builtin::new("l2_normalize", "x, axis = -1, epsilon = 1e-12", |call| {
        let (x, axes) = axes_of(call)?;
        let epsilon = call.arguments.real("epsilon")?;
        Ok(call.made(nn::l2_normalize(x.expr, &axes, epsilon)))
    }),
];

/// The tensor, and the axes with the batch included in the count.
fn axes_of<'b>(call: &Call<'_, 'b>) -> Outcome<(Tensor<'b>, Vec<usize>)> {
    let x = call.arguments.tensor("x")?;
    let shape = x.expr.shape();
    let rank = shape.written().len();
    let axes = call.arguments.axes("axis", rank)?;
    Ok((x, axes.into_iter().map(|axis| axis + shape.rank() - rank).collect()))
}

fn over<'b>(call: &Call<'_, 'b>, reduce: impl Fn(Expr<'b>, &[usize]) -> Expr<'b>) -> Outcome<Datum<'b>> {
    let (x, axes) = axes_of(call)?;
    let reduced = reduce(x.expr, &axes);
    let kept = call.arguments.flag("keep_dims")?;
    Ok(call.made(if kept { nn::keep_dims(reduced, x.expr, &axes) } else { reduced }))
}

/// The sum of a tensor, or of a list of numbers.
fn sum<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let (Datum::List(items) | Datum::Tuple(items)) = call.arguments.get("x") else {
        return over(call, |x, axes| x.reduce(Reduce::Sum, axes));
    };
    let total = items.into_iter().try_fold(Datum::Int(0), |total, item| match (total, item) {
        (Datum::Int(a), Datum::Int(b)) => a.checked_add(b).map(Datum::Int),
        (a, b) => Some(Datum::Float(real(&a)? + real(&b)?)),
    });
    let message = "`sum` needs a tensor or a list of numbers";
    total.ok_or_else(|| call.arguments.mistake("x", message).into())
}

/// The largest or smallest of a tensor, of two tensors, of two numbers or of a list of numbers.
fn extreme<'b>(call: &Call<'_, 'b>, reduce: Reduce, binary: Binary, number: fn(f64, f64) -> f64) -> Outcome<Datum<'b>> {
    let (x, y) = (call.arguments.get("x"), call.arguments.get("y"));
    match (&x, call.arguments.is_none("y")) {
        (Datum::Tensor(_), true) => over(call, |x, axes| x.reduce(reduce, axes)),
        (Datum::List(items) | Datum::Tuple(items), true) => of_numbers(call, items.clone(), number),
        (_, false) if real(&x).is_some() && real(&y).is_some() => of_numbers(call, vec![x, y], number),
        _ => Ok(call.made(call.expr("x")?.binary(binary, call.expr("y")?))),
    }
}

fn of_numbers<'b>(call: &Call<'_, 'b>, items: Vec<Datum<'b>>, number: fn(f64, f64) -> f64) -> Outcome<Datum<'b>> {
    let values: Option<Vec<f64>> = items.iter().map(real).collect();
    let best = values.and_then(|values| values.into_iter().reduce(number));
    let found = best.and_then(|best| items.into_iter().find(|item| real(item) == Some(best)));
    let message = format!("`{}` needs a tensor or numbers", call.arguments.builtin.name);
    found.ok_or_else(|| call.arguments.mistake("x", message).into())
}

fn argmax<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let (x, axes) = axes_of(call)?;
    match axes[..] {
        [_] => Ok(call.made(x.expr.reduce(Reduce::ArgMax, &axes))),
        _ => Err(Mistake::new(format!("`argmax` looks along one axis, but `axis` names {}", axes.len()))
            .note(x.story("it"))
            .into()),
    }
}
