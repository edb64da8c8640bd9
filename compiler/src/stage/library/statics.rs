//! Functions of static values.

use super::super::fault::Outcome;
use super::super::statement::range as range_of;
use super::super::value::Datum;
use super::{Builtin, Call};

pub const TABLE: &[Builtin] = &[
    Builtin::new("len", "list", len),
    Builtin::new("range", "start, end = none", range),
    Builtin::new("int", "x", int),
];

fn len<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
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
