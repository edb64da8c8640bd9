//! The syntax tree of a declaration.

use proc_macro2::Span;
use quote::ToTokens;
use syn::{Attribute, Block, Expr, Ident, Pat, Visibility};

use super::extent::Extent;

/// A whole declaration.
#[derive(Default)]
pub struct Ast {
    /// The type that is generated.
    pub model: Model,
    /// `const` items, in order.
    pub constants: Vec<Constant>,
    /// Blocks, in order.
    pub functions: Vec<Function>,
    /// The inference function.
    pub forward: Function,
    /// The training objective.
    pub loss: Option<Function>,
    /// The memory it may take.
    pub budget: Option<Budget>,
}

/// One item.
pub enum Item {
    /// `pub struct Name;`
    Model(Model),
    /// `const NAME = expr;`
    Constant(Constant),
    /// `fn name(…) { … }`
    Function(Box<Function>),
    /// `budget { … }`
    Budget(Budget),
}

/// `pub struct Name;`
pub struct Model {
    /// Attributes and doc comments.
    pub attributes: Vec<Attribute>,
    /// Its visibility.
    pub visibility: Visibility,
    /// Its name.
    pub name: Ident,
}

impl Default for Model {
    fn default() -> Self {
        Self {
            attributes: Vec::new(),
            visibility: Visibility::Inherited,
            name: Ident::new("Network", Span::call_site()),
        }
    }
}

/// `const NAME = expr;`
pub struct Constant {
    /// Its name.
    pub name: Ident,
    /// Its static value.
    pub value: Expr,
}

/// `fn name(parameters) -> result { body }`
pub struct Function {
    /// Its name.
    pub name: Ident,
    /// What it takes.
    pub parameters: Vec<Parameter>,
    /// The types of what it says it gives.
    pub result: Option<Vec<Type>>,
    /// What it does.
    pub body: Block,
}

impl Default for Function {
    fn default() -> Self {
        Self {
            name: Ident::new("forward", Span::call_site()),
            parameters: Vec::new(),
            result: None,
            body: Block { brace_token: syn::token::Brace::default(), stmts: Vec::new() },
        }
    }
}

impl Function {
    /// Where its value comes from.
    pub fn last(&self) -> &dyn ToTokens {
        match self.body.stmts.last() {
            Some(last) => last,
            None => &self.name,
        }
    }
}

/// A parameter of a function.
pub struct Parameter {
    /// A name, or a tuple of names.
    pub pattern: Pat,
    /// Its type: always there for inputs and targets.
    pub ty: Option<Type>,
    /// What it is when the call does not say.
    pub default: Option<Expr>,
}

impl Parameter {
    /// The name, unless it is a pattern of several.
    pub fn name(&self) -> Option<&Ident> {
        match &self.pattern {
            Pat::Ident(pattern) => Some(&pattern.ident),
            _ => None,
        }
    }
}

/// A type as it is written.
pub struct Type {
    /// Where it starts.
    pub span: Span,
    /// The bound of an index, or `None` for real numbers.
    pub bound: Option<Expr>,
    /// The lengths of the axes, without the batch.
    pub dims: Vec<Expr>,
}

/// `budget { ram = 64 KiB, batch = 1 }`
pub struct Budget {
    /// Where it is.
    pub keyword: Span,
    /// Rows that memory is reckoned for, if not one.
    pub batch: Option<usize>,
    /// What it limits, each resource once.
    pub limits: Vec<Limit>,
}

/// The most that a network may take of a resource.
pub struct Limit {
    /// What is limited.
    pub resource: Resource,
    /// Its name in the declaration.
    pub key: Ident,
    /// How much.
    pub bytes: usize,
    /// Bytes of the unit it is written in.
    pub factor: usize,
    /// The unit.
    pub unit: String,
    /// Number and unit.
    pub extent: Extent,
}

/// What a budget limits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Resource {
    /// Memory of inference.
    Ram,
    /// Memory of training, with the model.
    TrainRam,
    /// Scalars of the model.
    Flash,
}
