//! Names as they are written, each use led to its definition: what editors follow and what nothing reads.
//!
//! The syntax tree is walked, not evaluated, so that a branch that is not taken uses names too.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{BinOp, Block, Expr, ExprClosure, Ident, Local, Pat, Stmt, Token};

use super::environment::Values;
use super::library;
use super::parameters::name_of;
use super::statement::plain_name;
use crate::ir::hash::Map;
use crate::network::{Binding, BindingKind};
use crate::prelude;
use crate::syntax::{Ast, ast};

/// Expressions within expressions that are followed.
const DEPTH: usize = 320;

/// The names of a declaration; `values` says what they held.
pub fn bindings(ast: &Ast, values: &Values) -> Vec<Binding> {
    let mut resolver = Resolver {
        ast,
        values,
        bindings: Vec::new(),
        places: Map::default(),
        closures: Map::default(),
        scope: Vec::new(),
        within: None,
        depth: 0,
    };
    for constant in &ast.constants {
        resolver.define(&constant.name, BindingKind::Constant);
    }
    for function in &ast.functions {
        let place = resolver.define(&function.name, BindingKind::Block);
        resolver.bindings[place].shown = signature(function);
        function.parameters.iter().for_each(|parameter| resolver.define_pattern(&parameter.pattern));
    }
    for constant in &ast.constants {
        resolver.expr(&constant.value);
    }
    for function in ast.functions.iter().chain([&ast.forward]).chain(&ast.loss) {
        resolver.function(function);
    }
    resolver.bindings
}

struct Resolver<'a> {
    ast: &'a Ast,
    values: &'a Values,
    bindings: Vec<Binding>,
    /// The binding of each identifier that defines one.
    places: Map<*const Ident, usize>,
    /// The closures that variables were bound to.
    closures: Map<usize, &'a ExprClosure>,
    /// Variables in sight, the nearest last.
    scope: Vec<(String, usize)>,
    /// The block whose body this is: calling itself does not count.
    within: Option<usize>,
    depth: usize,
}

impl<'a> Resolver<'a> {
    fn define(&mut self, ident: &'a Ident, kind: BindingKind) -> usize {
        let place = self.bindings.len();
        let known = *self.places.entry(ident).or_insert(place);
        if known == place {
            let is_unused = !ident.to_string().starts_with('_');
            let (name, shown) = (ident.clone(), self.values.shown(ident));
            self.bindings.push(Binding { name, kind, shown, uses: Vec::new(), is_unused, needless_mut: None });
        }
        known
    }

    fn define_pattern(&mut self, pattern: &'a Pat) {
        each_name(pattern, &mut |name, _| {
            self.define(name, BindingKind::Variable);
        });
    }

    /// Brings the names of a pattern into sight.
    fn bind(&mut self, pattern: &'a Pat) {
        each_name(pattern, &mut |name, mutability| {
            let place = self.define(name, BindingKind::Variable);
            self.bindings[place].needless_mut = mutability;
            self.scope.push((name.to_string(), place));
        });
    }

    fn function(&mut self, function: &'a ast::Function) {
        self.within = self.places.get(&(&raw const function.name)).copied();
        for parameter in &function.parameters {
            parameter.ty.iter().for_each(|ty| self.written_type(ty));
            parameter.default.iter().for_each(|default| self.expr(default));
            self.bind(&parameter.pattern);
        }
        self.block(&function.body);
        self.scope.clear();
        function.result.iter().flatten().for_each(|ty| self.written_type(ty));
    }

    fn written_type(&mut self, ty: &'a ast::Type) {
        ty.bound.iter().chain(&ty.dims).for_each(|expr| self.expr(expr));
    }

    fn block(&mut self, block: &'a Block) {
        let outside = self.scope.len();
        for statement in &block.stmts {
            match statement {
                Stmt::Expr(expr, _) => self.expr(expr),
                Stmt::Local(local) => {
                    local.init.iter().for_each(|init| self.expr(&init.expr));
                    self.bind(&local.pat);
                    self.note_closure(local);
                }
                Stmt::Macro(call) => self.words(call.mac.tokens.clone()),
                Stmt::Item(_) => {}
            }
        }
        self.scope.truncate(outside);
    }

    fn expr(&mut self, expr: &'a Expr) {
        if self.depth == DEPTH {
            return;
        }
        self.depth += 1;
        self.parts(expr);
        self.depth -= 1;
    }

