//! Whole files into memory, decompressed when they are gzip.

use std::io::{self, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::error::{DataError, FileProblem};

const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The contents of a file; gzip is recognised by its first bytes, whatever the file is called.
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

/// A fault of a file.
pub(super) fn problem(path: &Path, problem: FileProblem) -> DataError {
    DataError::File { file: path.to_owned(), problem }
}
