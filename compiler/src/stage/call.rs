//! Calls: arguments by position and name, functions of the user and of the language.

use proc_macro2::Span;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, ExprCall, ExprMethodCall, Ident, Token};

use super::evaluator::Evaluator;
use super::fault::{Mistake, Outcome, Stop, nearest};
use super::library::{Arguments, Builtin, Call};
use super::statement::plain_name;
use super::value::{Datum, Function, Origin};
use crate::syntax::{Extent, ast};

/// An argument as it was given.
#[derive(Clone)]
pub struct Given<'b> {
    /// The name in front of `=`.
    pub name: Option<Ident>,
    /// Its value.
    pub datum: Datum<'b>,
    /// Where it is.
    pub extent: Extent,
}

impl<'b> Evaluator<'b> {
    /// `f(a, name = b)`
    pub fn call(&mut self, call: &'b ExprCall) -> Outcome<Datum<'b>> {
        let function = match plain_name(&call.func) {
            Some(name) => self.callee(name),
            None => Ok(self.evaluate(&call.func)),
        };
        let given = self.arguments(&call.args, Vec::new(), function.as_ref().ok());
        match function? {
            Datum::Function(function) => self.apply(function, given, call.func.span(), Extent::of(call)),
            Datum::Poison => Err(Stop::Poisoned),
            other => {
                Err(Mistake::new(format!("{} is not a function", other.describe())).at(Extent::of(&call.func)).into())
            }
        }
    }

    /// `x.f(a)` is `f(x, a)`
    pub fn method(&mut self, call: &'b ExprMethodCall) -> Outcome<Datum<'b>> {
        let receiver = Given { name: None, datum: self.evaluate(&call.receiver), extent: Extent::of(&call.receiver) };
        let function = self.callee(&call.method);
        let given = self.arguments(&call.args, vec![receiver], function.as_ref().ok());
        match function? {
            Datum::Function(function) => self.apply(function, given, call.method.span(), Extent::of(call)),
            Datum::Poison => Err(Stop::Poisoned),
            other => Err(Mistake::new(format!("{} is not a function", other.describe())).at(call.method.span()).into()),
        }
    }

    fn arguments(
        &mut self,
        arguments: &'b Punctuated<Expr, Token![,]>,
        mut given: Vec<Given<'b>>,
        function: Option<&Datum<'b>>,
    ) -> Vec<Given<'b>> {
        let takes_names =
            matches!(function, Some(Datum::Function(Function::Builtin(builtin))) if builtin.takes_name_of);
        for argument in arguments {
            let (name, value) = match argument {
                Expr::Assign(assign) => match plain_name(&assign.left) {
                    Some(name) => (Some(name.clone()), &*assign.right),
                    None => {
                        self.report(Mistake::new("the name of an argument is one word").into(), &assign.left);
                        (None, &*assign.right)
                    }
                },
                value => (None, value),
            };
            let dotted = name.as_ref().filter(|name| takes_names && *name == "of").and_then(|_| dotted_name(value));
            let datum = dotted.map_or_else(|| self.evaluate(value), Datum::Text);
            given.push(Given { name, datum, extent: Extent::of(value) });
        }
        given
    }

    /// Calls a function with arguments that are already evaluated.
    pub fn apply(
        &mut self,
        function: Function<'b>,
        given: Vec<Given<'b>>,
        name: Span,
        extent: Extent,
    ) -> Outcome<Datum<'b>> {
        match function {
            Function::Builtin(builtin) => self.apply_builtin(builtin, given, name),
            Function::User(function) => self.apply_user(function, given, extent),
        }
    }

