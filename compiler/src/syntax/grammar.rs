//! The grammar of items, parameters and types.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use syn::parse::{Error, Parse, ParseStream, Result};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, ExprPath, Ident, Lit, Pat, Token, Visibility, braced, bracketed, parenthesized};

use super::ast::{Constant, Function, Item, Model, Parameter, Type};

/// What is said of an item in a body.
pub const ITEM_IN_BODY: &str = "an item belongs at the top of the network, not into a body";

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility: Visibility = input.parse()?;
        if input.peek(Token![struct]) {
            return model(input, attributes, visibility).map(Item::Model);
        }
        if let Some(attribute) = attributes.iter().find(|attribute| !attribute.path().is_ident("doc")) {
            return Err(Error::new_spanned(attribute, "only the `struct` takes attributes"));
        }
        if !matches!(visibility, Visibility::Inherited) {
            return Err(Error::new_spanned(visibility, "only the `struct` has a visibility"));
        }
        if input.peek(Token![const]) {
            constant(input).map(Item::Constant)
        } else if input.peek(Token![fn]) {
            function(input).map(|function| Item::Function(Box::new(function)))
        } else if is_budget(input) {
            input.parse().map(Item::Budget)
        } else {
            Err(input.error("expected `struct`, `const`, `fn` or `budget { … }`"))
        }
    }
}

fn is_budget(input: ParseStream<'_>) -> bool {
    input.peek2(syn::token::Brace) && input.fork().parse::<Ident>().is_ok_and(|word| word == "budget")
}

fn model(input: ParseStream<'_>, attributes: Vec<Attribute>, visibility: Visibility) -> Result<Model> {
    input.parse::<Token![struct]>()?;
    let name = input.parse()?;
    if input.peek(Token![<]) {
        return Err(input.error("a network has no generic parameters: its batch size is one of its methods'"));
    }
    if !input.peek(Token![;]) {
        return Err(input.error("expected `;`: the fields of a network are generated"));
    }
    input.parse::<Token![;]>()?;
    Ok(Model { attributes, visibility, name })
}

/// The attributes, visibility and name of a model, whatever follows.
pub fn model_head(input: ParseStream<'_>) -> Result<Model> {
    let attributes = input.call(Attribute::parse_outer)?;
    let visibility = input.parse()?;
    input.parse::<Token![struct]>()?;
    let name = input.parse()?;
    input.parse::<TokenStream>()?;
    Ok(Model { attributes, visibility, name })
}

fn constant(input: ParseStream<'_>) -> Result<Constant> {
    input.parse::<Token![const]>()?;
    let name = input.parse()?;
    if input.peek(Token![:]) {
        return Err(input.error("a constant of a network has no type: write `const NAME = value;`"));
    }
    input.parse::<Token![=]>()?;
    let value = input.parse()?;
    input.parse::<Token![;]>()?;
    Ok(Constant { name, value })
}

fn function(input: ParseStream<'_>) -> Result<Function> {
    input.parse::<Token![fn]>()?;
    let name: Ident = input.parse()?;
    let content;
    parenthesized!(content in input);
    let parameters = Punctuated::<Parameter, Token![,]>::parse_terminated(&content)?.into_iter().collect();
    let result = if input.peek(Token![->]) {
        input.parse::<Token![->]>()?;
        Some(result(input)?)
    } else {
        None
    };
    let tokens = input.fork().parse::<TokenTree>();
    let body = input.parse().map_err(|error| {
        let item = tokens.ok().and_then(|body| item_around(TokenStream::from(body), error.span()));
        item.map_or(error, |item| Error::new(item, ITEM_IN_BODY))
    })?;
    let function = Function { name, parameters, result, body };
    check_parameters(&function)?;
    Ok(function)
}

/// The keyword of the item in a body that has a syntax error: Rust's items have types where ours have none.
fn item_around(body: TokenStream, error: Span) -> Option<Span> {
    let (mut item, mut starts) = (None, true);
    for token in body {
        if let TokenTree::Ident(word) = &token
            && starts
        {
            item = (word == "const" || word == "fn").then(|| word.span());
        }
        if token.span().start() <= error.start() && error.start() < token.span().end() {
            return match token {
                TokenTree::Group(group) if item.is_none() => item_around(group.stream(), error),
                _ => item,
            };
        }
        starts = match &token {
            TokenTree::Punct(sign) => sign.as_char() == ';',
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            _ => false,
        };
        item = item.filter(|_| !starts);
    }
    None
}

