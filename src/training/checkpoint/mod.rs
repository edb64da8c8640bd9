//! Checkpoints: everything that a run needs to go on to the same bits, in files that are whole or not there.

mod error;
mod format;

pub use error::{CheckpointError, CheckpointProblem, Difference};
pub(super) use format::{Fingerprint, Header, read, write};

use std::fs;
use std::path::{Path, PathBuf};

use crate::weights::replace;

const SUFFIX: &str = "graven";
const PREFIX: &str = "step-";
const BEST: &str = "best.graven";

/// Where and how often to write checkpoints: after every epoch, the last two kept, unless said otherwise.
///
/// Each is written beside its place, synchronised and renamed, so that a crash or a full disk at any time leaves the
/// earlier ones and no half of one. They are named `step-N.graven` by the steps done; the best is `best.graven`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoints {
    folder: PathBuf,
    pub(super) epochs: usize,
    pub(super) steps: u64,
    keep: usize,
    pub(super) best: bool,
}

impl Checkpoints {
    /// In a folder, which is made when it is not there.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), epochs: 1, steps: 0, keep: 2, best: false }
    }

    /// After every so many epochs; zero for never.
    #[must_use]
    pub fn every_epochs(self, epochs: usize) -> Self {
        Self { epochs, ..self }
    }

    /// After every so many steps; zero for never.
    #[must_use]
    pub fn every_steps(self, steps: u64) -> Self {
        Self { steps, ..self }
    }

    /// How many of the last ones are kept, at least one.
    #[must_use]
    pub fn keep(self, keep: usize) -> Self {
        Self { keep: keep.max(1), ..self }
    }

    /// Whether the one of the epoch with the least loss is kept besides.
    #[must_use]
    pub fn best(self, best: bool) -> Self {
        Self { best, ..self }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes a checkpoint after `steps` steps, then removes those that are no longer kept.
    pub(super) fn save(&self, steps: u64, bytes: &[u8]) -> Result<(), CheckpointError> {
        let path = self.folder.join(format!("{PREFIX}{steps:012}.{SUFFIX}"));
        self.write(&path, bytes)?;
        let all = list(&self.folder).map_err(|error| CheckpointProblem::read(&error).at(&self.folder))?;
        for (_, old) in all.iter().rev().skip(self.keep) {
            fs::remove_file(old).map_err(|error| CheckpointProblem::write(&error).at(old))?;
        }
        Ok(())
    }

    /// Writes the checkpoint of the best epoch.
    pub(super) fn save_best(&self, bytes: &[u8]) -> Result<(), CheckpointError> {
        self.write(&self.folder.join(BEST), bytes)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), CheckpointError> {
        let written = fs::create_dir_all(&self.folder).and_then(|()| replace(path, bytes));
        written.map_err(|error| CheckpointProblem::write(&error).at(path))
    }
}

/// Writes one checkpoint.
pub(super) fn save(path: &Path, bytes: &[u8]) -> Result<(), CheckpointError> {
    replace(path, bytes).map_err(|error| CheckpointProblem::write(&error).at(path))
}

/// The checkpoints of a folder by their steps.
fn list(folder: &Path) -> std::io::Result<Vec<(u64, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let steps = path
            .file_name()
            .and_then(|name| name.to_str())
            .and_then(|name| name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?.strip_suffix('.')?.parse().ok());
        found.extend(steps.map(|steps| (steps, path)));
    }
    found.sort_unstable();
    Ok(found)
}

/// The last checkpoint of a folder, or the file itself; `None` where there is nothing yet.
pub(super) fn last(path: &Path) -> Result<Option<PathBuf>, CheckpointError> {
    if path.is_file() {
        return Ok(Some(path.to_owned()));
    }
    match list(path) {
        Ok(mut all) => Ok(all.pop().map(|(_, path)| path)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(CheckpointProblem::read(&error).at(path)),
    }
}

/// Header and arrays of a file.
pub(super) fn load(path: &Path) -> Result<(Header, Vec<Vec<f32>>), CheckpointError> {
    let bytes = fs::read(path).map_err(|error| CheckpointProblem::read(&error).at(path))?;
    read(&bytes).map_err(|problem| problem.at(path))
}
