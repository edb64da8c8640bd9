//! Calls: arguments by position and name, functions of the user and of the language.

use proc_macro2::Span;
use syn::punctuated::Punctuated;
use syn::{Expr, ExprCall, ExprMethodCall, Ident, Token};

use super::evaluator::Evaluator;
use super::fault::{Mistake, Outcome, Stop};
use super::library::{Arguments, Builtin, Call, is_private, names, suggestion};
use super::statement::plain_name;
use super::value::{Datum, Function};
use crate::syntax::Extent;

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
        let name = Extent::of_expr(&call.func);
        let extent = Extent { start: name.start, end: call.paren_token.span.close() };
        let function = match plain_name(&call.func) {
            Some(name) => self.callee(name),
            None => Ok(self.evaluate(&call.func)),
        };
        let given = self.arguments(&call.args, Vec::new(), function.as_ref().ok());
        match function? {
            Datum::Function(function) => self.apply(function, given, name.start, extent),
            Datum::Poison => Err(Stop::Poisoned),
            other => Err(no_function(&other).at(name).into()),
        }
    }

    /// `x.f(a)` is `f(x, a)`
    pub fn method(&mut self, call: &'b ExprMethodCall) -> Outcome<Datum<'b>> {
        let place = Extent::of_expr(&call.receiver);
        let extent = Extent { start: place.start, end: call.paren_token.span.close() };
        let receiver = Given { name: None, datum: self.evaluate(&call.receiver), extent: place };
        let function = self.callee(&call.method);
        let given = self.arguments(&call.args, vec![receiver], function.as_ref().ok());
        match function? {
            Datum::Function(function) => self.apply(function, given, call.method.span(), extent),
            Datum::Poison => Err(Stop::Poisoned),
            other => Err(no_function(&other).at(call.method.span()).into()),
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
                        self.report(
                            Mistake::of_words("the name of an argument is one word, without `::`").into(),
                            &assign.left,
                        );
                        (None, &*assign.right)
                    }
                },
                value => (None, value),
            };
            let dotted = name.as_ref().filter(|name| takes_names && *name == "of").and_then(|_| dotted_name(value));
            let datum = dotted.map_or_else(|| self.evaluate(value), Datum::Text);
            given.push(Given { name, datum, extent: Extent::of_expr(value) });
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
            Function::User(function) => self.apply_block(function, false, given, extent),
            Function::Prelude(layer) => self.apply_block(layer, true, given, extent),
            Function::Closure(closure) => self.apply_closure(&closure, given, extent),
        }
    }

    fn apply_builtin(&mut self, builtin: &'static Builtin, given: Vec<Given<'b>>, name: Span) -> Outcome<Datum<'b>> {
        let is_private = is_private(builtin.name);
        let subject = if is_private { self.calls.innermost() } else { builtin.name };
        let arguments = Arguments::bind(builtin, subject.to_owned(), given)?;
        if arguments.are_poisoned() {
            return Err(Stop::Poisoned);
        }
        let scope = arguments.name()?;
        let opens = builtin.name != "param" && builtin.passes_on.is_none() && !is_private;
        let opened = opens.then(|| self.names.open(builtin.name, scope.clone()));
        let mut call = Call { evaluator: self, arguments, span: name, scope: opened, leaf_name: scope };
        let value = (builtin.run)(&mut call);
        let unfit = call.evaluator.builder.take_fault().map(|fault| call.arguments.unfit(&fault.0));
        if opened.is_some() {
            self.names.close();
        }
        match (value, unfit) {
            (Ok(_), Some(mistake)) => Err(mistake.into()),
            (value, _) => value,
        }
    }
}

fn no_function(datum: &Datum<'_>) -> Mistake {
    let functions: Vec<String> = names().map(ToOwned::to_owned).collect();
    let hint = match datum {
        Datum::Symbol(word) => suggestion(word, &functions),
        _ => None,
    };
    Mistake::new(format!("{} is not a function", datum.describe())).maybe_help(hint)
}

/// The name that `name = "head"` gives a scope.
pub fn scope_name(given: &Given<'_>) -> Outcome<String> {
    let is_word = |part: &str| !part.is_empty() && part.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    match &given.datum {
        Datum::Text(text) if text.split('.').all(is_word) => Ok(text.clone()),
        Datum::Poison => Err(Stop::Poisoned),
        _ => {
            let message = "a name is a string of words with dots between them, such as \"head.weight\"";
            Err(Mistake::of_words(message).at(given.extent).into())
        }
    }
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
