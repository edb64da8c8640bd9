//! Arrays of NumPy: `.npy` files, plain or gzip, and with feature `npz` the archives of several.
//!
//! The format is that of NumPy's documentation of `numpy.lib.format`: a magic string, the length of a header, the header
//! (a Python dictionary of the type, the order and the shape), then the numbers. Booleans, integers and floating-point
//! numbers of either byte order are read; the first axis counts rows.

use std::path::Path;

use graven_runtime::sample::Element;

use super::error::{DataError, FileProblem};
use super::fixed::{Header, NumberFile};
use super::numbers::{Kind, Scalar};
use super::open;

const MAGIC: &[u8] = b"\x93NUMPY";

/// Reads an array of rows: `npy::read::<[f32; 784]>("images.npy")?`.
///
/// # Errors
/// A file that cannot be read, is no npy file, is shorter or longer than it says, holds other rows or other types.
pub fn read<T: Element>(path: impl AsRef<Path>) -> Result<Vec<T>, DataError> {
    let path = path.as_ref();
    parse(&open::read(path)?).map_err(|problem| open::problem(path, problem))
}

/// A file of rows that stays on the disk, for a stream.
///
/// # Errors
/// As [`read()`], and an array that is stored column by column.
pub fn open<T: Element>(path: impl AsRef<Path>) -> Result<NumberFile<T>, DataError> {
    NumberFile::open(path.as_ref(), header)
}

/// Rows from the bytes of an npy file.
///
/// # Errors
/// As [`read()`].
pub fn parse<T: Element>(bytes: &[u8]) -> Result<Vec<T>, FileProblem> {
    header(bytes)?.parse(bytes)
}

/// Reads one array of an archive: `npy::read_npz::<[f32; 40]>("features.npz", "x")?`.
///
/// # Errors
/// An archive that cannot be read or has no such array; else as [`read()`].
#[cfg(feature = "npz")]
pub fn read_npz<T: Element>(path: impl AsRef<Path>, name: &str) -> Result<Vec<T>, DataError> {
    let path = path.as_ref();
    let rows = || parse(&member(path, name)?);
    rows().map_err(|problem| open::problem(path, problem))
}

/// The names of the arrays of an archive.
///
/// # Errors
/// An archive that cannot be read.
#[cfg(feature = "npz")]
pub fn names(path: impl AsRef<Path>) -> Result<Vec<String>, DataError> {
    let path = path.as_ref();
    let archive = archive(path).map_err(|problem| open::problem(path, problem))?;
    let names = archive.file_names().map(|name| name.map(|name| name.strip_suffix(".npy").map(str::to_owned)));
    let names: Result<Vec<_>, _> = names.filter_map(Result::transpose).collect();
    names.map_err(|error| open::problem(path, FileProblem::Zip(error)))
}

#[cfg(feature = "npz")]
fn archive(path: &Path) -> Result<zip::ZipArchive<std::io::BufReader<std::fs::File>>, FileProblem> {
    zip::ZipArchive::new(std::io::BufReader::new(std::fs::File::open(path)?)).map_err(FileProblem::Zip)
}

#[cfg(feature = "npz")]
fn member(path: &Path, name: &str) -> Result<Vec<u8>, FileProblem> {
    let mut bytes = Vec::new();
    let mut archive = archive(path)?;
    let mut file = archive.by_name(&format!("{name}.npy")).map_err(FileProblem::Zip)?;
    std::io::Read::read_to_end(&mut file, &mut bytes)?;
    Ok(bytes)
}

fn header(bytes: &[u8]) -> Result<Header, FileProblem> {
    let magic = || FileProblem::Magic { format: "an npy", found: bytes.iter().take(8).copied().collect() };
    let (&[major, _minor], rest) =
        bytes.strip_prefix(MAGIC).and_then(|rest| rest.split_first_chunk()).ok_or_else(magic)?;
    let short = |expected| FileProblem::Length { expected, found: bytes.len() as u64 };
    let (length, before) = match major {
        1 => (rest.first_chunk().map(|&length| usize::from(u16::from_le_bytes(length))), 10),
        2 | 3 => (rest.first_chunk().map(|&length| u32::from_le_bytes(length) as usize), 12),
        _ => return Err(magic()),
    };
    let start = before + length.ok_or_else(|| short(before as u64))?;
    let text = bytes.get(before..start).ok_or_else(|| short(start as u64))?;
    let text = String::from_utf8_lossy(text);
    dictionary(&text, start).unwrap_or_else(|| Err(FileProblem::DataType { found: text.trim().to_owned() }))
}

/// A header from its dictionary; nothing when it has not the form that NumPy writes.
fn dictionary(text: &str, start: usize) -> Option<Result<Header, FileProblem>> {
    let descr = entry(text, "descr")?.strip_prefix('\'')?;
    let descr = &descr[..descr.find('\'')?];
    let order = entry(text, "fortran_order")?;
    let shape = entry(text, "shape")?.strip_prefix('(')?;
    let shape = &shape[..shape.find(')')?];
    let sizes = shape.split(',').map(str::trim).filter(|size| !size.is_empty()).map(|size| size.parse().ok());
    let sizes = sizes.collect::<Option<Vec<usize>>>()?;
    let column_major = order.starts_with("True");
    Some(match kind(descr) {
        Some(kind) => Ok(Header { kind, sizes, start, column_major }),
        None => Err(FileProblem::DataType { found: descr.to_owned() }),
    })
}

/// What follows a key of the dictionary.
fn entry<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("'{key}'"))?;
    Some(rest.trim_start().strip_prefix(':')?.trim_start())
}

fn kind(descr: &str) -> Option<Kind> {
    let big_endian = descr.starts_with('>');
    let scalar = match descr.trim_start_matches(['<', '>', '|', '=']) {
        "b1" | "u1" => Scalar::U8,
        "i1" => Scalar::I8,
        "u2" => Scalar::U16,
        "i2" => Scalar::I16,
        "u4" => Scalar::U32,
        "i4" => Scalar::I32,
        "u8" => Scalar::U64,
        "i8" => Scalar::I64,
        "f2" => Scalar::F16,
        "f4" => Scalar::F32,
        "f8" => Scalar::F64,
        _ => return None,
    };
    Some(Kind { scalar, big_endian })
}
