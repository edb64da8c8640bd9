//! Training on data sets: a model and data go in, a trained model, its history and scores come out.

mod average;
mod callback;
mod checkpoint;
mod class_weights;
mod confusion;
mod early;
mod engine;
mod error;
mod evaluate;
mod fit;
mod group;
mod history;
mod plan;
mod progress;
pub mod schedule;
mod score;
mod snapshot;
mod streaming;
mod trainer;

pub use callback::{Answer, BoxError, Callback, CallbackError, Flow, StepReport};
pub use checkpoint::{CheckpointError, CheckpointProblem, Checkpoints, Difference};
pub use class_weights::{class_weights, sample_weights};
pub use confusion::{Class, Confusion};
pub use early::EarlyStopping;
pub use engine::{Mode, Parallel, Ranks, Single};
pub use error::{FitError, Quantity};
pub use evaluate::{confusion, evaluate, evaluate_with, predict};
pub use fit::Fit;
pub use group::{Group, GroupError};
pub use history::{Epoch, EpochMetrics, History};
pub use score::Score;
pub use streaming::{SourceError, SourceTrainer, evaluate_source};
pub use trainer::Trainer;
