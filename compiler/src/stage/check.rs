//! What can be known without values: names that stand for nothing and syntax that the language lacks, also in blocks
//! that are never called and in branches that are never taken.

use quote::ToTokens;
use syn::{Block, Expr, ExprCall, ExprClosure, ExprRange, Ident, Local, Macro, Pat, Stmt};

use super::closure::refused;
use super::expression::{literal, unsupported};
use super::fault::{Mistake, Stop};
use super::library;
use super::lookup::unknown;
use super::macros;
use super::statement::{
    assigned_in_closure, plain_name, refused_item, refused_local, refused_pattern, unknown_variable,
};
use crate::prelude;
use crate::syntax::{Ast, Errors, Extent, ast};

/// Expressions within expressions that are followed; evaluation refuses more.
const DEPTH: usize = 320;

/// All such mistakes of a declaration.
pub fn check(ast: &Ast) -> Errors {
    let mut checker = Checker { ast, scopes: Vec::new(), captured: 0, depth: 0, errors: Errors::default() };
    for constant in &ast.constants {
        checker.expr(&constant.value);
    }
    for function in ast.functions.iter().chain([&ast.forward]).chain(&ast.loss) {
        checker.function(function);
    }
    checker.errors
}

struct Checker<'a> {
    ast: &'a Ast,
    /// Names of variables in the blocks around.
    scopes: Vec<Vec<String>>,
    /// How many of these blocks are around a closure.
    captured: usize,
    depth: usize,
    errors: Errors,
}

