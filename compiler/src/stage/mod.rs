//! Evaluation of a declaration: statics vanish, tensors become graphs.
//!
//! The syntax tree is evaluated once to find all mistakes and the names of parameters, then once for each graph.

mod assemble;
mod block;
mod call;
mod calls;
mod check;
mod closure;
mod environment;
mod evaluator;
mod expression;
mod fault;
mod library;
mod lookup;
mod macros;
mod names;
mod operator;
mod parameters;
mod resolve;
mod statement;
mod types;
mod value;

pub use assemble::{Signature, signature, stage};
pub use library::{planned, signatures};
