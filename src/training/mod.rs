//! Training on data sets: a model and data go in, a trained model, its history and scores come out.

mod confusion;
mod error;
mod evaluate;
mod fit;
mod history;
mod metrics;
mod progress;
mod run;
pub mod schedule;
mod snapshot;

pub use confusion::{Class, Confusion};
pub use error::{FitError, Quantity};
pub use evaluate::{confusion, evaluate, predict};
pub use fit::Fit;
pub use history::{Epoch, History};
pub use metrics::Score;