    fn parts(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Path(_) => plain_name(expr).into_iter().for_each(|name| self.read(name)),
            Expr::Paren(inner) => self.expr(&inner.expr),
            Expr::Group(inner) => self.expr(&inner.expr),
            Expr::Unary(unary) => self.expr(&unary.expr),
            Expr::Field(field) => self.expr(&field.base),
            Expr::Tuple(tuple) => tuple.elems.iter().for_each(|item| self.expr(item)),
            Expr::Array(list) => list.elems.iter().for_each(|item| self.expr(item)),
            Expr::Range(range) => range.start.iter().chain(&range.end).for_each(|end| self.expr(end)),
            Expr::Index(index) => [&index.expr, &index.index].into_iter().for_each(|part| self.expr(part)),
            Expr::Block(block) => self.block(&block.block),
            Expr::Assign(assign) => {
                self.expr(&assign.right);
                self.assigned(&assign.left);
            }
            Expr::Binary(binary) => {
                if is_assignment(&binary.op) {
                    self.assigned(&binary.left)
                } else {
                    self.expr(&binary.left)
                }
                self.expr(&binary.right);
            }
            Expr::If(branch) => {
                self.expr(&branch.cond);
                self.block(&branch.then_branch);
                branch.else_branch.iter().for_each(|(_, other)| self.expr(other));
            }
            Expr::ForLoop(each) => {
                self.expr(&each.expr);
                let outside = self.scope.len();
                self.bind(&each.pat);
                self.block(&each.body);
                self.scope.truncate(outside);
            }
            Expr::Call(call) => match plain_name(&call.func) {
                Some(name) => self.call(name, &call.args),
                None => {
                    self.expr(&call.func);
                    call.args.iter().for_each(|argument| self.expr(argument));
                }
            },
            Expr::Closure(closure) => {
                let outside = self.scope.len();
                closure.inputs.iter().for_each(|pattern| self.bind(pattern));
                self.expr(&closure.body);
                self.scope.truncate(outside);
            }
            Expr::Macro(call) => self.words(call.mac.tokens.clone()),
            Expr::Repeat(repeat) => [&repeat.expr, &repeat.len].into_iter().for_each(|part| self.expr(part)),
            Expr::MethodCall(call) => {
                self.expr(&call.receiver);
                self.call(&call.method, &call.args);
            }
            _ => {}
        }
    }

    /// Reads the names in the arguments of a macro, also those in braces in its strings.
    fn words(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Ident(name) => self.read(&name),
                TokenTree::Group(group) => self.words(group.stream()),
                TokenTree::Literal(literal) => {
                    let text = literal.to_string();
                    let names = text.split('{').skip(1).filter_map(|part| part.split(['}', ':']).next());
                    for name in names {
                        let place = self.variable(name);
                        place.into_iter().for_each(|place| self.bindings[place].is_unused = false);
                    }
                }
                TokenTree::Punct(_) => {}
            }
        }
    }

    fn call(&mut self, callee: &'a Ident, arguments: &'a Punctuated<Expr, Token![,]>) {
        let place = self.callee(callee);
        place.into_iter().for_each(|place| self.read_place(place, callee.span()));
        let function = match place {
            Some(place) => self.function_at(place),
            None => library::find(&callee.to_string())
                .and_then(|builtin| builtin.passes_on)
                .and_then(|name| passed(name, arguments))
                .and_then(|function| self.function_of(function)),
        };
        for argument in arguments {
            let Expr::Assign(named) = argument else {
                self.expr(argument);
                continue;
            };
            let name = plain_name(&named.left);
            let parameter = name.and_then(|name| function?.parameter(name));
            if let (Some(name), Some(parameter)) = (name, parameter) {
                let place = self.define(parameter, BindingKind::Variable);
                self.bindings[place].uses.push(name.span());
            }
            // `l2(1e-4, of = hidden)` names parameters, not a variable.
            if place.is_some() || name.is_none_or(|name| name != "of") {
                self.expr(&named.right);
            }
        }
    }

    fn note_closure(&mut self, local: &'a Local) {
        if let (Pat::Ident(pattern), Some(init)) = (&local.pat, &local.init)
            && let (Expr::Closure(closure), Some(place)) = (&*init.expr, self.places.get(&(&raw const pattern.ident)))
        {
            self.closures.insert(*place, closure);
        }
    }

    /// The block or closure of a binding.
    fn function_at(&self, place: usize) -> Option<Written<'a>> {
        let ast = self.ast;
        let is_here = |function: &&ast::Function| self.places.get(&(&raw const function.name)) == Some(&place);
        let block = ast.functions.iter().find(is_here).map(Written::Block);
        block.or_else(|| self.closures.get(&place).copied().map(Written::Closure))
    }

    /// The block or closure that an expression is.
    fn function_of(&self, expr: &'a Expr) -> Option<Written<'a>> {
        match expr {
            Expr::Closure(closure) => Some(Written::Closure(closure)),
            _ => self.function_at(self.callee(plain_name(expr)?)?),
        }
    }

    /// A variable that holds no function does not hide the function of its name.
    fn callee(&self, name: &Ident) -> Option<usize> {
        let text = name.to_string();
        let block = self.ast.functions.iter().find(|function| function.name == *name);
        let is_layer = || prelude::names().any(|layer| layer == text);
        let is_function = block.is_some() || library::find(&text).is_some() || is_layer();
        match self.variable(&text) {
            Some(place) if !is_function || self.holds_function(place) => Some(place),
            _ => block.and_then(|block| self.places.get(&(&raw const block.name)).copied()),
        }
    }

    fn holds_function(&self, place: usize) -> bool {
        self.places.iter().any(|(ident, known)| *known == place && self.values.is_function(*ident))
    }

    fn variable(&self, name: &str) -> Option<usize> {
        self.scope.iter().rev().find(|(known, _)| known == name).map(|(_, place)| *place)
    }

    fn find(&self, name: &Ident) -> Option<usize> {
        let ast = self.ast;
        self.variable(&name.to_string()).or_else(|| {
            let constants = ast.constants.iter().map(|constant| &constant.name);
            let mut globals = constants.chain(ast.functions.iter().map(|function| &function.name));
            globals.find(|known| *known == name).and_then(|known| self.places.get(&(&raw const *known)).copied())
        })
    }

    fn read(&mut self, name: &Ident) {
        if let Some(place) = self.find(name) {
            self.read_place(place, name.span());
        }
    }

    fn read_place(&mut self, place: usize, span: Span) {
        let binding = &mut self.bindings[place];
        binding.uses.push(span);
        binding.is_unused &= self.within == Some(place);
    }

    fn assigned(&mut self, target: &'a Expr) {
        match (target, plain_name(target)) {
            (Expr::Tuple(targets), _) => targets.elems.iter().for_each(|target| self.assigned(target)),
            (_, Some(name)) => {
                if let Some(place) = self.find(name) {
                    self.bindings[place].uses.push(name.span());
                    self.bindings[place].needless_mut = None;
                }
            }
            _ => {}
        }
    }
}

