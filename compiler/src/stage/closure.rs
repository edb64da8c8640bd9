//! Closures: `|x| relu(dense(x, 8))` is a function that sees the variables around it as they are when it is evaluated.
//!
//! A closure goes by the first name it gets: that of its `let`, or that of the parameter it is given to, so that the
//! layers in the cell of `scan(|h, x| …)` lie under `cell`. In a list it is a `closure`. It cannot name itself.

use std::rc::Rc;

use syn::{ExprClosure, Pat, ReturnType};

use super::block::Inlined;
use super::call::Given;
use super::environment::Scopes;
use super::evaluator::Evaluator;
use super::fault::{Mistake, Outcome, Stop};
use super::parameters::{Parameters, name_of};
use super::value::{Datum, Function};
use crate::syntax::Extent;

/// A closure and what it captured.
#[derive(Clone)]
pub struct Closure<'b> {
    /// Its parameters and body.
    pub syntax: &'b ExprClosure,
    captured: Rc<Scopes<'b>>,
    is_prelude: bool,
    name: Option<Rc<str>>,
}

impl Closure<'_> {
    /// The name it goes by.
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or("closure")
    }

    /// Itself, by a name if it has none.
    pub fn known_as(mut self, name: &str) -> Self {
        self.name.get_or_insert_with(|| name.into());
        self
    }
}

impl<'b> Evaluator<'b> {
    /// `|x, y| value`
    pub fn closure(&self, syntax: &'b ExprClosure) -> Outcome<Datum<'b>> {
        if !refused(syntax).is_empty() {
            return Err(Stop::Poisoned);
        }
        let captured = Rc::new(self.environment.capture());
        let is_prelude = self.calls.in_prelude();
        Ok(Datum::Function(Function::Closure(Closure { syntax, captured, is_prelude, name: None })))
    }

    /// Calls a closure.
    pub fn apply_closure(
        &mut self,
        closure: &Closure<'b>,
        given: Vec<Given<'b>>,
        extent: Extent,
    ) -> Outcome<Datum<'b>> {
        let (values, scope) = Parameters::of_closure(closure).bind(given)?;
        let (name, is_prelude) = (closure.name(), closure.is_prelude);
        let call = Inlined { name, scope, extent, is_prelude, sees: Scopes::clone(&closure.captured) };
        self.inline(call, |evaluator| {
            for (pattern, value) in closure.syntax.inputs.iter().zip(values.into_iter().flatten()) {
                let datum = match name_of(pattern) {
                    Some(parameter) if !is_prelude => value.datum.given_as(parameter, name),
                    _ => value.datum,
                };
                evaluator.bind(pattern, datum);
            }
            let value = evaluator.evaluate(&closure.syntax.body);
            evaluator.without_names(value)
        })
    }
}

/// What is said of a closure with more than parameters and a value.
pub fn refused(closure: &ExprClosure) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    for pattern in &closure.inputs {
        if let Pat::Type(typed) = pattern {
            let mistake = Mistake::of_words("a parameter of a closure has no type here: types are inferred");
            mistakes.push(mistake.at(Extent::of(&typed.ty)));
        }
    }
    if let ReturnType::Type(_, ty) = &closure.output {
        let mistake = Mistake::of_words("a closure declares no result here: types are inferred");
        mistakes.push(mistake.at(Extent::of(ty)));
    }
    if closure.lifetimes.is_some() || closure.constness.is_some() || closure.asyncness.is_some() {
        mistakes.push(Mistake::of_words("a closure is written `|a, b| value`"));
    }
    mistakes
}
