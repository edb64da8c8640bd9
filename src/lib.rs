//! Neural networks declared in a macro and compiled to static code: shapes are checked by rustc, all memory has a size
//! known at compile time, and neither inference nor a training step allocates or panics.
//!
//! [`network!`] declares a network; with feature `std` (the default) its model can be trained on a [`Dataset`], scored,
//! and kept in weight files. Without `std` the same model runs and trains on a microcontroller.
//!
//! # Features
//! - `std` (default): data sets and their files, streams, metrics, `fit`, `evaluate`, reports, weight files.
//! - `plot` (default): curves of a training run as an SVG picture.
//! - `npz` (default): NumPy's archives of arrays.
//! - `image`: folders of PNG and JPEG pictures.
//! - `mpi`: training in several processes, on one machine or many.
//! - `alloc`: constructors that put models and their memory on the heap.
//! - `ndarray`: arrays of that crate as data.

#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]

#[cfg(feature = "alloc")]
extern crate alloc;

#[cfg(feature = "alloc")]
#[doc(hidden)]
pub mod __private;
#[cfg(feature = "std")]
pub mod data;
mod macros;
#[cfg(feature = "std")]
pub mod metrics;
#[cfg(feature = "mpi")]
pub mod mpi;
#[cfg(feature = "std")]
mod number;
#[cfg(feature = "std")]
mod random;
#[cfg(feature = "std")]
pub mod report;
#[cfg(feature = "std")]
pub mod training;
#[cfg(feature = "std")]
pub mod weights;

#[cfg(feature = "std")]
pub use data::{DataError, Dataset, MinMax, Scaling, Standardize, csv::Csv, idx};
pub use graven_macros::network;
#[doc(hidden)]
pub use graven_runtime as rt;
pub use graven_runtime::{
    index::{Index, IndexError},
    network::{Gradients, Network, Objective, RowsError, TensorError, TensorInfo, Trainable, TrainingMemory},
    optimizer::{
        Accumulate, Adadelta, Adagrad, Adam, AdamW, ClipValue, GlobalNorm, Groups, Lamb, Lion, Nadam, Optimizer,
        RmsProp, Sgd,
    },
    plain::Zeroable,
    sample::{Element, Field, Sample},
};
#[cfg(feature = "std")]
pub use training::schedule;
#[cfg(feature = "std")]
pub use training::{Checkpoints, Confusion, EarlyStopping, Epoch, Fit, FitError, Flow, History, Score, Trainer};
#[cfg(feature = "std")]
pub use weights::{Preparation, WeightError, Weights};

/// Everything a program usually names: `use graven::prelude::*;`.
pub mod prelude {
    pub use crate::{
        Accumulate, Adadelta, Adagrad, Adam, AdamW, ClipValue, GlobalNorm, Groups, Index, IndexError, Lamb, Lion,
        Nadam, Network, Optimizer, RmsProp, RowsError, Sgd, TensorError, TensorInfo, Trainable, TrainingMemory,
        network,
    };
    #[cfg(feature = "std")]
    pub use crate::{
        Checkpoints, Confusion, Csv, DataError, Dataset, EarlyStopping, Fit, FitError, Flow, History, MinMax, Scaling,
        Score, Standardize, WeightError, Weights, idx,
        metrics::{self, Metric, MetricOf},
        schedule,
        schedule::Schedule,
    };
}

/// The program of the README, compiled by the tests.
#[cfg(all(doctest, feature = "std"))]
#[doc = include_str!("../README.md")]
struct Readme;

/// The budgets of `docs/looking-inside.md`, compiled by the tests.
#[cfg(all(doctest, feature = "std"))]
#[doc = include_str!("../docs/looking-inside.md")]
struct LookingInside;

/// The examples of `docs/language.md`, compiled by the tests.
#[cfg(all(doctest, feature = "std"))]
#[doc = include_str!("../docs/language.md")]
struct Language;

/// The programs of `docs/data.md`, compiled and run by the tests.
#[cfg(all(doctest, feature = "std"))]
#[doc = include_str!("../docs/data.md")]
struct Data;

/// The examples of `docs/training.md`, compiled by the tests.
#[cfg(all(doctest, feature = "std"))]
#[doc = include_str!("../docs/training.md")]
struct Training;
