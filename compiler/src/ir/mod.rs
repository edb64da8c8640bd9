//! The intermediate representation: typed values in static single assignment.
//!
//! Invariants are listed and checked in [`verify`].

pub mod build;
pub mod graph;
pub mod hash;
mod known;
pub mod op;
pub mod parameter;
pub mod print;
pub mod scan;
pub mod types;
pub mod verify;
pub mod window;

pub use build::{Builder, Expr, Fault, Mark};
pub use graph::{Graph, Port, Purpose, Sink, Value};
pub use parameter::{Init, Parameter, Role};
pub use types::{DType, Dim, Shape, Type};
