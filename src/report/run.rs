//! Everything that is needed to repeat a run, in one file.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use graven_runtime::dispatch::{Run, dispatch};
use graven_runtime::network::Network;
use serde::{Deserialize, Serialize};

use crate::metrics::Measured;
use crate::training::History;
use crate::weights::{hash, replace};

/// A report of a training run: versions, machine, seeds, settings, history and scores.
///
/// ```
/// # use graven::prelude::*;
/// use graven::report::RunReport;
///
/// # graven::network! {
/// #     pub struct Line;
/// #     fn forward(x: [1]) -> [1] { dense(x, 1) }
/// #     fn loss(y, target: [1]) { mse(y, target) }
/// # }
/// # let data = Dataset::new(vec![[1.0], [2.0]], vec![[1.0], [2.0]])?;
/// let mut model = Line::new(7);
/// let history = model.fit::<2>(&data).optimizer(Sgd::new(0.01)).epochs(3).seed(7).run()?;
/// let report = RunReport::new(&*model, &history).seed("weights", 7).note("data", "two points");
/// println!("{}", report.to_json());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunReport {
    /// The version of graven.
    pub graven: String,
    /// The operating system and the architecture.
    pub target: String,
    /// The instruction set of the kernels; results are equal to the bit only where it is the same.
    pub instructions: String,
    /// Trainable scalars.
    pub parameters: usize,
    /// Multiply-accumulates a sample, forward.
    pub multiply_accumulates: u64,
    /// The hash of the weights at the end, as hexadecimal digits.
    pub weights: String,
    /// Seeds by what they decide; that of `fit` is in the history.
    pub seeds: BTreeMap<String, u64>,
    /// Whatever else is worth knowing, such as the names of files.
    pub notes: BTreeMap<String, String>,
    /// Scores on data that were not trained on.
    pub metrics: Vec<Measured>,
    /// The network, the optimizer with its settings, and every epoch.
    pub history: History,
}

impl RunReport {
    /// The report of a model after a run.
    #[must_use]
    pub fn new<N: Network>(model: &N, history: &History) -> Self {
        Self {
            graven: env!("CARGO_PKG_VERSION").to_owned(),
            target: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            instructions: dispatch(Instructions).to_owned(),
            parameters: N::PARAMETERS,
            multiply_accumulates: N::MACS,
            weights: format!("{:016x}", hash(model)),
            seeds: BTreeMap::new(),
            notes: BTreeMap::new(),
            metrics: Vec::new(),
            history: history.clone(),
        }
    }

    /// With a seed, such as that of the initial weights or of a split.
    #[must_use]
    pub fn seed(mut self, name: &str, seed: u64) -> Self {
        self.seeds.insert(name.to_owned(), seed);
        self
    }

    /// With something worth knowing.
    #[must_use]
    pub fn note(mut self, name: &str, note: impl Into<String>) -> Self {
        self.notes.insert(name.to_owned(), note.into());
        self
    }

    /// With scores.
    #[must_use]
    pub fn metrics(mut self, metrics: impl IntoIterator<Item = Measured>) -> Self {
        self.metrics.extend(metrics);
        self
    }

    /// The report as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_else(|error| unreachable!("plain data are JSON: {error}"))
    }

    /// Writes the report, which replaces the file whole or not at all.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> io::Result<()> {
        replace(path.as_ref(), format!("{}\n", self.to_json()).as_bytes())
    }

    /// Reads a report.
    ///
    /// # Errors
    /// A file that cannot be read or is no report.
    pub fn load(path: impl AsRef<Path>) -> io::Result<Self> {
        Ok(serde_json::from_slice(&std::fs::read(path)?)?)
    }
}

/// The name of the instruction set that calls are dispatched to.
struct Instructions;

impl Run for Instructions {
    type Output = &'static str;

    #[inline(always)]
    fn run<S: graven_runtime::Simd>(self, _simd: S) -> &'static str {
        std::any::type_name::<S>().rsplit("::").next().unwrap_or_default()
    }
}
