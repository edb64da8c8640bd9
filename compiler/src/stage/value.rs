//! Values of the language while it is evaluated: statics, and tensors that are handles into a graph.

use std::rc::Rc;

use proc_macro2::{Delimiter, Spacing, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Ident;

use super::closure::Closure;
use super::library::Builtin;
use crate::ir::Expr;
use crate::syntax::ast;
use crate::syntax::errors::location;

/// Elements of a list that a sentence shows.
const SHOWN: usize = 4;

/// A value of the language.
#[derive(Clone)]
pub enum Datum<'b> {
    /// A tensor of the graph.
    Tensor(Tensor<'b>),
    /// A whole number.
    Int(i64),
    /// A real number.
    Float(f64),
    /// True or false.
    Bool(bool),
    /// A string.
    Text(String),
    /// A list.
    List(Vec<Datum<'b>>),
    /// A tuple; without elements, what a statement gives.
    Tuple(Vec<Datum<'b>>),
    /// A function by name.
    Function(Function<'b>),
    /// A word such as `same`, which stands for itself.
    Symbol(&'static str),
    /// The value of something that is already reported; whatever uses it is poisoned too.
    Poison,
}

/// A function that can be called or passed on.
#[derive(Clone)]
pub enum Function<'b> {
    /// One of the language's.
    Builtin(&'static Builtin),
    /// One of the user's.
    User(&'b ast::Function),
    /// One that is written in the language, but not by the user.
    Prelude(&'b ast::Function),
    /// One without a name of its own.
    Closure(Closure<'b>),
}

/// A tensor and how it came to be.
#[derive(Clone)]
pub struct Tensor<'b> {
    /// Its value in the graph.
    pub expr: Expr<'b>,
    /// Where it was made.
    pub origin: Rc<Origin>,
    /// The height, width and channels of the image it is the flattened form of.
    pub image: Option<[usize; 3]>,
}

/// How a tensor came to be.
#[derive(Clone)]
pub struct Origin {
    /// The name it is bound to.
    pub name: Option<String>,
    /// What made it: "made by `dense` at 14:17".
    pub made: String,
}

impl Origin {
    /// Of a tensor without a name.
    pub fn new(made: String) -> Rc<Self> {
        Rc::new(Self { name: None, made })
    }

    /// Made by a function or operator.
    pub fn made_by(what: &str, span: Span) -> Rc<Self> {
        Self::new(format!("made by `{what}` at {}", location(span)))
    }

    /// An input of a function.
    pub fn input(name: &str, function: &str, span: Span) -> Rc<Self> {
        let made = format!("an input of `{function}` at {}", location(span));
        Rc::new(Self { name: Some(name.to_owned()), made })
    }
}

impl<'b> Tensor<'b> {
    /// The type, as the user writes it.
    pub fn written(&self) -> String {
        self.expr.ty().written()
    }

    /// One line that shows what it is and how it came to be; `role` is used when it has no name.
    pub fn story(&self, role: &str) -> String {
        let subject = self.origin.name.as_ref().map_or_else(|| role.to_owned(), |name| format!("`{name}`"));
        format!("{subject} is {}, {}", self.written(), self.origin.made)
    }
}

impl<'b> Datum<'b> {
    /// The value of a statement.
    pub const UNIT: Self = Self::Tuple(Vec::new());

    /// What it is, in a sentence: "the number 3".
    pub fn describe(&self) -> String {
        match self {
            Self::Tensor(tensor) => format!("a tensor {}", tensor.written()),
            Self::Int(value) => format!("the number {value}"),
            Self::Float(value) => format!("the number {value:?}"),
            Self::Bool(value) => format!("`{value}`"),
            Self::Text(text) => format!("the string {text:?}"),
            Self::List(items) if items.len() <= SHOWN => format!("the list {}", self.show()),
            Self::List(items) => format!("a list of {}", items.len()),
            Self::Tuple(items) if items.is_empty() => "nothing".to_owned(),
            Self::Tuple(items) => format!("a tuple of {}", items.len()),
            Self::Function(function) => format!("the function `{}`", function.name()),
            Self::Symbol(word) => format!("`{word}`"),
            Self::Poison => "a mistake".to_owned(),
        }
    }

    /// Its value alone, as in a message: "3".
    pub fn show(&self) -> String {
        let all = |items: &[Self]| items.iter().map(Self::show).collect::<Vec<_>>().join(", ");
        match self {
            Self::Tensor(tensor) => tensor.written(),
            Self::Int(value) => value.to_string(),
            Self::Float(value) => format!("{value:?}"),
            Self::Bool(value) => value.to_string(),
            Self::Text(text) => text.clone(),
            Self::List(items) => format!("[{}]", all(items)),
            Self::Tuple(items) => format!("({})", all(items)),
            Self::Function(function) => function.name(),
            Self::Symbol(word) => (*word).to_owned(),
            Self::Poison => "…".to_owned(),
        }
    }

    /// Whether it, or anything in it, is poisoned.
    pub fn is_poisoned(&self) -> bool {
        match self {
            Self::Poison => true,
            Self::List(items) | Self::Tuple(items) => items.iter().any(Self::is_poisoned),
            _ => false,
        }
    }

    /// Whether it is a tensor, or anything in it.
    pub fn has_tensor(&self) -> bool {
        match self {
            Self::Tensor(_) => true,
            Self::List(items) | Self::Tuple(items) => items.iter().any(Self::has_tensor),
            _ => false,
        }
    }

    /// The number of values in it.
    pub fn scalars(&self) -> usize {
        match self {
            Self::List(items) | Self::Tuple(items) => items.iter().map(Self::scalars).sum(),
            _ => 1,
        }
    }

    /// Itself, with every tensor in it changed.
    pub fn map_tensors(self, change: &impl Fn(&mut Tensor<'b>)) -> Self {
        let each = |items: Vec<Self>| items.into_iter().map(|item| item.map_tensors(change)).collect();
        match self {
            Self::Tensor(mut tensor) => {
                change(&mut tensor);
                Self::Tensor(tensor)
            }
            Self::List(items) => Self::List(each(items)),
            Self::Tuple(items) => Self::Tuple(each(items)),
            other => other,
        }
    }

    /// Itself; a closure goes by the first name that it gets.
    pub fn known_as(self, name: &str) -> Self {
        match self {
            Self::Function(Function::Closure(closure)) => Self::Function(Function::Closure(closure.known_as(name))),
            other => other,
        }
    }

    /// Itself, as an argument of a function of the user.
    pub fn given_as(self, name: &Ident, function: &str) -> Self {
        match self {
            Self::Tensor(tensor) => {
                Self::Tensor(Tensor { origin: Origin::input(&name.to_string(), function, name.span()), ..tensor })
            }
            other => other,
        }
    }

    /// Itself, bound to a name.
    pub fn named(self, name: &str) -> Self {
        match self {
            Self::Tensor(mut tensor) => {
                Rc::make_mut(&mut tensor.origin).name = Some(name.to_owned());
                Self::Tensor(tensor)
            }
            other => other,
        }
    }
}

impl Function<'_> {
    /// Its name.
    pub fn name(&self) -> String {
        match self {
            Self::Builtin(builtin) => builtin.name.to_owned(),
            Self::User(function) | Self::Prelude(function) => function.name.to_string(),
            Self::Closure(closure) => closure.name().to_owned(),
        }
    }
}

/// An expression as a user would write it on one line.
pub fn written(expr: &syn::Expr) -> String {
    let mut text = String::new();
    write(expr.to_token_stream(), &mut text);
    text
}

fn write(tokens: TokenStream, text: &mut String) {
    // Whether a value ends here, whether a sign must not be parted from what follows.
    let (mut after_value, mut is_tight) = (false, true);
    for token in tokens {
        let is_sign = matches!(&token, TokenTree::Punct(sign) if ".,?:;!".contains(sign.as_char()));
        let is_suffix = matches!(&token, TokenTree::Group(group) if group.delimiter() != Delimiter::Brace);
        if !(is_tight || is_sign || is_suffix && after_value) {
            text.push(' ');
        }
        is_tight = match &token {
            TokenTree::Punct(sign) => {
                let is_unary = !after_value && "-!".contains(sign.as_char());
                sign.as_char() == '.' || sign.spacing() == Spacing::Joint || is_unary
            }
            _ => false,
        };
        after_value = !matches!(token, TokenTree::Punct(_));
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{ ", " }"),
                    Delimiter::None => ("", ""),
                };
                text.push_str(open);
                write(group.stream(), text);
                text.push_str(close);
            }
            other => text.push_str(&other.to_string()),
        }
    }
}
