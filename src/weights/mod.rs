//! Weight files in the safetensors format: tensors by their dotted names, in logical, row-major order.

mod channels;
mod error;
mod hash;
mod names;
mod read;
mod write;

pub use error::{Location, WeightError, WeightProblem};
pub use hash::hash;
pub(crate) use hash::{fnv_1a, fnv_1a_of};
pub use read::Weights;
pub(crate) use write::replace;
pub use write::{save, save_with, to_safetensors};

/// What can be stored beside weights: everything that serde serialises.
pub trait Preparation: serde::Serialize {}

impl<P: serde::Serialize + ?Sized> Preparation for P {}
