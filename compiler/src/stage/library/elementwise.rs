//! Functions of one or two numbers, applied to each element.

use super::super::fault::{Mistake, Outcome};
use super::super::value::Datum;
use super::activation::map;
use super::arguments::OperandOf;
use super::{Builtin, Call};
use crate::ir::op::{Binary, Compare, Unary};
use crate::ir::{DType, Expr};
use crate::nn::activation::clip;

pub const TABLE: &[Builtin] = &[
    Builtin::new("exp", "x", |call| number_or(call, f64::exp, |x| x.unary(Unary::Exp))),
    Builtin::new("log", "x", |call| number_or(call, f64::ln, |x| x.unary(Unary::Log))),
    Builtin::new("log1p", "x", |call| number_or(call, f64::ln_1p, |x| x.unary(Unary::Log1p))),
    Builtin::new("sqrt", "x", |call| number_or(call, f64::sqrt, |x| x.unary(Unary::Sqrt))),
    Builtin::new("rsqrt", "x", |call| number_or(call, |x| x.sqrt().recip(), |x| x.unary(Unary::Rsqrt))),
    Builtin::new("abs", "x", abs),
    Builtin::new("square", "x", |call| number_or(call, |x| x * x, |x| x.square())),
    Builtin::new("sin", "x", |call| number_or(call, f64::sin, |x| x.unary(Unary::Sin))),
    Builtin::new("cos", "x", |call| number_or(call, f64::cos, |x| x.unary(Unary::Cos))),
    Builtin::new("floor", "x", |call| number_or(call, f64::floor, |x| x.unary(Unary::Floor))),
    Builtin::new("ceil", "x", |call| number_or(call, f64::ceil, |x| -(-x).unary(Unary::Floor))),
    Builtin::new("sign", "x", |call| map(call, |x| x.unary(Unary::Sign))),
    Builtin::new("erf", "x", |call| map(call, |x| x.unary(Unary::Erf))),
    Builtin::new("pow", "x, exponent", pow),
    Builtin::new("clip", "x, x_min, x_max", |call| {
        let (low, high) = (call.arguments.real("x_min")?, call.arguments.real("x_max")?);
        if low > high {
            let message = format!("`clip` goes from {low:?} to {high:?}, which is backwards");
            return Err(call.arguments.mistake("x_min", message).into());
        }
        map(call, |x| clip(x, low, high))
    }),
    Builtin::new("select", "mask, a, b", select),
    Builtin::new("equal", "a, b", |call| compare(call, Compare::Eq)),
    Builtin::new("not_equal", "a, b", |call| compare(call, Compare::Ne)),
    Builtin::new("less", "a, b", |call| compare(call, Compare::Lt)),
    Builtin::new("less_equal", "a, b", |call| compare(call, Compare::Le)),
    Builtin::new("greater", "a, b", |call| compare(call, Compare::Gt)),
    Builtin::new("greater_equal", "a, b", |call| compare(call, Compare::Ge)),
];

/// Of a static number, or of each element.
fn number_or<'b>(
    call: &Call<'_, 'b>,
    of_number: impl Fn(f64) -> f64,
    of_tensor: impl Fn(Expr<'b>) -> Expr<'b>,
) -> Outcome<Datum<'b>> {
    match call.arguments.operand("x")? {
        OperandOf::Tensor(_) => map(call, of_tensor),
        OperandOf::Number(x) => match of_number(x) {
            value if value.is_finite() => Ok(Datum::Float(value)),
            _ => Err(no_value(call, x).into()),
        },
    }
}

fn no_value(call: &Call<'_, '_>, x: f64) -> Mistake {
    let message = format!("`{}` of {x:?} is not a finite number", call.arguments.builtin.name);
    call.arguments.mistake("x", message)
}

fn abs<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    match call.arguments.get("x") {
        Datum::Int(x) => Ok(Datum::Int(x.saturating_abs())),
        _ => number_or(call, f64::abs, |x| x.unary(Unary::Abs)),
    }
}

fn pow<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    if let (Datum::Int(base), Datum::Int(exponent @ 0..)) = (call.arguments.get("x"), call.arguments.get("exponent")) {
        let value = u32::try_from(exponent).ok().and_then(|exponent| base.checked_pow(exponent));
        return value
            .map(Datum::Int)
            .ok_or_else(|| Mistake::new("this number is too large: whole numbers have 64 bits").into());
    }
    match (call.arguments.operand("x")?, call.arguments.operand("exponent")?) {
        (OperandOf::Number(x), OperandOf::Number(exponent)) => match x.powf(exponent) {
            value if value.is_finite() => Ok(Datum::Float(value)),
            _ => Err(no_value(call, x).into()),
        },
        // The rule of a power differentiates the exponent by a logarithm, which a square of a negative number lacks.
        (OperandOf::Tensor(x), OperandOf::Number(2.0)) => Ok(call.made(x.expr.square())),
        _ => Ok(call.made(call.expr("x")?.binary(Binary::Pow, call.expr("exponent")?))),
    }
}

fn compare<'b>(call: &mut Call<'_, 'b>, op: Compare) -> Outcome<Datum<'b>> {
    Ok(call.made(call.expr("a")?.compare(op, call.expr("b")?)))
}

fn select<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    if let Datum::Bool(mask) = call.arguments.get("mask") {
        return Ok(call.arguments.get(if mask { "a" } else { "b" }));
    }
    let mask = call.arguments.any_tensor("mask")?;
    if mask.expr.ty().dtype != DType::Mask {
        let message = format!("`mask` of `select` is {}, not a mask", mask.written());
        let mistake = call.arguments.mistake("mask", message).note(mask.story("it"));
        return Err(mistake.help("`x > 0.0` makes a mask of a tensor").into());
    }
    Ok(call.made(mask.expr.select(call.expr("a")?, call.expr("b")?)))
}
