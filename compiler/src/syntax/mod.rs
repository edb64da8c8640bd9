//! Tokens in, [`Ast`] out: the grammar of items and types; bodies are Rust blocks that `syn` parses.
//!
//! A mistake in one item does not hide those in the next: each is parsed by itself.

pub mod ast;
mod budget;
pub mod errors;
pub mod extent;
mod grammar;
mod items;

use proc_macro2::{Span, TokenStream};
use syn::parse::{Parse, Parser};

pub use ast::Ast;
pub use errors::{Diagnostic, Errors};
pub use extent::Extent;
pub use grammar::ITEM_IN_BODY;

use ast::{Item, Model};

/// Parses a declaration.
///
/// # Errors
/// One syntax error for each item that has one, or what a network lacks.
pub fn parse(tokens: TokenStream) -> Result<Ast, Errors> {
    let mut errors = Errors::default();
    let mut parsed = Vec::new();
    for item in items::split(tokens) {
        match items::check_nesting(&item).and_then(|()| parse_item(item)) {
            Ok(item) => parsed.push(item),
            Err(error) => errors.push(error),
        }
    }
    let ast = collect(parsed, &mut errors);
    errors.into_result()?;
    Ok(ast)
}

/// The declaration with empty bodies, if its types can be read: what is still emitted when something else is wrong.
pub fn outline(tokens: TokenStream) -> Option<Ast> {
    let parsed: Vec<Item> = items::split(tokens).into_iter().filter_map(parse_head).collect();
    let has_forward = parsed.iter().any(|item| matches!(item, Item::Function(function) if function.name == "forward"));
    let has_model = parsed.iter().any(|item| matches!(item, Item::Model(_)));
    (has_model && has_forward).then(|| collect(parsed, &mut Errors::default()))
}

/// The model's attributes, visibility and name, if they alone can be read.
pub fn model(tokens: TokenStream) -> Option<Model> {
    items::split(tokens).into_iter().filter_map(parse_head).find_map(|item| match item {
        Item::Model(model) => Some(model),
        _ => None,
    })
}

/// An item whose body does not matter.
fn parse_head(tokens: TokenStream) -> Option<Item> {
    let tokens = items::without_body(tokens);
    items::check_nesting(&tokens).ok()?;
    let model = |tokens| grammar::model_head.parse2(tokens).map(Item::Model).ok();
    parse_item(tokens.clone()).ok().or_else(|| model(tokens))
}

/// A function by itself, if that is what the tokens are.
pub fn function(tokens: TokenStream) -> Option<ast::Function> {
    match parse_item(tokens) {
        Ok(Item::Function(function)) => Some(*function),
        _ => None,
    }
}

fn parse_item(tokens: TokenStream) -> Result<Item, Diagnostic> {
    let last = tokens.clone().into_iter().last().map(|token| token.span());
    <Item as Parse>::parse.parse2(tokens).map_err(|error| {
        // At the end of an item `syn` knows no better place than the whole declaration.
        let is_nowhere = error.span().start() == Span::call_site().start();
        let span = last.filter(|_| is_nowhere).unwrap_or_else(|| error.span());
        Diagnostic::new(Extent::from(span), error.to_string())
    })
}

fn collect(items: Vec<Item>, errors: &mut Errors) -> Ast {
    let (mut models, mut forwards, mut losses, mut budgets) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut ast = Ast::default();
    for item in items {
        match item {
            Item::Model(model) => models.push(model),
            Item::Constant(constant) => ast.constants.push(constant),
            Item::Function(function) if function.name == "forward" => forwards.push(*function),
            Item::Function(function) if function.name == "loss" => losses.push(*function),
            Item::Function(function) => ast.functions.push(*function),
            Item::Budget(budget) => budgets.push(budget),
        }
    }
    for second in models.iter().skip(1) {
        errors.push(Diagnostic::new(second.name.span(), "a network has one `struct`, and this is the second"));
    }
    for second in forwards.iter().skip(1).chain(losses.iter().skip(1)) {
        let message = format!("`{}` is defined twice", second.name);
        errors.push(Diagnostic::new(second.name.span(), message));
    }
    for second in budgets.iter().skip(1) {
        errors.push(Diagnostic::new(second.keyword, "a network has one `budget`, and this is the second"));
    }
    if errors.is_empty() {
        check_present(&models, &forwards, errors);
    }
    ast.model = models.into_iter().next().unwrap_or_default();
    ast.forward = forwards.into_iter().next().unwrap_or_default();
    ast.loss = losses.into_iter().next();
    ast.budget = budgets.into_iter().next();
    check_names(&ast, errors);
    ast
}

fn check_present(models: &[Model], forwards: &[ast::Function], errors: &mut Errors) {
    if models.is_empty() {
        let place = forwards.first().map_or_else(Span::call_site, |forward| forward.name.span());
        let lack = Diagnostic::new(place, "a network needs a name").help("add `pub struct Name;`");
        errors.push(lack);
    } else if let ([model, ..], []) = (models, forwards) {
        let lack = Diagnostic::new(model.name.span(), format!("`{}` has no `forward`", model.name));
        errors.push(lack.help("add `fn forward(x: [784]) -> [10] { … }` with the types of your data"));
    }
}

fn check_names(ast: &Ast, errors: &mut Errors) {
    let names = ast.constants.iter().map(|constant| &constant.name);
    let mut seen: Vec<&syn::Ident> = Vec::new();
    for name in names.chain(ast.functions.iter().map(|function| &function.name)) {
        if let Some(first) = seen.iter().find(|first| **first == name) {
            let twice = Diagnostic::new(name.span(), format!("`{name}` is defined twice"));
            errors.push(twice.note(format!("the first is at {}", errors::location(first.span()))));
        }
        seen.push(name);
    }
}
