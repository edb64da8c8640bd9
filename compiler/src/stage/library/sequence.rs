//! Loops over the steps of sequences.

use super::super::call::Given;
use super::super::fault::{Outcome, Stop};
use super::super::value::{Datum, Function, Tensor};
use super::{Builtin, Call};
use crate::ir::scan::step_of;
use crate::ir::{DType, Expr};
use crate::nn;
use crate::syntax::Extent;

pub const TABLE: &[Builtin] = &[Builtin::new("scan", "cell, over, init, reverse = false", scan).passing_on_to("cell")];

/// The carry and the step that a cell takes, or one of the two things that it gives: one tensor or a tuple of them.
enum Part<'b> {
    One(Tensor<'b>),
    Several(Vec<Tensor<'b>>),
}

impl<'b> Part<'b> {
    fn of(call: &Call<'_, 'b>, name: &str) -> Outcome<Self> {
        match call.arguments.get(name) {
            Datum::Tuple(items) | Datum::List(items) if !items.is_empty() => {
                let tensor = |item: Datum<'b>| match item {
                    Datum::Tensor(tensor) => Ok(tensor),
                    other => Err(not_a_tensor(call, name, &other)),
                };
                Ok(Self::Several(items.into_iter().map(tensor).collect::<Result<_, _>>()?))
            }
            _ => Ok(Self::One(call.arguments.any_tensor(name)?)),
        }
    }

    fn tensors(&self) -> Vec<&Tensor<'b>> {
        match self {
            Self::One(tensor) => vec![tensor],
            Self::Several(tensors) => tensors.iter().collect(),
        }
    }

    fn exprs(&self) -> Vec<Expr<'b>> {
        self.tensors().into_iter().map(|tensor| tensor.expr).collect()
    }

    /// As many values in the same form.
    fn like(&self, call: &Call<'_, 'b>, exprs: &[Expr<'b>]) -> Datum<'b> {
        match (self, exprs) {
            (Self::One(_), [one]) => call.made(*one),
            _ => Datum::Tuple(exprs.iter().map(|&expr| call.made(expr)).collect()),
        }
    }
}

fn not_a_tensor(call: &Call<'_, '_>, name: &str, datum: &Datum<'_>) -> Stop {
    let message = format!("`{name}` of `scan` is a tensor or a tuple of tensors, but this holds {}", datum.describe());
    call.arguments.mistake(name, message).into()
}

fn scan<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let cell = match call.arguments.get("cell") {
        Datum::Function(cell) => cell,
        other => {
            let message = format!("`cell` of `scan` is a function, but this is {}", other.describe());
            let help = "`|carry, step| { …; (new_carry, output) }`, or a `fn` by its name";
            return Err(call.arguments.mistake("cell", message).help(help).into());
        }
    };
    let (init, over) = (Part::of(call, "init")?, Part::of(call, "over")?);
    let steps = steps(call, &over)?;
    check_carries(call, &init)?;
    let reverse = call.arguments.flag("reverse")?;
    let first_row = call.evaluator.rows.len();
    let first_parameter = call.evaluator.parameters.len();
    let mut form = None;
    let builder = call.evaluator.builder;
    let (carries, outputs) = nn::scan::scan(builder, &init.exprs(), &over.exprs(), reverse, |carries, steps| {
        let (next, output, outputs) = step(call, &cell, (&init, carries), (&over, steps))?;
        form = Some(output);
        Ok::<_, Stop>((next, outputs))
    })?;
    for row in &mut call.evaluator.rows[first_row..] {
        row.macs *= steps as u64;
    }
    call.evaluator.find_again(first_parameter);
    let outputs = match form {
        Some(Part::One(_)) => call.made(outputs[0]),
        _ => Datum::Tuple(outputs.iter().map(|&output| call.made(output)).collect()),
    };
    Ok(Datum::Tuple(vec![init.like(call, &carries), outputs]))
}

/// Evaluates the cell once: the next carries, the form of the output, and the outputs.
fn step<'b>(
    call: &mut Call<'_, 'b>,
    cell: &Function<'b>,
    (init, carries): (&Part<'b>, &[Expr<'b>]),
    (over, steps): (&Part<'b>, &[Expr<'b>]),
) -> Outcome<(Vec<Expr<'b>>, Part<'b>, Vec<Expr<'b>>)> {
    let extent = call.span.into();
    let arguments = [init.like(call, carries), over.like(call, steps)];
    let mut given: Vec<Given<'b>> = arguments.into_iter().map(|datum| Given { name: None, datum, extent }).collect();
    given.extend(call.arguments.passed_on());
    given.extend(scope_of(call, extent));
    let result = call.evaluator.apply(cell.clone(), given, call.span, extent)?;
    call.evaluator.check_builder()?;
    let (next, output) = match result {
        Datum::Tuple(items) => match <[Datum<'b>; 2]>::try_from(items) {
            Ok([next, output]) => (next, output),
            Err(items) => return Err(gives(call, cell, &Datum::Tuple(items))),
        },
        Datum::Poison => return Err(Stop::Poisoned),
        other => return Err(gives(call, cell, &other)),
    };
    let next = tensors(call, cell, "carry", next)?;
    let output = tensors(call, cell, "output", output)?;
    check_next(call, cell, init, (carries, &next))?;
    let outputs = output.exprs();
    Ok((next.exprs(), output, outputs))
}

