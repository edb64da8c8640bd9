//! Why a checkpoint was not written or read.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why a checkpoint was not written or read; earlier ones, and the model, are as they were.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}: {problem}", path.display())]
pub struct CheckpointError {
    /// The file or folder.
    pub path: PathBuf,
    /// What is wrong.
    pub problem: CheckpointProblem,
}

/// What is wrong with a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CheckpointProblem {
    /// The file or folder cannot be read.
    #[error("cannot be read: {message}")]
    Read {
        /// The kind of error.
        kind: io::ErrorKind,
        /// What the system says.
        message: String,
    },
    /// The file cannot be written.
    #[error("cannot be written: {message}")]
    Write {
        /// The kind of error.
        kind: io::ErrorKind,
        /// What the system says.
        message: String,
    },
    /// The bytes do not begin as a checkpoint does.
    #[error("not a checkpoint")]
    NotACheckpoint,
    /// A format that this version does not read.
    #[error("version {found} of the format, only {expected} is read")]
    Version {
        /// The version that is read.
        expected: u32,
        /// The version of the file.
        found: u32,
    },
    /// Bytes are missing, changed or too many.
    #[error("damaged: {0}")]
    Damaged(&'static str),
    /// It belongs to another run.
    #[error("of another run: {what} is {found} there, {expected} here")]
    Foreign {
        /// What differs.
        what: Difference,
        /// Here.
        expected: String,
        /// In the file.
        found: String,
    },
    /// An optimizer whose [`graven_runtime::optimizer::Optimizer::moments`] gives nothing.
    #[error("the optimizer does not give its moments")]
    Moments,
}

/// What tells one run from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Difference {
    /// The name of the network.
    NetworkName,
    /// Names, shapes or places of its tensors.
    TensorLayout,
    /// The optimizer or its hyperparameters.
    OptimizerSettings,
    /// The seed.
    Seed,
    /// Rows of the training data.
    Rows,
    /// Rows of a step.
    BatchSize,
    /// How a step is computed.
    Engine,
    /// Other settings.
    Settings,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NetworkName => "the network",
            Self::TensorLayout => "the layout of tensors",
            Self::OptimizerSettings => "the optimizer",
            Self::Seed => "the seed",
            Self::Rows => "the number of rows",
            Self::BatchSize => "the batch size",
            Self::Engine => "the way of a step",
            Self::Settings => "what is averaged, scheduled or kept",
        })
    }
}

impl CheckpointProblem {
    pub(super) fn read(error: &io::Error) -> Self {
        Self::Read { kind: error.kind(), message: error.to_string() }
    }

    pub(super) fn write(error: &io::Error) -> Self {
        Self::Write { kind: error.kind(), message: error.to_string() }
    }

    pub(in crate::training) fn at(self, path: &Path) -> CheckpointError {
        CheckpointError { path: path.to_owned(), problem: self }
    }
}
