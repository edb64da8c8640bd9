//! Cutting the tokens into items, so that each is parsed by itself.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};

use super::errors::Diagnostic;

/// Brackets inside brackets, and signs in front of signs, that a body may have; recursive descent stays shallow.
const NESTING: usize = 64;

/// The tokens of each item: up to its `;`, to the braces of its body, or to the keyword of the next.
pub fn split(tokens: TokenStream) -> Vec<TokenStream> {
    let mut items = Vec::new();
    let mut item: Vec<TokenTree> = Vec::new();
    let mut keyword: Option<String> = None;
    for token in tokens {
        if let Some(next) = item_keyword(&token).filter(|_| !is_opened(item.last())) {
            if keyword.is_some() {
                items.push(item.drain(..).collect());
            }
            keyword = Some(next);
        }
        let is_last = ends(&token, item.last(), keyword.as_deref());
        item.push(token);
        if is_last {
            items.push(item.drain(..).collect());
            keyword = None;
        }
    }
    if !item.is_empty() {
        items.push(item.into_iter().collect());
    }
    items
}

/// An item whose last braces are empty.
pub fn without_body(item: TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = item.into_iter().collect();
    if let Some(TokenTree::Group(group)) = tokens.last_mut()
        && group.delimiter() == Delimiter::Brace
    {
        *group = Group::new(Delimiter::Brace, TokenStream::new());
    }
    tokens.into_iter().collect()
}

fn item_keyword(token: &TokenTree) -> Option<String> {
    let TokenTree::Ident(ident) = token else { return None };
    let word = ident.to_string();
    matches!(word.as_str(), "fn" | "const" | "struct").then_some(word)
}

fn ends(token: &TokenTree, before: Option<&TokenTree>, keyword: Option<&str>) -> bool {
    match token {
        TokenTree::Punct(punct) => punct.as_char() == ';',
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
            keyword != Some("const") && !is_opened(before)
        }
        _ => false,
    }
}

/// Whether the next token is the first inside of `<…>`.
fn is_opened(before: Option<&TokenTree>) -> bool {
    matches!(before, Some(TokenTree::Punct(punct)) if punct.as_char() == '<')
}

/// Refuses what would exhaust the stack of a recursive parser.
pub fn check_nesting(tokens: &TokenStream) -> Result<(), Diagnostic> {
    match too_deep(tokens.clone(), NESTING) {
        Some(span) => Err(Diagnostic::new(span, format!("this is nested more than {NESTING} levels deep"))),
        None => Ok(()),
    }
}

fn too_deep(tokens: TokenStream, left: usize) -> Option<Span> {
    let (mut signs, mut branches) = (0, 0);
    for token in tokens {
        match &token {
            TokenTree::Punct(punct) if "-!*&|<^.".contains(punct.as_char()) => signs += 1,
            TokenTree::Punct(_) => signs = 0,
            TokenTree::Ident(ident) if ident == "else" || ident == "return" || ident == "break" => branches += 1,
            TokenTree::Group(group) => {
                let Some(left) = left.checked_sub(1) else { return Some(group.span()) };
                let inner = too_deep(group.stream(), left);
                if inner.is_some() {
                    return inner;
                }
                signs = 0;
            }
            _ => signs = 0,
        }
        if matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ';') {
            branches = 0;
        }
        if signs > NESTING || branches > NESTING {
            return Some(token.span());
        }
    }
    None
}