impl Checker<'_> {
    fn report(&mut self, stop: impl Into<Stop>, syntax: &impl ToTokens) {
        if let Stop::Mistake(mistake) = stop.into() {
            self.errors.push(mistake.at_last(Extent::of(syntax)));
        }
    }

    fn function(&mut self, function: &ast::Function) {
        self.scopes.push(Vec::new());
        for parameter in &function.parameters {
            parameter.ty.iter().for_each(|ty| self.ty(ty));
            parameter.default.iter().for_each(|default| self.expr(default));
            self.pattern(&parameter.pattern);
        }
        function.result.iter().flatten().for_each(|ty| self.ty(ty));
        self.block(&function.body);
        self.scopes.pop();
    }

    fn ty(&mut self, ty: &ast::Type) {
        ty.bound.iter().chain(&ty.dims).for_each(|expr| self.expr(expr));
    }

    fn block(&mut self, block: &Block) {
        self.scopes.push(Vec::new());
        for statement in &block.stmts {
            match statement {
                Stmt::Expr(expr, _) => self.expr(expr),
                Stmt::Local(local) => self.local(local),
                Stmt::Macro(call) => self.macro_call(&call.mac),
                Stmt::Item(item) => self.report(refused_item(), item),
            }
        }
        self.scopes.pop();
    }

    fn local(&mut self, local: &Local) {
        let (mistakes, pattern) = refused_local(local);
        for mistake in mistakes {
            self.report(mistake, local);
        }
        local.init.iter().for_each(|init| self.expr(&init.expr));
        self.pattern(pattern);
    }

    fn pattern(&mut self, pattern: &Pat) {
        match pattern {
            Pat::Ident(pattern) if pattern.by_ref.is_none() && pattern.subpat.is_none() => {
                let name = pattern.ident.to_string();
                self.scopes.last_mut().into_iter().for_each(|scope| scope.push(name.clone()));
            }
            Pat::Wild(_) => {}
            Pat::Paren(pattern) => self.pattern(&pattern.pat),
            Pat::Tuple(pattern) => pattern.elems.iter().for_each(|inner| self.pattern(inner)),
            Pat::Slice(pattern) => pattern.elems.iter().for_each(|inner| self.pattern(inner)),
            other => self.report(refused_pattern(), other),
        }
    }

    fn is_variable(&self, name: &str) -> bool {
        self.scopes.iter().flatten().any(|known| known == name)
    }

    /// Whether a variable is one around the closure whose body this is.
    fn is_captured(&self, name: &str) -> bool {
        !self.scopes[self.captured..].iter().flatten().any(|known| known == name)
    }

    fn variables(&self) -> Vec<String> {
        self.scopes.iter().flatten().cloned().collect()
    }

    fn name(&mut self, ident: &Ident) {
        let name = ident.to_string();
        let is_users = || self.ast.constants.iter().any(|constant| constant.name == name);
        let is_block = || self.ast.functions.iter().any(|function| function.name == name);
        let is_layer = || prelude::names().any(|layer| layer == name);
        let is_known = self.is_variable(&name)
            || is_users()
            || is_block()
            || library::find(&name).is_some()
            || library::symbol(&name).is_some()
            || is_layer();
        if !is_known {
            self.report(unknown(self.ast, self.variables(), &name), ident);
        }
    }

    fn expr(&mut self, expr: &Expr) {
        if self.depth < DEPTH {
            self.depth += 1;
            self.inside(expr);
            self.depth -= 1;
        }
    }

    fn inside(&mut self, expr: &Expr) {
        match expr {
            Expr::Lit(number) => {
                let result = literal(number);
                result.err().into_iter().for_each(|stop| self.report(stop, number));
            }
            Expr::Path(path) => match plain_name(expr) {
                Some(name) => self.name(name),
                None => self.report(Mistake::of_words("a name in a network is one word, without `::`"), path),
            },
            Expr::Paren(inner) => self.expr(&inner.expr),
            Expr::Group(inner) => self.expr(&inner.expr),
            Expr::Block(block) if block.label.is_none() => self.block(&block.block),
            Expr::Tuple(tuple) => tuple.elems.iter().for_each(|item| self.expr(item)),
            Expr::Array(list) => list.elems.iter().for_each(|item| self.expr(item)),
            Expr::Repeat(repeat) => [&repeat.expr, &repeat.len].into_iter().for_each(|item| self.expr(item)),
            Expr::Range(range) => self.range(range),
            Expr::Unary(unary) => self.expr(&unary.expr),
            Expr::Binary(binary) => [&binary.left, &binary.right].into_iter().for_each(|side| self.expr(side)),
            Expr::Assign(assign) => {
                self.expr(&assign.right);
                self.target(&assign.left);
            }
            Expr::If(branch) => {
                self.expr(&branch.cond);
                self.block(&branch.then_branch);
                branch.else_branch.iter().for_each(|(_, other)| self.expr(other));
            }
            Expr::ForLoop(each) => {
                self.expr(&each.expr);
                self.scopes.push(Vec::new());
                self.pattern(&each.pat);
                self.block(&each.body);
                self.scopes.pop();
            }
            Expr::Call(call) => self.call(call),
            Expr::MethodCall(call) => {
                self.expr(&call.receiver);
                self.name(&call.method);
                call.args.iter().for_each(|argument| self.argument(argument));
            }
            Expr::Field(field) => self.expr(&field.base),
            Expr::Index(index) => [&index.expr, &index.index].into_iter().for_each(|part| self.expr(part)),
            Expr::Macro(call) => self.macro_call(&call.mac),
            Expr::Closure(closure) => self.closure(closure),
            Expr::Verbatim(tokens) if tokens.is_empty() => {}
            other => self.report(unsupported(other), other),
        }
    }

    fn closure(&mut self, closure: &ExprClosure) {
        for mistake in refused(closure) {
            self.report(mistake, closure);
        }
        let around = std::mem::replace(&mut self.captured, self.scopes.len());
        self.scopes.push(Vec::new());
        for pattern in &closure.inputs {
            self.pattern(if let Pat::Type(typed) = pattern { &typed.pat } else { pattern });
        }
        self.expr(&closure.body);
        self.scopes.pop();
        self.captured = around;
    }

    fn range(&mut self, range: &ExprRange) {
        range.start.iter().chain(&range.end).for_each(|end| self.expr(end));
    }

    fn call(&mut self, call: &ExprCall) {
        self.expr(&call.func);
        let builtin = plain_name(&call.func).and_then(|name| library::find(&name.to_string()));
        let takes_name = builtin.is_some_and(|builtin| builtin.takes_name_of);
        for argument in &call.args {
            let names_layer = |expr: &Expr| plain_name(expr).is_some_and(|name| name == "of");
            if !(takes_name && matches!(argument, Expr::Assign(assign) if names_layer(&assign.left))) {
                self.argument(argument);
            }
        }
    }

    fn argument(&mut self, argument: &Expr) {
        match argument {
            Expr::Assign(named) => self.expr(&named.right),
            value => self.expr(value),
        }
    }

    fn target(&mut self, target: &Expr) {
        match target {
            Expr::Tuple(targets) => targets.elems.iter().for_each(|target| self.target(target)),
            Expr::Infer(_) => {}
            _ => match plain_name(target) {
                Some(name) if !self.is_variable(&name.to_string()) => {
                    self.report(unknown_variable(&name.to_string(), &self.variables()), target);
                }
                Some(name) if self.is_captured(&name.to_string()) => {
                    self.report(assigned_in_closure(&name.to_string()), target);
                }
                Some(_) => {}
                None => self.report(Mistake::of_words("only a variable can be assigned"), target),
            },
        }
    }

    fn macro_call(&mut self, call: &Macro) {
        match macros::arguments(call) {
            Ok(arguments) => arguments.iter().for_each(|argument| self.argument(argument)),
            Err(stop) => self.report(stop, &call.path),
        }
    }
}
