//! Items that differ in numbers alone are one item, whose constant parameters the numbers are.

use proc_macro2::{Delimiter, Group, Ident, Literal, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};

use super::body::position_or_push;

/// Tokens with constant parameters in place of whole numbers above one; equal numbers are one parameter. Numbers with a
/// suffix stay as they are.
pub(super) struct Parametric {
    pub tokens: TokenStream,
    numbers: Vec<usize>,
    /// The tokens as text.
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

    /// Names of the parameters.
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

/// What is emitted once for a family: a body, and what is around it.
pub(super) trait Item: Clone + PartialEq {
    /// What the text around the body depends on; items of a family have it in common.
    type Frame: PartialEq;

    fn frame(&self) -> Self::Frame;

    fn body(&self) -> TokenStream;

    /// Type parameters in front of the numbers, which the compiler infers where the item is used.
    fn inferred(&self) -> usize;

    fn emit(&self, name: &Ident, body: &Parametric) -> TokenStream;
}

/// Items of one kind, whose names begin alike.
pub(super) struct Families<T: Item> {
    prefix: String,
    /// Each with its name.
    members: Vec<(T, TokenStream)>,
    /// Frame and body of each family.
    shapes: Vec<(T::Frame, String)>,
    /// The first member of each family, with numbers as parameters.
    pub items: TokenStream,
}

impl<T: Item> Families<T> {
    pub fn new(prefix: String) -> Self {
        Self { prefix, members: Vec::new(), shapes: Vec::new(), items: TokenStream::new() }
    }

    /// How an item is named where it is used.
    pub fn name(&mut self, item: &T) -> TokenStream {
        if let Some((_, name)) = self.members.iter().find(|(known, _)| known == item) {
            return name.clone();
        }
        let name = self.add(item);
        self.members.push((item.clone(), name.clone()));
        name
    }

    fn add(&mut self, item: &T) -> TokenStream {
        let body = Parametric::new(item.body());
        let known = self.shapes.len();
        let number = position_or_push(&mut self.shapes, (item.frame(), body.shape.clone()));
        let name = format_ident!("{}{number}", self.prefix);
        if number == known {
            self.items.extend(item.emit(&name, &body));
        }
        if body.numbers.is_empty() {
            return quote!(#name);
        }
        let inferred = (0..item.inferred()).map(|_| quote!(_));
        let arguments = inferred.chain(body.arguments().map(Literal::into_token_stream));
        quote!(#name::<#(#arguments),*>)
    }
}
