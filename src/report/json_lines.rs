//! Epochs as lines of JSON.

use std::io;
use std::path::Path;

use serde_json::{Map, Value};

use super::table::LineFile;
use super::{Log, numbers};
use crate::metrics::Measured;
use crate::training::{Epoch, History};

/// A file with a JSON object for each epoch; a number that does not exist is left out.
#[derive(Debug)]
pub struct JsonLines {
    file: LineFile,
}

impl JsonLines {
    /// A new file, or one made empty.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn create(path: impl AsRef<Path>) -> io::Result<Self> {
        Ok(Self { file: LineFile::create(path.as_ref())? })
    }

    /// A file to go on with, such as that of a run that is resumed.
    ///
    /// When a run goes on from a checkpoint, what was written to the file after that checkpoint is removed first.
    ///
    /// # Errors
    /// A file that cannot be read and written.
    pub fn append(path: impl AsRef<Path>) -> io::Result<Self> {
        Ok(Self { file: LineFile::append(path.as_ref())?.0 })
    }
}

impl Log for JsonLines {
    fn remember(&self) -> Vec<u8> {
        self.file.place()
    }

    fn resume(&mut self, _history: &History, place: &[u8]) -> io::Result<()> {
        self.file.go_back(place)
    }

    fn record(&mut self, epoch: &Epoch, metrics: &[Measured]) -> io::Result<()> {
        let mut line = Map::from_iter([("epoch".to_owned(), Value::from(epoch.number))]);
        for (name, number) in numbers(epoch, metrics) {
            if number.is_finite() {
                line.insert(name, number.into());
            }
        }
        self.file.line(Value::Object(line).to_string())
    }
}
