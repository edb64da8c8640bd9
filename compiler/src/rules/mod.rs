//! The rules of the primitives: one exhaustive match for each concern, so that rustc lists what a new operator lacks.

pub mod eval;
pub mod lower;
pub mod shape;
pub mod vjp;
