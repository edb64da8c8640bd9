//! What staging hands on: the graphs of a network and all that the generated items say about it.

use proc_macro2::{Span, TokenStream};
use syn::{Attribute, Ident, Visibility};

use crate::ir::{Graph, Port, Type};

/// A network without mistakes.
pub struct Network {
    /// Attributes and doc comments of the struct.
    pub attributes: Vec<Attribute>,
    /// Its visibility.
    pub visibility: Visibility,
    /// Its name.
    pub name: Ident,
    /// Arguments of `forward`.
    pub inputs: Vec<Argument>,
    /// Results of `forward`, with the batch.
    pub outputs: Vec<Type>,
    /// Targets of `loss`.
    pub targets: Vec<Argument>,
    /// Inference: sinks are the outputs.
    pub forward: Graph,
    /// With a loss: inference mode, sinks are outputs and loss.
    pub evaluation: Option<Graph>,
    /// With a loss: training mode, sinks are outputs, loss and assignments; gradients are not derived yet.
    pub training: Option<Graph>,
    /// What the loss compares.
    pub objective: Objective,
    /// Whether training uses statistics over the batch.
    pub batch_statistics: bool,
    /// A row for each layer, in order.
    pub layers: Vec<Layer>,
    /// Names of the user, for editors and warnings.
    pub bindings: Vec<Binding>,
    /// Dense layers on a flattened image: weight name and height, width, channels.
    pub flattened: Vec<(String, [usize; 3])>,
}

/// An input or target as an argument of generated methods.
pub struct Argument {
    /// The user's name for it.
    pub name: Ident,
    /// Its name and type in the graphs.
    pub port: Port,
}

/// A row of the summary.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Layer {
    /// The dotted name, or the kind of a layer without parameters.
    pub name: String,
    /// The kind: `dense`.
    pub kind: String,
    /// The output.
    pub output: Type,
    /// Scalars it owns, statistics included.
    pub parameters: usize,
    /// Multiply-accumulates a sample.
    pub macs: u64,
}

/// A name that the user defines.
pub struct Binding {
    /// The name, where it is defined.
    pub name: Ident,
    /// What it names.
    pub kind: BindingKind,
    /// What it holds, for editors; empty if that is not known.
    pub shown: String,
    /// Where it is used or assigned, in order.
    pub uses: Vec<Span>,
    /// Whether nothing reads it, and it should.
    pub is_unused: bool,
    /// Its `mut`, if nothing assigns it.
    pub needless_mut: Option<Span>,
}

/// What a name of the user stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BindingKind {
    /// A `let`, an argument or the name in a `for`.
    Variable,
    /// A constant.
    Constant,
    /// A block.
    Block,
}

/// What the loss compares; as the runtime's type of the same name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Objective {
    /// Scores or probabilities over classes.
    Classification,
    /// One probability a question.
    BinaryProbability,
    /// One logit a question.
    BinaryLogit,
    /// Real values.
    Regression,
}

/// The result of expansion that failed: errors, and the type with diverging methods.
pub struct Failed {
    /// `compile_error!` for each mistake.
    pub errors: TokenStream,
    /// What else is emitted, so that one mistake does not become many.
    pub fallback: TokenStream,
}