/// The name that the call gives, for the scope of the cell.
fn scope_of<'b>(call: &Call<'_, 'b>, extent: Extent) -> Option<Given<'b>> {
    let datum = Datum::Text(call.leaf_name.clone()?);
    Some(Given { name: Some(syn::Ident::new("name", call.span)), datum, extent })
}

fn tensors<'b>(call: &Call<'_, 'b>, cell: &Function<'b>, what: &str, datum: Datum<'b>) -> Outcome<Part<'b>> {
    match datum {
        Datum::Tensor(tensor) => Ok(Part::One(tensor)),
        Datum::Tuple(items) | Datum::List(items) => {
            let parts = items.into_iter().map(|item| match tensors(call, cell, what, item)? {
                Part::One(tensor) => Ok(tensor),
                Part::Several(_) => {
                    let message = format!("the {what} of `{}` is a tuple of tuples", cell.name());
                    Err(call.arguments.mistake("cell", message).into())
                }
            });
            Ok(Part::Several(parts.collect::<Outcome<_>>()?))
        }
        Datum::Poison => Err(Stop::Poisoned),
        other => {
            let message = format!("`{}` gives {} as its {what}, not a tensor", cell.name(), other.describe());
            Err(call.arguments.mistake("cell", message).into())
        }
    }
}

fn gives(call: &Call<'_, '_>, cell: &Function<'_>, datum: &Datum<'_>) -> Stop {
    let message = format!("a cell gives the new carry and an output, but `{}` gives {}", cell.name(), datum.describe());
    call.arguments.mistake("cell", message).help("`(new_carry, output)` as the last line of the cell").into()
}

/// The number of steps, the same for all sequences.
fn steps<'b>(call: &Call<'_, 'b>, over: &Part<'b>) -> Outcome<usize> {
    let mut first: Option<(usize, &Tensor<'b>)> = None;
    for tensor in over.tensors() {
        let Some((_, steps)) = step_of(&tensor.expr.ty()) else {
            let message = "`scan` walks along the first axis, but this has none";
            return Err(call.arguments.mistake("over", message).note(tensor.story("it")).into());
        };
        match first {
            Some((known, other)) if known != steps => {
                let message = format!("`scan` walks along sequences of one length, but these have {known} and {steps}");
                let mistake = call.arguments.mistake("over", message).note(other.story("one"));
                return Err(mistake.note(tensor.story("another")).into());
            }
            _ => first = Some((steps, tensor)),
        }
    }
    match first {
        Some((steps, _)) if steps > 0 => Ok(steps),
        _ => Err(call.arguments.mistake("over", "`scan` needs at least one step").into()),
    }
}

fn check_carries<'b>(call: &Call<'_, 'b>, init: &Part<'b>) -> Outcome<()> {
    match init.tensors().into_iter().find(|tensor| tensor.expr.ty().dtype != DType::F32) {
        Some(tensor) => {
            let message = "a carry is a tensor of real numbers";
            Err(call.arguments.mistake("init", message).note(tensor.story("it")).into())
        }
        None => Ok(()),
    }
}

/// The carries keep their number and their shapes.
fn check_next<'b>(
    call: &Call<'_, 'b>,
    cell: &Function<'b>,
    init: &Part<'b>,
    (carries, next): (&[Expr<'b>], &Part<'b>),
) -> Outcome<()> {
    let (given, wanted) = (next.tensors(), init.tensors());
    if given.len() != wanted.len() || matches!(init, Part::One(_)) != matches!(next, Part::One(_)) {
        let message = format!(
            "`{}` gives {} as the new carry, but `init` has {}",
            cell.name(),
            super::counted(given.len(), "tensor", "tensors"),
            wanted.len()
        );
        return Err(call.arguments.mistake("cell", message).into());
    }
    for ((next, carry), init) in given.iter().zip(carries).zip(wanted) {
        let (found, expected) = (next.expr.ty(), carry.ty());
        if (found.dtype, found.shape.written()) != (expected.dtype, expected.shape.written()) {
            let message = format!(
                "the carry of `{}` starts as {}, but the next one is {}",
                cell.name(),
                expected.written(),
                found.written()
            );
            let mistake = call.arguments.mistake("init", message).note(init.story("the first carry"));
            return Err(mistake.note(next.story("the next carry")).into());
        }
    }
    Ok(())
}
