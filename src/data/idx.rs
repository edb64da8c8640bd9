//! The idx format of MNIST: a big-endian header with type and sizes, then the numbers; plain or gzip.

use std::path::Path;

use graven_runtime::sample::{Element, Sample};

use super::error::{DataError, FileProblem};
use super::fixed::{Header, NumberFile};
use super::numbers::{Kind, Scalar};
use super::rows::IntoRows;
use super::{Dataset, open};

/// Reads a file of rows: `idx::read::<[[f32; 28]; 28]>(images)?`, `idx::read::<Index<10>>(labels)?`.
///
/// The first size counts rows, the product of the others must be the scalars of a row. Numbers keep their values, so
/// the pixels of MNIST are 0 to 255.
///
/// # Errors
/// A file that cannot be read, is no idx file, is shorter or longer than it says, or holds other rows.
pub fn read<T: Element>(path: impl AsRef<Path>) -> Result<Vec<T>, DataError> {
    let path = path.as_ref();
    parse(&open::read(path)?).map_err(|problem| open::problem(path, problem))
}

/// The training and the test data of a folder in MNIST's layout: `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`,
/// `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte`, each plain or, with `.gz` behind its name, compressed.
///
/// # Errors
/// A file that is missing or wrong, as [`read()`] says, or a part with more or fewer labels than images.
pub fn folder<X, Y>(folder: impl AsRef<Path>) -> Result<[Dataset<X, Y>; 2], DataError>
where
    X: Element + Sample,
    Y: Element + Sample,
    Vec<X>: IntoRows<X>,
    Vec<Y>: IntoRows<Y>,
{
    let file = |name: String| {
        let plain = folder.as_ref().join(&name);
        if plain.is_file() { plain } else { folder.as_ref().join(name + ".gz") }
    };
    let part = |part| {
        let images = read::<X>(file(format!("{part}-images-idx3-ubyte")))?;
        Dataset::new(images, read::<Y>(file(format!("{part}-labels-idx1-ubyte")))?)
    };
    Ok([part("train")?, part("t10k")?])
}

/// A file of rows that stays on the disk, for a stream.
///
/// # Errors
/// A file that cannot be read, is no idx file, is shorter or longer than it says (if it is not compressed), or holds
/// other rows.
pub fn open<T: Element>(path: impl AsRef<Path>) -> Result<NumberFile<T>, DataError> {
    NumberFile::open(path.as_ref(), header)
}

/// Rows from the bytes of an idx file.
///
/// # Errors
/// As [`read()`].
pub fn parse<T: Element>(bytes: &[u8]) -> Result<Vec<T>, FileProblem> {
    header(bytes)?.parse(bytes)
}

fn header(bytes: &[u8]) -> Result<Header, FileProblem> {
    let magic = || FileProblem::Magic { format: "an idx", found: bytes.iter().take(4).copied().collect() };
    let (&[first, second, code, rank], rest) = bytes.split_first_chunk().ok_or_else(magic)?;
    let scalar = scalar(code).ok_or_else(magic)?;
    if (first, second) != (0, 0) || rank == 0 {
        return Err(magic());
    }
    let length = 4 * usize::from(rank);
    let sizes =
        rest.get(..length).ok_or(FileProblem::Length { expected: 4 + length as u64, found: bytes.len() as u64 })?;
    let sizes = sizes.as_chunks().0.iter().map(|&size| u32::from_be_bytes(size) as usize).collect();
    Ok(Header { kind: Kind { scalar, big_endian: true }, sizes, start: 4 + length, column_major: false })
}

fn scalar(code: u8) -> Option<Scalar> {
    Some(match code {
        0x08 => Scalar::U8,
        0x09 => Scalar::I8,
        0x0b => Scalar::I16,
        0x0c => Scalar::I32,
        0x0d => Scalar::F32,
        0x0e => Scalar::F64,
        _ => return None,
    })
}