    fn apply_builtin(&mut self, builtin: &'static Builtin, given: Vec<Given<'b>>, name: Span) -> Outcome<Datum<'b>> {
        let arguments = Arguments::bind(builtin, given)?;
        if arguments.are_poisoned() {
            return Err(Stop::Poisoned);
        }
        let scope = arguments.name()?;
        let opens = builtin.name != "param" && !builtin.passes_on;
        let opened = opens.then(|| self.names.open(builtin.name, scope.clone()));
        let mut call = Call { evaluator: self, arguments, span: name, scope: opened, leaf_name: scope };
        let value = (builtin.run)(&mut call);
        if opened.is_some() {
            self.names.close();
        }
        let value = value?;
        self.check_builder()?;
        Ok(value)
    }

    fn apply_user(&mut self, function: &'b ast::Function, given: Vec<Given<'b>>, extent: Extent) -> Outcome<Datum<'b>> {
        let (mut values, scope) = bind_user(function, given)?;
        self.enter_call(function.name.to_string(), extent)?;
        self.names.open(&function.name.to_string(), scope);
        let caller = self.environment.enter();
        for (parameter, value) in function.parameters.iter().zip(&mut values) {
            let datum = match (value.take(), &parameter.default) {
                (Some(given), _) => given,
                (None, Some(default)) => self.evaluate(default),
                (None, None) => Datum::Poison,
            };
            let datum = self.as_input(datum, parameter, function);
            self.bind(&parameter.pattern, datum);
        }
        let value = self.block(&function.body);
        self.environment.leave(caller);
        self.names.close();
        self.leave_call();
        Ok(value)
    }

    fn as_input(&mut self, datum: Datum<'b>, parameter: &'b ast::Parameter, function: &ast::Function) -> Datum<'b> {
        let (Datum::Tensor(mut tensor), Some(name)) = (datum.clone(), parameter.name()) else { return datum };
        if let Some(declared) = &parameter.ty {
            let expected = self.resolve_type(declared);
            if let Some(expected) = expected.filter(|expected| *expected != tensor.expr.ty()) {
                let message = format!("`{name}` is declared as {}, but it is {}", expected.written(), tensor.written());
                self.report(Mistake::of_values(message).note(tensor.story("it")).into(), name);
                return Datum::Poison;
            }
        }
        tensor.origin = Origin::input(&name.to_string(), &function.name.to_string(), name.span());
        Datum::Tensor(tensor)
    }
}

type Values<'b> = (Vec<Option<Datum<'b>>>, Option<String>);

/// The values of the parameters, in order, and the name of the scope.
fn bind_user<'b>(function: &ast::Function, given: Vec<Given<'b>>) -> Outcome<Values<'b>> {
    let parameters = &function.parameters;
    let mut values: Vec<Option<Datum<'b>>> = vec![None; parameters.len()];
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
                    scope = Some(scope_name(&argument.datum).ok_or_else(|| bad_scope(argument.extent))?);
                    continue;
                }
                None => return Err(no_such_argument(function, name).into()),
            },
        };
        let Some(slot) = values.get_mut(position) else {
            let message = format!("`{}` takes {} arguments, and this is one more", function.name, parameters.len());
            return Err(Mistake::new(message).at(argument.extent).into());
        };
        if slot.replace(argument.datum).is_some() {
            return Err(Mistake::new("this argument is given twice").at(argument.extent).into());
        }
    }
    let lacking =
        parameters.iter().zip(&values).find(|(parameter, value)| value.is_none() && parameter.default.is_none());
    if let Some((parameter, _)) = lacking {
        let name = parameter.name().map_or_else(|| "a tuple".to_owned(), |name| format!("`{name}`"));
        return Err(Mistake::new(format!("`{}` needs an argument for {name}", function.name)).into());
    }
    Ok((values, scope))
}

fn no_such_argument(function: &ast::Function, name: &Ident) -> Mistake {
    let known: Vec<String> =
        function.parameters.iter().filter_map(|known| known.name()).map(Ident::to_string).collect();
    let hint = nearest(&name.to_string(), known.iter().map(String::as_str));
    let mistake = Mistake::new(format!("`{}` has no argument `{name}`", function.name)).at(name.span());
    mistake.note(format!("it has {}", super::library::listed(&known))).maybe_help(hint)
}

/// The name that `name = "head"` gives a scope.
pub fn scope_name(datum: &Datum<'_>) -> Option<String> {
    let Datum::Text(text) = datum else { return None };
    let is_word = |part: &str| !part.is_empty() && part.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    text.split('.').all(is_word).then(|| text.clone())
}

/// What is said about any other.
pub fn bad_scope(extent: Extent) -> Mistake {
    Mistake::new("a name is a string of words with dots between them, such as \"head.weight\"").at(extent)
}

fn dotted_name(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Path(_) => plain_name(expr).map(Ident::to_string),
        Expr::Field(field) => match &field.member {
            syn::Member::Named(name) => Some(format!("{}.{name}", dotted_name(&field.base)?)),
            syn::Member::Unnamed(_) => None,
        },
        _ => None,
    }
}
