//! Calls of functions that are written in the language: parameters bound, the body evaluated, the result checked.

use std::rc::Rc;

use syn::Ident;

use super::call::{Given, scope_name};
use super::evaluator::Evaluator;
use super::fault::{Mistake, Outcome, Stop};
use super::library::{counted, listed, nearest_argument};
use super::value::{Datum, Origin, Tensor};
use crate::ir::Type;
use crate::syntax::{Extent, ast};

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
        let (values, scope) = bind(function, given)?;
        if poisoned && is_prelude {
            return Err(Stop::Poisoned);
        }
        self.enter_call(function.name.to_string(), extent, is_prelude)?;
        self.names.open(&function.name.to_string(), scope);
        let caller = self.environment.enter(is_prelude);
        self.bind_parameters(function, values);
        let value = self.block(&function.body);
        let value = self.as_result(value, function);
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

    fn as_input(&mut self, given: Given<'b>, parameter: &ast::Parameter, function: &ast::Function) -> Datum<'b> {
        let Some(name) = parameter.name() else { return given.datum };
        if let Some(declared) = parameter.ty.as_ref().and_then(|ty| self.resolve_type(ty))
            && let Some(mistake) = unlike(&given.datum, &declared, name, function)
        {
            let diagnostic = self.calls.explain_argument(mistake.at_last(given.extent));
            self.errors.push(diagnostic);
            return Datum::Poison;
        }
        match given.datum {
            Datum::Tensor(mut tensor) if !self.calls.in_prelude() => {
                tensor.origin = Origin::input(&name.to_string(), &function.name.to_string(), name.span());
                Datum::Tensor(tensor)
            }
            other => other,
        }
    }

    /// The value of the body, checked and without the names it had inside.
    fn as_result(&mut self, value: Datum<'b>, function: &ast::Function) -> Datum<'b> {
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

type Values<'b> = (Vec<Option<Given<'b>>>, Option<String>);

/// The values of the parameters, in order, and the name of the scope.
fn bind<'b>(function: &ast::Function, given: Vec<Given<'b>>) -> Outcome<Values<'b>> {
    let parameters = &function.parameters;
    let mut values: Vec<Option<Given<'b>>> = vec![None; parameters.len()];
    let mut scope = None;
    let mut next = 0;
    for argument in given {
        let position = match &argument.name {
            None => {
                next += 1;
                next - 1
            }
            Some(name) => match parameters.iter().position(|parameter| parameter.name() == Some(name)) {
                Some(position) => position,
                None if name == "name" => {
                    scope = Some(scope_name(&argument)?);
                    continue;
                }
                None => return Err(no_such_argument(function, name).into()),
            },
        };
        let extent = argument.extent;
        let Some(slot) = values.get_mut(position) else {
            let mistake = Mistake::of_words(format!("this is one argument too many for `{}`", function.name));
            return Err(mistake.help(signature(function)).at(extent).into());
        };
        if slot.replace(argument).is_some() {
            let name =
                parameters[position].name().map_or_else(|| "this argument".to_owned(), |name| format!("`{name}`"));
            return Err(Mistake::of_words(format!("{name} is given twice")).at(extent).into());
        }
    }
    let mut places = parameters.iter().zip(&values);
    match places.find(|(parameter, value)| value.is_none() && parameter.default.is_none()) {
        Some((parameter, _)) => {
            let name = parameter.name().map_or_else(|| "a tuple".to_owned(), |name| format!("`{name}`"));
            let mistake = Mistake::of_words(format!("`{}` needs an argument for {name}", function.name));
            Err(mistake.help(signature(function)).into())
        }
        None => Ok((values, scope)),
    }
}

fn no_such_argument(function: &ast::Function, name: &Ident) -> Mistake {
    let known: Vec<String> =
        function.parameters.iter().filter_map(|known| known.name()).map(Ident::to_string).collect();
    let hint = nearest_argument(&name.to_string(), &known);
    let mistake = Mistake::of_words(format!("`{}` has no argument `{name}`", function.name)).at(name.span());
    mistake.note(format!("it has {}", listed(&known))).maybe_help(hint)
}

/// The call with the names of its parameters: "`layer(x, units, stride = …)`".
fn signature(function: &ast::Function) -> String {
    let parameter = |parameter: &ast::Parameter| {
        let name = parameter.name().map_or_else(|| "(…)".to_owned(), Ident::to_string);
        if parameter.default.is_some() { format!("{name} = …") } else { name }
    };
    let parameters: Vec<String> = function.parameters.iter().map(parameter).collect();
    format!("`{}({})`", function.name, parameters.join(", "))
}
