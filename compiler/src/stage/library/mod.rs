//! The functions of the language: their signatures, and how arguments become composites of [`crate::nn`].

mod activation;
mod arguments;
mod elementwise;
mod image;
mod init;
mod layer;
mod loss;
mod private;
mod reduction;
mod sequence;
mod shape;
mod slide;
mod statics;
mod synonyms;
mod window;

use proc_macro2::Span;

pub use arguments::{Arguments, counted, listed};
pub use synonyms::{nearest_argument, suggestion};

use super::evaluator::Evaluator;
use super::fault::Outcome;
use super::names::NodeId;
use super::value::{Datum, Tensor};
use crate::ir::Expr;

/// A function of the language.
pub struct Builtin {
    /// Its name.
    pub name: &'static str,
    /// Its parameters with their defaults, as a user would declare them.
    pub signature: &'static str,
    /// Whether its argument `of` is the name of a layer.
    pub takes_name_of: bool,
    /// The argument that is a function, if named arguments that it does not have are for that.
    pub passes_on: Option<&'static str>,
    /// What it does.
    pub run: for<'e, 'b> fn(&mut Call<'e, 'b>) -> Outcome<Datum<'b>>,
}

impl Builtin {
    const fn new(
        name: &'static str,
        signature: &'static str,
        run: for<'e, 'b> fn(&mut Call<'e, 'b>) -> Outcome<Datum<'b>>,
    ) -> Self {
        Self { name, signature, takes_name_of: false, passes_on: None, run }
    }

    const fn passing_on_to(mut self, function: &'static str) -> Self {
        self.passes_on = Some(function);
        self
    }

    /// The names of its parameters, each with its default.
    pub fn parameters(&self) -> impl Iterator<Item = (&'static str, Option<&'static str>)> + use<> {
        let parts = self.signature.split(", ").filter(|part| !part.is_empty());
        parts.map(|part| part.split_once(" = ").map_or((part, None), |(name, value)| (name, Some(value))))
    }

    const fn taking_name_of(mut self) -> Self {
        self.takes_name_of = true;
        self
    }
}

/// One call of a function of the language.
pub struct Call<'e, 'b> {
    /// The evaluation it is part of.
    pub evaluator: &'e mut Evaluator<'b>,
    /// Its arguments.
    pub arguments: Arguments<'b>,
    /// Where its name is.
    pub span: Span,
    /// The scope it opened.
    pub scope: Option<NodeId>,
    /// The name that the call gives its scope or parameter.
    pub leaf_name: Option<String>,
}

impl<'b> Call<'_, 'b> {
    /// A tensor that this call made.
    pub fn made(&self, expr: Expr<'b>) -> Datum<'b> {
        Datum::Tensor(self.tensor(expr))
    }

    /// A tensor that this call made.
    pub fn tensor(&self, expr: Expr<'b>) -> Tensor<'b> {
        Tensor { expr, origin: self.evaluator.made_by(self.arguments.builtin.name, self.span), image: None }
    }

    /// A tensor that this call made element by element, which is still the flattened image that `from` was.
    pub fn made_from(&self, from: &Tensor<'b>, expr: Expr<'b>) -> Datum<'b> {
        Datum::Tensor(Tensor { image: from.image, ..self.tensor(expr) })
    }
}

const TABLES: [&[Builtin]; 10] = [
    layer::TABLE,
    window::TABLE,
    image::TABLE,
    activation::TABLE,
    sequence::TABLE,
    elementwise::TABLE,
    reduction::TABLE,
    shape::TABLE,
    loss::TABLE,
    statics::TABLE,
];

/// Whether a name is found in the prelude alone.
pub fn is_private(name: &str) -> bool {
    name.starts_with('_')
}

/// Words that stand for themselves.
const SYMBOLS: [&str; 21] = [
    "same",
    "valid",
    "causal",
    "nearest",
    "bilinear",
    "horizontal",
    "vertical",
    "horizontal_and_vertical",
    "none",
    "auto",
    "glorot_uniform",
    "glorot_normal",
    "he_uniform",
    "he_normal",
    "lecun_uniform",
    "lecun_normal",
    "random_uniform",
    "random_normal",
    "truncated_normal",
    "linear",
    "batch",
];

/// Functions that the language will have.
const PLANNED: [&str; 10] = [
    "embedding",
    "lstm",
    "gru",
    "bidirectional",
    "attention",
    "multi_head_attention",
    "positional_embedding",
    "sinusoidal_positions",
    "conv3d",
    "upsample1d",
];

/// The function of a name.
pub fn find(name: &str) -> Option<&'static Builtin> {
    TABLES.iter().flat_map(|table| table.iter()).find(|builtin| builtin.name == name)
}

/// The name of each function, and its parameters with their defaults.
pub fn signatures() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLES.iter().flat_map(|table| table.iter()).map(|builtin| (builtin.name, builtin.signature))
}

/// Names of functions that the language will have.
pub fn planned() -> impl Iterator<Item = &'static str> {
    PLANNED.into_iter()
}

/// The function of a name that only the prelude finds.
pub fn find_private(name: &str) -> Option<&'static Builtin> {
    private::TABLE.iter().find(|builtin| builtin.name == name)
}

/// All names of functions.
pub fn names() -> impl Iterator<Item = &'static str> {
    let known = TABLES.iter().flat_map(|table| table.iter()).map(|builtin| builtin.name);
    known.chain(PLANNED).chain(SYMBOLS)
}

/// The word that stands for itself.
pub fn symbol(name: &str) -> Option<&'static str> {
    SYMBOLS.into_iter().find(|symbol| *symbol == name)
}

/// Whether the language will have it.
pub fn is_planned(name: &str) -> bool {
    PLANNED.contains(&name)
}
