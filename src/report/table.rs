//! Text files that grow by whole lines.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// A file of lines, each of which is written at once.
#[derive(Debug)]
pub(super) struct LineFile {
    file: File,
}

impl LineFile {
    /// A new file, or one made empty.
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        Ok(Self { file: OpenOptions::new().read(true).write(true).create(true).truncate(true).open(path)? })
    }

    /// A file to go on with, and its lines; a last line without an end, from a program that was killed, is removed.
    pub(super) fn append(path: &Path) -> io::Result<(Self, String)> {
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let end = bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |last| last + 1);
        bytes.truncate(end);
        file.set_len(end as u64)?;
        file.seek(SeekFrom::Start(end as u64))?;
        let text = String::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        Ok((Self { file }, text))
    }

    /// Removes the last lines as far as `epoch_of` reads epochs after `done` from them that follow each other: those of the
    /// last run in the file.
    pub(super) fn cut(&mut self, done: usize, epoch_of: impl Fn(&str) -> Option<usize>) -> io::Result<()> {
        let mut text = String::new();
        self.file.rewind()?;
        self.file.read_to_string(&mut text)?;
        let (mut end, mut next) = (text.len(), usize::MAX);
        for line in text.split_inclusive('\n').rev() {
            let Some(epoch) = epoch_of(line).filter(|epoch| (done + 1..next).contains(epoch)) else { break };
            (end, next) = (end - line.len(), epoch);
        }
        self.file.set_len(end as u64)?;
        self.file.seek(SeekFrom::Start(end as u64))?;
        Ok(())
    }

    /// Adds a line.
    pub(super) fn line(&mut self, mut line: String) -> io::Result<()> {
        let start = self.file.stream_position()?;
        line.push('\n');
        self.file.write_all(line.as_bytes()).inspect_err(|_| {
            // What was written of the line goes, if it can; the first error is the one to report.
            let _ = self.file.set_len(start).and_then(|()| self.file.seek(SeekFrom::Start(start)));
        })
    }
}
