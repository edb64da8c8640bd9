//! Epochs as lines of a table.

use std::io;
use std::path::Path;

use csv::{ReaderBuilder, WriterBuilder};

use super::table::LineFile;
use super::{Log, numbers};
use crate::metrics::Measured;
use crate::training::{Epoch, History};

/// A CSV file with a line for each epoch; a number that does not exist is an empty cell.
#[derive(Debug)]
pub struct CsvLog {
    file: LineFile,
    columns: Vec<String>,
}

impl CsvLog {
    /// A new file, or one made empty. The first epoch decides the columns.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn create(path: impl AsRef<Path>) -> io::Result<Self> {
        Ok(Self { file: LineFile::create(path.as_ref())?, columns: Vec::new() })
    }

    /// A file to go on with, such as that of a run that is resumed: lines are added below those that are there.
    ///
    /// When a run goes on from a checkpoint, what was written to the file after that checkpoint is removed first.
    ///
    /// # Errors
    /// A file that cannot be read and written.
    pub fn append(path: impl AsRef<Path>) -> io::Result<Self> {
        let (file, text) = LineFile::append(path.as_ref())?;
        let mut reader = ReaderBuilder::new().from_reader(text.as_bytes());
        let columns = reader.headers()?.iter().map(str::to_owned).collect();
        Ok(Self { file, columns })
    }
}

impl Log for CsvLog {
    fn remember(&self) -> Vec<u8> {
        self.file.place()
    }

    fn resume(&mut self, _history: &History, place: &[u8]) -> io::Result<()> {
        self.file.go_back(place)?;
        if self.file.is_empty() {
            self.columns.clear();
        }
        Ok(())
    }

    fn record(&mut self, epoch: &Epoch, metrics: &[Measured]) -> io::Result<()> {
        let numbers = numbers(epoch, metrics);
        if self.columns.is_empty() {
            let columns: Vec<String> =
                std::iter::once("epoch".to_owned()).chain(numbers.iter().map(|(name, _)| name.clone())).collect();
            self.file.line(line(&columns)?)?;
            self.columns = columns;
        }
        let cell = |column: &String| match numbers.iter().find(|(name, _)| name == column) {
            _ if column == "epoch" => epoch.number.to_string(),
            Some((_, number)) if !number.is_nan() => number.to_string(),
            _ => String::new(),
        };
        let cells: Vec<String> = self.columns.iter().map(cell).collect();
        self.file.line(line(&cells)?)
    }
}

fn line(cells: &[String]) -> io::Result<String> {
    let mut writer = WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    writer.write_record(cells)?;
    let bytes = writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    Ok(String::from_utf8_lossy(&bytes).trim_end_matches('\n').to_owned())
}
