//! Layers that are written in the language itself: text in, functions of the syntax tree out.
//!
//! The text is cut into functions at once, and each is parsed when its name is first looked up. Its tokens have no
//! places of their own: what goes wrong inside is reported at the user's call.

use std::cell::OnceCell;

use proc_macro2::{Group, Span, TokenStream, TokenTree};

use crate::syntax::ast::Function;

/// All layers, one after the other.
pub const TEXT: &str = include_str!("layers.graven");

/// The layers, of which those are parsed that were looked up.
pub struct Prelude {
    layers: Vec<Layer>,
}

struct Layer {
    name: &'static str,
    text: &'static str,
    function: OnceCell<Option<Function>>,
}

impl Default for Prelude {
    fn default() -> Self {
        let layer = |(name, text)| Layer { name, text, function: OnceCell::new() };
        Self { layers: all().map(layer).collect() }
    }
}

impl Prelude {
    /// The layer of a name.
    pub fn find(&self, name: &str) -> Option<&Function> {
        let layer = self.layers.iter().find(|layer| layer.name == name)?;
        layer.function.get_or_init(|| parse(layer.text)).as_ref()
    }
}

/// The names of all layers that users can call.
pub fn names() -> impl Iterator<Item = &'static str> {
    texts().map(|(name, _)| name)
}

/// Their names and texts.
pub fn texts() -> impl Iterator<Item = (&'static str, &'static str)> {
    all().filter(|(name, _)| !name.starts_with('_'))
}

fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    TEXT.split_inclusive("\n}\n").filter_map(|text| {
        let head = text.split_once("\nfn ")?.1;
        Some((head.split_once('(')?.0, text))
    })
}

fn parse(text: &str) -> Option<Function> {
    crate::syntax::function(without_places(text.parse().ok()?))
}

fn without_places(tokens: TokenStream) -> TokenStream {
    let placeless = |token| {
        let mut token = match token {
            TokenTree::Group(group) => Group::new(group.delimiter(), without_places(group.stream())).into(),
            other => other,
        };
        token.set_span(Span::call_site());
        token
    };
    tokens.into_iter().map(placeless).collect()
}
