//! Files on the disk; gzip is recognised by its first bytes, whatever the file is called.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use flate2::read::MultiGzDecoder;

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

/// A fault of a file.
pub(super) fn problem(path: &Path, problem: FileProblem) -> DataError {
    DataError::File { file: path.to_owned(), problem }
}
