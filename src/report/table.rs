//! Text files that grow by whole lines, and can go back to where a checkpoint was written.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::weights::fnv_1a;

/// A file of lines, each of which is written at once.
#[derive(Debug)]
pub(super) struct LineFile {
    file: File,
    path: PathBuf,
    /// The start of the file and the end of each line.
    ends: Vec<End>,
}

/// A place between lines.
#[derive(Clone, Copy, Debug, Default)]
struct End {
    /// Bytes before it.
    length: u64,
    /// Their hash.
    hash: u64,
}

impl End {
    /// The place behind further bytes.
    fn after(self, bytes: &[u8]) -> Self {
        Self { length: self.length + bytes.len() as u64, hash: fnv_1a(self.hash, bytes) }
    }
}

impl LineFile {
    /// A new file, or one made empty.
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        Ok(Self { file: File::create(path)?, path: path.to_owned(), ends: vec![End::default()] })
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
        let mut ends = vec![End::default()];
        for line in text.split_inclusive('\n') {
            ends.push(ends.last().copied().unwrap_or_default().after(line.as_bytes()));
        }
        Ok((Self { file, path: path.to_owned(), ends }, text))
    }

    /// Where the file has got to, for [`LineFile::go_back`].
    pub(super) fn place(&self) -> Vec<u8> {
        self.ends.last().map_or_else(Vec::new, |end| self.written(end))
    }

    fn written(&self, end: &End) -> Vec<u8> {
        let path = self.path.as_os_str().as_encoded_bytes();
        [end.length.to_le_bytes().as_slice(), &end.hash.to_le_bytes(), path].concat()
    }

    /// Removes what was written behind a place, where the same file still has what was before it then.
    pub(super) fn go_back(&mut self, place: &[u8]) -> io::Result<()> {
        if let Some(number) = self.ends.iter().position(|end| self.written(end) == place) {
            let length = self.ends[number].length;
            self.file.set_len(length)?;
            self.file.seek(SeekFrom::Start(length))?;
            self.ends.truncate(number + 1);
        }
        Ok(())
    }

    /// Whether there is no line.
    pub(super) fn is_empty(&self) -> bool {
        self.ends.len() == 1
    }

    /// Adds a line.
    pub(super) fn line(&mut self, mut line: String) -> io::Result<()> {
        let start = self.file.stream_position()?;
        line.push('\n');
        self.file.write_all(line.as_bytes()).inspect_err(|_| {
            // What was written of the line goes, if it can; the first error is the one to report.
            let _ = self.file.set_len(start).and_then(|()| self.file.seek(SeekFrom::Start(start)));
        })?;
        self.ends.push(self.ends.last().copied().unwrap_or_default().after(line.as_bytes()));
        Ok(())
    }
}