/// A function whose parameters are written in the declaration.
#[derive(Clone, Copy)]
enum Written<'a> {
    Block(&'a ast::Function),
    Closure(&'a ExprClosure),
}

impl<'a> Written<'a> {
    fn parameter(self, name: &Ident) -> Option<&'a Ident> {
        match self {
            Self::Block(function) => {
                function.parameters.iter().filter_map(ast::Parameter::name).find(|known| *known == name)
            }
            Self::Closure(closure) => closure.inputs.iter().filter_map(name_of).find(|known| *known == name),
        }
    }
}

/// The function among the arguments, in the first place or by its name.
fn passed<'a>(name: &str, arguments: &'a Punctuated<Expr, Token![,]>) -> Option<&'a Expr> {
    let is_named = |argument: &&Expr| matches!(argument, Expr::Assign(_));
    let named = arguments.iter().find_map(|argument| match argument {
        Expr::Assign(assign) if plain_name(&assign.left).is_some_and(|known| known == name) => Some(&*assign.right),
        _ => None,
    });
    named.or_else(|| arguments.first().filter(|argument| !is_named(argument)))
}

const fn is_assignment(op: &BinOp) -> bool {
    matches!(
        op,
        BinOp::AddAssign(_) | BinOp::SubAssign(_) | BinOp::MulAssign(_) | BinOp::DivAssign(_) | BinOp::RemAssign(_)
    )
}

/// `fn block(x, stride = 1)`, as Markdown.
fn signature(function: &ast::Function) -> String {
    let parameter = |parameter: &ast::Parameter| {
        let pattern = parameter.pattern.to_token_stream();
        match &parameter.default {
            Some(default) => format!("{pattern} = {}", default.to_token_stream()),
            None => pattern.to_string(),
        }
    };
    let parameters: Vec<String> = function.parameters.iter().map(parameter).collect();
    format!("`fn {}({})`", function.name, parameters.join(", "))
}

/// Visits the names of a pattern that can be defined, each with its `mut`.
fn each_name<'a>(pattern: &'a Pat, visit: &mut dyn FnMut(&'a Ident, Option<Span>)) {
    match pattern {
        Pat::Ident(pattern) if pattern.ident != "self" => {
            visit(&pattern.ident, pattern.mutability.map(|token| token.span));
        }
        Pat::Paren(pattern) => each_name(&pattern.pat, visit),
        Pat::Type(pattern) => each_name(&pattern.pat, visit),
        Pat::Tuple(pattern) => pattern.elems.iter().for_each(|inner| each_name(inner, visit)),
        Pat::Slice(pattern) => pattern.elems.iter().for_each(|inner| each_name(inner, visit)),
        _ => {}
    }
}
