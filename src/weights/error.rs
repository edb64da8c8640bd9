//! Why a weight file was not read or written.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use graven_runtime::network::TensorError;
use safetensors::SafeTensorError;
use thiserror::Error;

/// Why weights were not read or written; the model, or the old file, is as it was.
#[derive(Debug, Error)]
#[error("{location}: {problem}")]
pub struct WeightError {
    /// Where the weights are.
    pub location: Location,
    /// What is wrong.
    pub problem: WeightProblem,
}

/// Where weights are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// In a file.
    File(PathBuf),
    /// In memory.
    Memory,
}

impl From<Option<&Path>> for Location {
    fn from(path: Option<&Path>) -> Self {
        path.map_or(Self::Memory, |path| Self::File(path.to_owned()))
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Memory => f.write_str("weights in memory"),
        }
    }
}

/// What is wrong with weights.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WeightProblem {
    /// The file cannot be read.
    #[error("cannot be read: {0}")]
    Read(io::Error),
    /// The file cannot be written.
    #[error("cannot be written: {0}")]
    Write(io::Error),
    /// There are fewer bytes than the header says.
    #[error("truncated: {found} of {expected} bytes")]
    Truncated {
        /// Bytes there should be.
        expected: u64,
        /// Bytes there are.
        found: u64,
    },
    /// The bytes are not in the safetensors format.
    #[error("not a safetensors file: {0}")]
    Format(SafeTensorError),
    /// A tensor of the model is not there.
    #[error("tensor `{tensor}` is missing")]
    Missing {
        /// The name in the model.
        tensor: String,
    },
    /// The model has no such tensor.
    #[error("tensor `{tensor}` is not in the model")]
    Extra {
        /// The name in the file, after any mapping.
        tensor: String,
    },
    /// Two tensors are mapped to the same name.
    #[error("two tensors are named `{tensor}`")]
    Twice {
        /// The name in the model.
        tensor: String,
    },
    /// A tensor of another shape.
    #[error("tensor `{tensor}` is {found:?}, the model has {expected:?}")]
    Shape {
        /// The name in the model.
        tensor: String,
        /// The shape in the model.
        expected: Vec<usize>,
        /// The shape there.
        found: Vec<usize>,
    },
    /// A tensor that is not F32, F16 or BF16.
    #[error("tensor `{tensor}` is {found}, not F32, F16 or BF16")]
    DataType {
        /// The name in the model.
        tensor: String,
        /// Its type.
        found: String,
    },
    /// A value that is NaN or infinite.
    #[error("tensor `{tensor}` is {value} at position {position}")]
    NotFinite {
        /// The name in the model.
        tensor: String,
        /// The row-major position.
        position: usize,
        /// The value.
        value: f32,
    },
    /// The file has no record of how data were prepared.
    #[error("no preparation of data is stored")]
    NoPreparation,
    /// What prepares data cannot be stored, or is not of the type asked for.
    #[error("preparation of data: {0}")]
    Preparation(serde_json::Error),
    /// The model refuses a tensor that it declares.
    #[error("tensor `{tensor}`: {error}")]
    Model {
        /// The name in the model.
        tensor: String,
        /// Its reason.
        error: TensorError,
    },
}

impl WeightProblem {
    /// The error for weights at a place.
    pub(super) fn at(self, path: Option<&Path>) -> WeightError {
        WeightError { location: path.into(), problem: self }
    }
}
