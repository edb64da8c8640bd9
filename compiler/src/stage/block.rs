//! Calls of functions that are written in the language: parameters bound, the body evaluated, the result checked.

use std::rc::Rc;

use syn::Ident;

use super::call::Given;
use super::environment::Scopes;
use super::evaluator::Evaluator;
use super::fault::{Mistake, Outcome, Stop};
use super::library::counted;
use super::parameters::Parameters;
use super::value::{Datum, Tensor};
use crate::ir::Type;
use crate::syntax::{Extent, ast};

/// A call of a function that is written in the language.
pub struct Inlined<'n, 'b> {
    /// The name of the function.
    pub name: &'n str,
    /// The name that the call gives the scope.
    pub scope: Option<String>,
    /// The call.
    pub extent: Extent,
    /// Whether the function is not the user's.
    pub is_prelude: bool,
    /// The variables that the body sees from the start.
    pub sees: Scopes<'b>,
}

impl<'b> Evaluator<'b> {
    /// Calls a block of the user or a layer of the prelude.
    pub fn apply_block(
        &mut self,
        function: &'b ast::Function,
        is_prelude: bool,
        given: Vec<Given<'b>>,
        extent: Extent,
    ) -> Outcome<Datum<'b>> {
        let poisoned = given.iter().any(|given| given.datum.is_poisoned());
        let (values, scope) = Parameters::of_block(function).bind(given)?;
        if poisoned && is_prelude {
            return Err(Stop::Poisoned);
        }
        let name = function.name.to_string();
        let call = Inlined { name: &name, scope, extent, is_prelude, sees: Scopes::none(is_prelude) };
        self.inline(call, |evaluator| {
            evaluator.bind_parameters(function, values);
            let value = evaluator.block(&function.body);
            evaluator.as_result(value, function)
        })
    }

    /// Evaluates the body of a function in the place of a call.
    pub fn inline(&mut self, call: Inlined<'_, 'b>, body: impl FnOnce(&mut Self) -> Datum<'b>) -> Outcome<Datum<'b>> {
        self.enter_call(call.name.to_owned(), call.extent, call.is_prelude)?;
        self.names.open(call.name, call.scope);
        let caller = self.environment.enter(call.sees);
        let value = body(self);
        self.environment.leave(caller);
        self.names.close();
        self.calls.leave();
        Ok(value)
    }

    fn bind_parameters(&mut self, function: &'b ast::Function, values: Vec<Option<Given<'b>>>) {
        for (parameter, value) in function.parameters.iter().zip(values) {
            let datum = match (value, &parameter.default) {
                (Some(given), _) => self.as_input(given, parameter, function),
                (None, Some(default)) => self.evaluate(default),
                (None, None) => Datum::Poison,
            };
            self.bind(&parameter.pattern, datum);
        }
    }

    fn as_input(&mut self, given: Given<'b>, parameter: &'b ast::Parameter, function: &ast::Function) -> Datum<'b> {
        let Some(name) = parameter.name() else { return given.datum };
        if let Some(declared) = parameter.ty.as_ref().and_then(|ty| self.resolve_type(ty))
            && let Some(mistake) = unlike(&given.datum, &declared, name, function)
        {
            let diagnostic = self.calls.explain_argument(mistake.at_last(given.extent));
            self.errors.push(diagnostic);
            return Datum::Poison;
        }
        match given.datum {
            datum if self.calls.in_prelude() => datum,
            datum => datum.given_as(name, &function.name.to_string()),
        }
    }

    /// The value of the body, checked and without the names it had inside.
    fn as_result(&mut self, value: Datum<'b>, function: &'b ast::Function) -> Datum<'b> {
        if let Some(declared) = &function.result
            && !value.is_poisoned()
        {
            let types: Option<Vec<Type>> = declared.iter().map(|ty| self.resolve_type(ty)).collect();
            let mistake = types.and_then(|types| unlike_result(&value, &types, &function.name));
            if let Some(mistake) = mistake {
                self.report(mistake.into(), &function.last());
                return Datum::Poison;
            }
        }
        self.without_names(value)
    }

    /// The value of a body without the names it had inside.
    pub fn without_names(&self, value: Datum<'b>) -> Datum<'b> {
        let result = self.calls.result_of_prelude();
        value.map_tensors(&|tensor: &mut Tensor<'b>| match &result {
            Some(origin) => tensor.origin = Rc::clone(origin),
            None => Rc::make_mut(&mut tensor.origin).name = None,
        })
    }
}

/// What is wrong with an argument whose type is declared.
fn unlike(datum: &Datum<'_>, declared: &Type, name: &Ident, function: &ast::Function) -> Option<Mistake> {
    let subject = format!("`{name}` of `{}` is declared as {}", function.name, declared.written());
    match datum {
        Datum::Poison => None,
        // A tensor that is the same for all rows has the type, too.
        Datum::Tensor(tensor) if tensor.written() == declared.written() => None,
        Datum::Tensor(tensor) => {
            let mistake = Mistake::new(format!("{subject}, but this is {}", tensor.written()));
            Some(mistake.note(tensor.story("it")))
        }
        other => Some(Mistake::new(format!("{subject}, but this is {}", other.describe()))),
    }
}

/// What is wrong with a result whose types are declared.
fn unlike_result(value: &Datum<'_>, declared: &[Type], name: &Ident) -> Option<Mistake> {
    let items = match value {
        Datum::Tuple(items) if !items.is_empty() => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    if items.len() != declared.len() {
        let declared = counted(declared.len(), "result", "results");
        return Some(Mistake::new(format!("`{name}` declares {declared}, but gives {}", items.len())));
    }
    items.iter().zip(declared).find_map(|(item, declared)| {
        let subject = format!("`{name}` is declared to give {}", declared.written());
        match item {
            Datum::Tensor(tensor) if tensor.written() == declared.written() => None,
            Datum::Tensor(tensor) => {
                let mistake = Mistake::new(format!("{subject}, but gives {}", tensor.written()));
                Some(mistake.note(tensor.story("the result")))
            }
            other => Some(Mistake::new(format!("{subject}, but gives {}", other.describe()))),
        }
    })
}
