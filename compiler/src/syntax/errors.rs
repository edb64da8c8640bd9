//! Diagnostics of all stages, and how they become `compile_error!`.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::ToTokens;

use super::extent::Extent;

/// `line:column` of the first character, as rustc counts them.
pub fn location(span: Span) -> String {
    let start = span.start();
    format!("{}:{}", start.line, start.column + 1)
}

/// A mistake: a sentence, lines that show how it came about, and the fix where it is known.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// Where.
    pub extent: Extent,
    /// What is wrong, with the values in it.
    pub message: String,
    /// How it came about.
    pub notes: Vec<String>,
    /// What would help.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A mistake at a place.
    pub fn new(extent: impl Into<Extent>, message: impl Into<String>) -> Self {
        Self { extent: extent.into(), message: message.into(), notes: Vec::new(), help: None }
    }

    /// Adds a line that shows how it came about.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Says what would help.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The sentence and the lines below it.
    pub fn text(&self) -> String {
        let help = self.help.iter().map(|help| format!("help: {help}"));
        let lines = std::iter::once(self.message.clone()).chain(self.notes.iter().cloned()).chain(help);
        lines.collect::<Vec<_>>().join("\n  ")
    }

    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Extent { start, end } = self.extent;
        for name in ["core", "compile_error"] {
            for spacing in [Spacing::Joint, Spacing::Alone] {
                tokens.extend([spanned(TokenTree::Punct(Punct::new(':', spacing)), start)]);
            }
            tokens.extend([TokenTree::Ident(Ident::new(name, start))]);
        }
        tokens.extend([spanned(TokenTree::Punct(Punct::new('!', Spacing::Alone)), start)]);
        let text = spanned(TokenTree::Literal(Literal::string(&self.text())), end);
        let group = Group::new(Delimiter::Brace, text.into());
        tokens.extend([spanned(TokenTree::Group(group), end)]);
    }
}

fn spanned(mut token: TokenTree, span: Span) -> TokenTree {
    token.set_span(span);
    token
}

/// All the mistakes of a stage.
#[derive(Clone, Debug, Default)]
pub struct Errors(Vec<Diagnostic>);

impl Errors {
    /// Adds a mistake, unless one is already reported at the same place that differs in nothing but numbers.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let place = |known: &Diagnostic| known.extent.start.start();
        let words = |known: &Diagnostic| known.message.replace(|letter: char| !letter.is_alphabetic(), "");
        let is_known = |known: &Diagnostic| place(known) == place(&diagnostic) && words(known) == words(&diagnostic);
        if !self.0.iter().any(is_known) {
            self.0.push(diagnostic);
        }
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The mistakes, in the order in which they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }

    /// Itself in the order of the text, if anything is wrong.
    ///
    /// # Errors
    /// Anything is wrong.
    pub fn into_result(mut self) -> Result<(), Self> {
        let place = |known: &Diagnostic| {
            let start = known.extent.start.start();
            (start.line, start.column)
        };
        self.0.sort_by_key(place);
        if self.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl ToTokens for Errors {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        for diagnostic in &self.0 {
            diagnostic.to_tokens(tokens);
        }
    }
}
