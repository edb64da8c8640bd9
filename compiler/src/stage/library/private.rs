//! Functions of which the layers of the prelude are made, and which nobody else finds.

use super::super::evaluator::Row;
use super::super::fault::Outcome;
use super::super::value::Datum;
use super::init::{Fans, init};
use super::layer::Leaf;
use super::{Builtin, Call};
use crate::nn::contraction;

pub const TABLE: &[Builtin] = &[
    Builtin::new("_steps", "x", steps),
    Builtin::new("_units", "units", |call| call.arguments.size("units").map(|units| Datum::Int(units as i64))),
    Builtin::new("_weight", "shape, init = glorot_uniform, trainable = true", weight),
    Builtin::new("_linear", "x, weight", |call| {
        let (x, weight) = (call.arguments.tensor("x")?, call.arguments.tensor("weight")?);
        Ok(call.made(contraction::dense(x.expr, weight.expr)))
    }),
    Builtin::new("_activate", "x, activation", |call| {
        let x = call.arguments.get("x");
        call.activate("activation", x)
    }),
    Builtin::new("_row", "y, macs", row),
];

/// The number of steps of a sequence of vectors.
fn steps<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let x = call.arguments.tensor("x")?;
    match x.expr.shape().written()[..] {
        [steps, _] => Ok(Datum::Int(steps as i64)),
        ref shape => {
            let message = format!("`{}` takes a sequence [steps, features], not {shape:?}", call.arguments.subject);
            let mistake = call.arguments.mistake("x", message).note(x.story("its input"));
            let help = "`reshape(x, [steps, 1])` makes one of a sequence of numbers";
            Err(mistake.maybe_help((shape.len() == 1).then(|| help.to_owned())).into())
        }
    }
}

/// A parameter of a layer with the axes of PyTorch's files: outputs, inputs.
fn weight<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let shape = call.arguments.shape("shape")?;
    let fans = match shape[..] {
        [outputs, inputs] => Fans { input: inputs, output: outputs },
        _ => Fans::of(&shape),
    };
    let (init, role) = (init(&call.arguments, "init", fans)?, call.role()?);
    let expr = call.leaf(Leaf { name: "weight", shape: &shape, init, role })?;
    Ok(call.made(expr))
}

/// What a layer gives, after it got its row in the summary.
fn row<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let y = call.arguments.tensor("y")?;
    let macs = call.arguments.int("macs")?.unsigned_abs();
    let scope = call.evaluator.names.current();
    let kind = call.evaluator.calls.innermost().to_owned();
    call.evaluator.rows.push(Row { scope, kind, output: y.expr.ty(), macs });
    Ok(Datum::Tensor(y))
}