fn check_parameters(function: &Function) -> Result<()> {
    let typed = function.name == "forward";
    for parameter in &function.parameters {
        let pattern = &parameter.pattern;
        if typed && parameter.ty.is_none() {
            return Err(Error::new_spanned(pattern, "an input of `forward` needs a type, such as `x: [784]`"));
        }
        if (typed || function.name == "loss") && parameter.default.is_some() {
            return Err(Error::new_spanned(pattern, format!("`{}` takes no default arguments", function.name)));
        }
        if parameter.ty.is_some() && parameter.name().is_none() {
            return Err(Error::new_spanned(pattern, "a parameter with a type is one name"));
        }
    }
    check_distinct(function)
}

fn check_distinct(function: &Function) -> Result<()> {
    let names: Vec<&Ident> = function.parameters.iter().filter_map(Parameter::name).collect();
    let second = names.iter().enumerate().find(|(place, name)| names[..*place].contains(name));
    match second {
        Some((_, name)) => Err(Error::new_spanned(name, format!("`{}` has two parameters `{name}`", function.name))),
        None => Ok(()),
    }
}

fn result(input: ParseStream<'_>) -> Result<Vec<Type>> {
    if !input.peek(syn::token::Paren) {
        return Ok(vec![input.parse()?]);
    }
    let content;
    parenthesized!(content in input);
    let types = Punctuated::<Type, Token![,]>::parse_terminated(&content)?;
    if types.is_empty() {
        return Err(input.error("`forward` gives at least one tensor"));
    }
    Ok(types.into_iter().collect())
}

impl Parse for Parameter {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let pattern = Pat::parse_single(input)?;
        let ty = if input.peek(Token![:]) {
            input.parse::<Token![:]>()?;
            Some(input.parse()?)
        } else {
            None
        };
        let default = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            Some(input.parse()?)
        } else {
            None
        };
        Ok(Self { pattern, ty, default })
    }
}

impl Parse for Type {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let span = input.span();
        if input.peek(syn::token::Bracket) {
            return Ok(Self { span, bound: None, dims: dims(input)? });
        }
        let expected = "expected a type: `[28, 28]`, `f32[]` or `index<10>`";
        let kind: Ident = input.parse().map_err(|_| Error::new(input.span(), expected))?;
        if kind == "f32" {
            if !input.peek(syn::token::Bracket) {
                return Err(Error::new(span, "`f32` needs its shape: `f32[]` is one number a sample"));
            }
            return Ok(Self { span, bound: None, dims: dims(input)? });
        }
        if kind != "index" {
            return Err(Error::new(span, format!("there is no type `{kind}`: {expected}")));
        }
        let bound = Some(bound(input, span)?);
        let dims = if input.peek(syn::token::Bracket) { dims(input)? } else { Vec::new() };
        Ok(Self { span, bound, dims })
    }
}

fn dims(input: ParseStream<'_>) -> Result<Vec<Expr>> {
    let content;
    bracketed!(content in input);
    Ok(Punctuated::<Expr, Token![,]>::parse_terminated(&content)?.into_iter().collect())
}

fn bound(input: ParseStream<'_>, index: Span) -> Result<Expr> {
    if !input.peek(Token![<]) {
        return Err(Error::new(index, "`index` needs its bound: `index<10>` is a whole number below 10"));
    }
    input.parse::<Token![<]>()?;
    let bound = if input.peek(syn::token::Brace) {
        let content;
        braced!(content in input);
        let expr = content.parse()?;
        if !content.is_empty() {
            return Err(content.error("the bound of an index is one expression"));
        }
        expr
    } else if input.peek(Lit) {
        Expr::Lit(ExprLit { attrs: Vec::new(), lit: input.parse()? })
    } else {
        let name: Ident = input.parse()?;
        Expr::Path(ExprPath { attrs: Vec::new(), qself: None, path: name.into() })
    };
    input.parse::<Token![>]>()?;
    Ok(bound)
}
