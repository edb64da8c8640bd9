//! Activations.

use super::super::fault::Outcome;
use super::super::value::Datum;
use super::{Builtin, Call};
use crate::ir::Expr;
use crate::ir::op::Unary;
use crate::nn::activation as nn;

pub const TABLE: &[Builtin] = &[
    Builtin::new("relu", "x", |call| map(call, nn::relu)),
    Builtin::new("relu6", "x", |call| map(call, nn::relu6)),
    Builtin::new("leaky_relu", "x, negative_slope = 0.3", |call| {
        let slope = call.arguments.real("negative_slope")?;
        map(call, |x| nn::leaky_relu(x, slope))
    }),
    Builtin::new("elu", "x, alpha = 1.0", |call| {
        let alpha = call.arguments.real("alpha")?;
        map(call, |x| nn::elu(x, alpha))
    }),
    Builtin::new("selu", "x", |call| map(call, nn::selu)),
    Builtin::new("gelu", "x, approximate = false", |call| {
        let approximate = call.arguments.flag("approximate")?;
        map(call, if approximate { nn::gelu_tanh } else { nn::gelu })
    }),
    Builtin::new("silu", "x", |call| map(call, nn::silu)),
    Builtin::new("swish", "x", |call| map(call, nn::silu)),
    Builtin::new("sigmoid", "x", |call| map(call, nn::sigmoid)),
    Builtin::new("hard_sigmoid", "x", |call| map(call, nn::hard_sigmoid)),
    Builtin::new("hard_swish", "x", |call| map(call, nn::hard_swish)),
    Builtin::new("tanh", "x", |call| map(call, |x| x.unary(Unary::Tanh))),
    Builtin::new("softplus", "x", |call| map(call, nn::softplus)),
    Builtin::new("softsign", "x", |call| map(call, nn::softsign)),
    Builtin::new("softmax", "x, axis = -1", |call| along(call, nn::softmax)),
    Builtin::new("log_softmax", "x, axis = -1", |call| along(call, nn::log_softmax)),
];

/// Element by element.
pub fn map<'b>(call: &Call<'_, 'b>, function: impl Fn(Expr<'b>) -> Expr<'b>) -> Outcome<Datum<'b>> {
    let x = call.arguments.tensor("x")?;
    Ok(call.made_from(&x, function(x.expr)))
}

fn along<'b>(call: &Call<'_, 'b>, function: impl Fn(Expr<'b>, usize) -> Expr<'b>) -> Outcome<Datum<'b>> {
    let x = call.arguments.tensor("x")?;
    let rank = x.expr.shape().written().len();
    if rank == 0 {
        let message = format!("`{}` needs an axis of classes, but its input has none", call.arguments.builtin.name);
        let mistake = call.arguments.mistake("x", message).note(x.story("it"));
        return Err(mistake.help("`sigmoid` gives the probability of one class").into());
    }
    let axis = call.arguments.axis("axis", rank)? + x.expr.shape().rank() - rank;
    Ok(call.made(function(x.expr, axis)))
}
