//! Functions of static values.

use super::super::fault::Outcome;
use super::super::statement::{bounded, range as range_of};
use super::super::value::Datum;
use super::{Builtin, Call};

pub const TABLE: &[Builtin] = &[
    Builtin::new("len", "list", len),
    Builtin::new("range", "start, end = none", range),
    Builtin::new("int", "x", int),
    Builtin::new("float", "x", |call| call.arguments.real("x").map(Datum::Float)),
    Builtin::new("round", "x", |call| call.arguments.real("x").map(|x| Datum::Float(x.round()))),
    Builtin::new("zip", "a, b", zip),
    Builtin::new("enumerate", "list", enumerate),
    Builtin::new("rev", "list", |call| {
        let items = call.arguments.list("list")?;
        Ok(Datum::List(items.into_iter().rev().collect()))
    }),
];

fn len<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    if let Datum::Tensor(tensor) = call.arguments.get("list") {
        let mistake = call.arguments.mistake("list", "`len` is of a list, but this is a tensor");
        let mistake = mistake.note(tensor.story("it"));
        return Err(mistake.help("`x.shape[0]` is the length of its first axis, `x.rank` the number of axes").into());
    }
    Ok(Datum::Int(call.arguments.list("list")?.len() as i64))
}

fn range<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let start = call.arguments.int("start")?;
    if call.arguments.is_none("end") { range_of(0, start) } else { range_of(start, call.arguments.int("end")?) }
}

fn int<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    // A conversion of a float saturates.
    Ok(Datum::Int(call.arguments.real("x")?.trunc() as i64))
}

/// Pairs, as many as the shorter list has elements.
fn zip<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let (a, b) = (call.arguments.list("a")?, call.arguments.list("b")?);
    bounded(Datum::List(a.into_iter().zip(b).map(|(a, b)| Datum::Tuple(vec![a, b])).collect()))
}

fn enumerate<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let items = call.arguments.list("list")?;
    bounded(Datum::List((0..).zip(items).map(|(place, item)| Datum::Tuple(vec![Datum::Int(place), item])).collect()))
}
