//! Weight files in the safetensors format: tensors by their dotted names, in logical, row-major order.

mod channels;
mod error;
mod hash;
mod names;
mod read;
mod write;

pub use error::{Location, WeightError, WeightProblem};
pub(crate) use hash::fnv_1a_of;
pub use hash::hash;
pub use read::Weights;
pub(crate) use write::replace;
pub use write::{save, to_safetensors};
