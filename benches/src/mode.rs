//! What is timed: `infer1`, `train32`, … are a kind of call and a number of rows.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a call does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One forward pass.
    Infer,
    /// Forward, backward and Adam on one batch.
    Train,
    /// An epoch of `fit` with Adam, divided by its batches.
    Fit,
    /// The same with validation on a tenth as many rows, a metric and progress.
    FullFit,
}

impl Kind {
    const ALL: [(Self, &'static str); 4] =
        [(Self::Infer, "infer"), (Self::Train, "train"), (Self::Fit, "fit"), (Self::FullFit, "fullfit")];

    /// Whether whole epochs of `fit` are timed.
    #[must_use]
    pub const fn is_fit(self) -> bool {
        matches!(self, Self::Fit | Self::FullFit)
    }
}

/// A kind of call and the rows it gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Mode {
    /// What a call does.
    pub kind: Kind,
    /// Rows of a call.
    pub batch: usize,
}

impl Mode {
    /// A forward pass over `batch` rows.
    #[must_use]
    pub const fn infer(batch: usize) -> Self {
        Self { kind: Kind::Infer, batch }
    }

    /// A training step on `batch` rows.
    #[must_use]
    pub const fn train(batch: usize) -> Self {
        Self { kind: Kind::Train, batch }
    }
}

impl Mode {
    /// Sorts forward passes before training steps, and each by rows.
    #[must_use]
    pub const fn order(self) -> (u8, usize) {
        (self.kind as u8, self.batch)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = Kind::ALL.iter().find(|(kind, _)| *kind == self.kind).map_or("", |(_, name)| name);
        f.pad(&format!("{kind}{}", self.batch))
    }
}

impl FromStr for Mode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Kind::ALL
            .iter()
            .find_map(|(kind, name)| {
                let batch = text.strip_prefix(name)?.parse().ok().filter(|&batch| batch > 0)?;
                Some(Self { kind: *kind, batch })
            })
            .ok_or_else(|| format!("`{text}` is no mode: infer1, infer32, train32, fit32 and fullfit32 are"))
    }
}

impl TryFrom<String> for Mode {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Mode> for String {
    fn from(mode: Mode) -> Self {
        mode.to_string()
    }
}
