//! Everything that decides a run but the model, the optimizer and how its steps are computed.

use graven_runtime::network::{Network, Trainable};

use super::average::Average;
use super::callback::Callback;
use super::checkpoint::Checkpoints;
use super::early::EarlyStopping;
use super::schedule::Schedule;
use crate::data::Dataset;
use crate::metrics::Meters;
use crate::report::Log;

pub(super) type Data<N> = Dataset<<N as Network>::Input, <N as Trainable>::Target>;
pub(super) type MetersOf<'a, N> = Meters<'a, <N as Network>::Output, <N as Trainable>::Target>;

/// The settings of a run.
pub(super) struct Plan<'a, N: Trainable> {
    pub training: &'a Data<N>,
    pub validation: Option<&'a Data<N>>,
    pub epochs: usize,
    pub batch_size: usize,
    pub seed: u64,
    pub shuffle: bool,
    pub progress: bool,
    pub keep_best: bool,
    pub rate: Rate<'a>,
    pub early: Option<EarlyStopping>,
    pub average: Option<Average>,
    pub checkpoints: Option<Checkpoints>,
    pub resume: Option<std::path::PathBuf>,
    pub callbacks: Vec<Box<dyn Callback<N> + 'a>>,
    pub metrics: MetersOf<'a, N>,
    pub logs: Vec<Box<dyn Log + 'a>>,
}

/// Where learning rates come from.
pub(super) enum Rate<'a> {
    /// The optimizer.
    Kept,
    /// A function of the epochs done, asked once an epoch.
    Epochs(Box<dyn FnMut(usize) -> f32 + 'a>),
    /// A schedule, asked every step.
    Schedule(Box<dyn Schedule + 'a>),
}

impl<N: Trainable> Plan<'_, N> {
    /// Steps of an epoch.
    pub fn steps(&self) -> usize {
        self.training.len().div_ceil(self.batch_size)
    }
}
