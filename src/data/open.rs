//! Files on the disk; gzip is recognised by its first bytes, whatever the file is called.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Take};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use thiserror::Error;

use super::error::{DataError, FileProblem};

const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The contents of a file, decompressed.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, DataError> {
    contents(path).map_err(|error| problem(path, error.into()))
}

fn contents(path: &Path) -> io::Result<Vec<u8>> {
    let bytes = std::fs::read(path)?;
    if !bytes.starts_with(&GZIP) {
        return Ok(bytes);
    }
    let mut contents = Vec::new();
    MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut contents)?;
    Ok(contents)
}

/// A file at its start, and whether it is compressed.
pub(super) fn file(path: &Path) -> io::Result<(File, bool)> {
    let mut file = File::open(path)?;
    let mut first = Vec::with_capacity(GZIP.len());
    (&mut file).take(GZIP.len() as u64).read_to_end(&mut first)?;
    file.seek(SeekFrom::Start(0))?;
    Ok((file, first == GZIP))
}

/// The contents of a file as they are read, decompressed. A file that ends before the length it had when it was opened
/// is a fault; what is added meanwhile is not read.
pub(super) fn stream(path: &Path) -> io::Result<Box<dyn Read + Send>> {
    let (file, compressed) = file(path)?;
    let length = file.metadata()?.len();
    let whole = Whole { file: file.take(length), length };
    Ok(if compressed { Box::new(MultiGzDecoder::new(BufReader::new(whole))) } else { Box::new(whole) })
}

/// A file that must have all its bytes.
struct Whole {
    file: Take<File>,
    length: u64,
}

/// A file that shrank while it was read.
#[derive(Debug, Error)]
#[error("{found} bytes, but there were {expected}")]
struct Shrunk {
    expected: u64,
    found: u64,
}

impl Read for Whole {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(bytes)?;
        if read == 0 && !bytes.is_empty() && self.file.limit() > 0 {
            return Err(io::Error::other(Shrunk { expected: self.length, found: self.length - self.file.limit() }));
        }
        Ok(read)
    }
}

/// A fault of reading.
pub(super) fn read_problem(error: io::Error) -> FileProblem {
    match error.get_ref().and_then(|error| error.downcast_ref::<Shrunk>()) {
        Some(&Shrunk { expected, found }) => FileProblem::Length { expected, found },
        None => error.into(),
    }
}

/// A fault of a file.
pub(super) fn problem(path: &Path, problem: FileProblem) -> DataError {
    DataError::File { file: path.to_owned(), problem }
}
