//! Items that differ in numbers alone are one item, whose constant parameters the numbers are.

use proc_macro2::{Delimiter, Group, Ident, Literal, TokenStream, TokenTree};
use quote::{format_ident, quote};

use super::body::position_or_push;

/// Tokens with constant parameters in place of whole numbers above one; equal numbers are one parameter.
///
/// Numbers with a suffix stay: they count arguments, or are part of a position that all have.
pub(super) struct Parametric {
    pub tokens: TokenStream,
    numbers: Vec<usize>,
    shape: String,
}

impl Parametric {
    pub fn new(tokens: TokenStream) -> Self {
        let (mut numbers, mut shape) = (Vec::new(), String::new());
        let tokens = without_numbers(tokens, &mut numbers, &mut shape);
        Self { tokens, numbers, shape }
    }

    /// Declarations of the parameters.
    pub fn parameters(&self) -> TokenStream {
        let names = self.names();
        quote!(#(const #names: usize),*)
    }

    pub fn names(&self) -> Vec<Ident> {
        (0..self.numbers.len()).map(parameter).collect()
    }

    fn arguments(&self) -> impl Iterator<Item = Literal> {
        self.numbers.iter().map(|&number| Literal::usize_unsuffixed(number))
    }
}

fn parameter(number: usize) -> Ident {
    // not as a model would be called
    format_ident!("N_{number}")
}

fn without_numbers(tokens: TokenStream, numbers: &mut Vec<usize>, shape: &mut String) -> TokenStream {
    let replaced = tokens.into_iter().map(|token| {
        let token = match token {
            TokenTree::Group(group) => {
                shape.push_str(match group.delimiter() {
                    Delimiter::Parenthesis => "(",
                    Delimiter::Brace => "{",
                    Delimiter::Bracket => "[",
                    Delimiter::None => "",
                });
                let inner = Group::new(group.delimiter(), without_numbers(group.stream(), numbers, shape));
                shape.push(')');
                return TokenTree::Group(inner);
            }
            TokenTree::Literal(literal) => match literal.to_string().parse() {
                Ok(number @ 2..) => TokenTree::Ident(parameter(position_or_push(numbers, number))),
                _ => TokenTree::Literal(literal),
            },
            other => other,
        };
        shape.push_str(&token.to_string());
        shape.push(' ');
        token
    });
    replaced.collect()
}

/// Items of one kind, one for each family.
#[derive(Default)]
pub(super) struct Families {
    shapes: Vec<String>,
    pub items: TokenStream,
}

impl Families {
    /// The item of a family with its numbers, as it is named where it is used; `emit` writes the first of the family.
    ///
    /// `frame` says what is around the tokens, `inferred` which type parameters come before the numbers.
    pub fn member(
        &mut self,
        (prefix, frame): (&str, &str),
        body: &Parametric,
        inferred: usize,
        emit: impl FnOnce(&Ident) -> TokenStream,
    ) -> TokenStream {
        let shape = format!("{frame} {}", body.shape);
        let known = self.shapes.len();
        let number = position_or_push(&mut self.shapes, shape);
        let name = format_ident!("{prefix}{number}");
        if number == known {
            self.items.extend(emit(&name));
        }
        if body.numbers.is_empty() {
            return quote!(#name);
        }
        let (inferred, numbers) = ((0..inferred).map(|_| quote!(_)), body.arguments());
        let arguments = inferred.chain(numbers.map(|number| quote!(#number)));
        quote!(#name::<#(#arguments),*>)
    }
}
