//! What names stand for: variables, constants, functions and words, in this order.

use syn::Ident;

use super::calls::Calls;
use super::environment::Scopes;
use super::evaluator::Evaluator;
use super::fault::{Mistake, Outcome};
use super::library;
use super::value::{Datum, Function};
use crate::prelude;
use crate::syntax::{Ast, ast};

impl<'b> Evaluator<'b> {
    /// What a name in front of parentheses stands for: a function, even if a variable that is none has its name.
    pub fn callee(&mut self, ident: &Ident) -> Outcome<Datum<'b>> {
        let name = ident.to_string();
        let hides = |datum: &Datum<'b>| !matches!(datum, Datum::Function(_));
        if self.environment.variable(&name).is_some_and(|variable| hides(&variable.datum))
            && let Some(function) = self.function(&name)
        {
            return Ok(Datum::Function(function));
        }
        self.name(ident)
    }

    /// The function of a name; the prelude sees none of the user's, and the user none that is private to the prelude.
    fn function(&self, name: &str) -> Option<Function<'b>> {
        let ast = self.ast;
        let in_prelude = self.calls.in_prelude();
        let users = || ast.functions.iter().find(|function| function.name == name).map(Function::User);
        let users = if in_prelude { None } else { users() };
        if library::is_private(name) && !in_prelude {
            return users;
        }
        let builtin = || library::find(name).or_else(|| library::find_private(name)).map(Function::Builtin);
        users.or_else(builtin).or_else(|| self.prelude.find(name).map(Function::Prelude))
    }

    /// What a name stands for.
    pub fn name(&mut self, ident: &Ident) -> Outcome<Datum<'b>> {
        let name = ident.to_string();
        if let Some(datum) = self.look_up(&name) {
            return datum;
        }
        let mistake = unknown(self.ast, self.environment.names(), &name);
        Err(mistake.at(ident.span()).into())
    }

    /// What a name stands for, if anything.
    pub fn look_up(&mut self, name: &str) -> Option<Outcome<Datum<'b>>> {
        if let Some(datum) = self.environment.look_up(name) {
            return Some(Ok(datum));
        }
        let ast = self.ast;
        let constant = ast.constants.iter().find(|constant| constant.name == name);
        if let Some(constant) = constant.filter(|_| !self.calls.in_prelude()) {
            return Some(self.constant(constant));
        }
        let function = self.function(name).map(Datum::Function);
        function.or_else(|| library::symbol(name).map(Datum::Symbol)).map(Ok)
    }

    /// The value of a constant.
    pub fn constant(&mut self, constant: &'b ast::Constant) -> Outcome<Datum<'b>> {
        let name = constant.name.to_string();
        match self.constants.get(&name) {
            Some(Some(datum)) => return Ok(datum.clone()),
            Some(None) => {
                let mistake = Mistake::of_words(format!("the constant `{name}` depends on itself"));
                return Err(mistake.at(constant.name.span()).into());
            }
            None => {}
        }
        self.constants.insert(name.clone(), None);
        let caller = self.environment.enter(Scopes::none(false));
        let calls = std::mem::replace(&mut self.calls, Calls::new(&name));
        let mut datum = self.evaluate(&constant.value);
        if datum.has_tensor() {
            let mistake = Mistake::new(format!("the constant `{name}` is a tensor, but constants are static values"));
            let mistake = mistake.help("a `let` in a body, or a `fn` that gives it");
            self.report(mistake.into(), &constant.value);
            datum = Datum::Poison;
        }
        self.calls = calls;
        self.environment.leave(caller);
        self.environment.values.note(&constant.name, &datum);
        self.constants.insert(name, Some(datum.clone()));
        Ok(datum)
    }
}

/// What is said of a name that stands for nothing, in sight of these variables.
pub fn unknown(ast: &Ast, variables: Vec<String>, name: &str) -> Mistake {
    if library::is_planned(name) {
        return Mistake::of_words(format!("`{name}` is not available in this version"));
    }
    let mut known = variables;
    known.extend(ast.constants.iter().map(|constant| constant.name.to_string()));
    known.extend(ast.functions.iter().map(|function| function.name.to_string()));
    known.extend(library::names().map(ToOwned::to_owned));
    known.extend(prelude::names().map(ToOwned::to_owned));
    let help = match name {
        "True" | "False" => Some("`true` and `false` are written in lower case".to_owned()),
        "None" => Some("`none` is written in lower case".to_owned()),
        "B" | "BATCH" | "BATCH_SIZE" | "batch_size" => Some("the batch is not written in the declaration".to_owned()),
        "shape" | "rank" | "channels" | "height" | "width" => Some(format!("`x.{name}` is written without `()`")),
        _ => library::suggestion(name, &known),
    };
    Mistake::of_words(format!("there is no `{name}` here")).maybe_help(help)
}
