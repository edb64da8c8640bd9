//! The idx format of MNIST: a big-endian header with type and sizes, then the numbers; plain or gzip.

use std::path::Path;

use graven_runtime::sample::Element;

use super::elements::{Misfit, rows_from_numbers};
use super::error::{DataError, FileProblem};
use super::open;

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

/// Rows from the bytes of an idx file.
///
/// # Errors
/// As [`read()`].
pub fn parse<T: Element>(bytes: &[u8]) -> Result<Vec<T>, FileProblem> {
    let Header { kind, sizes, numbers } = header(bytes)?;
    let rows = sizes.first().copied().unwrap_or(0);
    if rows == 0 {
        return Err(FileProblem::Empty);
    }
    let width = sizes.iter().skip(1).try_fold(1usize, |product, &size| product.checked_mul(size));
    if width != Some(T::WIDTH) {
        return Err(FileProblem::Sizes { sizes, width: T::WIDTH });
    }
    let announced = rows as u128 * T::WIDTH as u128 * kind.bytes() as u128;
    if announced != numbers.len() as u128 {
        let header = (bytes.len() - numbers.len()) as u128;
        let expected = u64::try_from(header + announced).unwrap_or(u64::MAX);
        return Err(FileProblem::Length { expected, found: bytes.len() as u64 });
    }
    rows_from_numbers(kind.numbers(numbers)).map_err(|Misfit { position, value, wanted }| FileProblem::Value {
        row: position / T::WIDTH,
        position: position % T::WIDTH,
        value,
        wanted,
    })
}

struct Header<'a> {
    kind: Kind,
    sizes: Vec<usize>,
    numbers: &'a [u8],
}

fn header(bytes: &[u8]) -> Result<Header<'_>, FileProblem> {
    let magic = || FileProblem::Magic { found: bytes.iter().take(4).copied().collect() };
    let (&[first, second, code, rank], rest) = bytes.split_first_chunk().ok_or_else(magic)?;
    let kind = Kind::from_code(code).ok_or_else(magic)?;
    if (first, second) != (0, 0) || rank == 0 {
        return Err(magic());
    }
    let length = 4 * usize::from(rank);
    let (sizes, numbers) = rest
        .split_at_checked(length)
        .ok_or(FileProblem::Length { expected: 4 + length as u64, found: bytes.len() as u64 })?;
    let sizes = sizes.as_chunks().0.iter().map(|&size| u32::from_be_bytes(size) as usize).collect();
    Ok(Header { kind, sizes, numbers })
}

#[derive(Clone, Copy)]
enum Kind {
    U8,
    I8,
    I16,
    I32,
    F32,
    F64,
}

impl Kind {
    fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            0x08 => Self::U8,
            0x09 => Self::I8,
            0x0b => Self::I16,
            0x0c => Self::I32,
            0x0d => Self::F32,
            0x0e => Self::F64,
            _ => return None,
        })
    }

    fn bytes(self) -> usize {
        match self {
            Self::U8 | Self::I8 => 1,
            Self::I16 => 2,
            Self::I32 | Self::F32 => 4,
            Self::F64 => 8,
        }
    }

    fn numbers(self, bytes: &[u8]) -> Box<dyn ExactSizeIterator<Item = f64> + '_> {
        match self {
            Self::U8 => each(bytes, |chunk| u8::from_be_bytes(chunk).into()),
            Self::I8 => each(bytes, |chunk| i8::from_be_bytes(chunk).into()),
            Self::I16 => each(bytes, |chunk| i16::from_be_bytes(chunk).into()),
            Self::I32 => each(bytes, |chunk| i32::from_be_bytes(chunk).into()),
            Self::F32 => each(bytes, |chunk| f32::from_be_bytes(chunk).into()),
            Self::F64 => each(bytes, f64::from_be_bytes),
        }
    }
}

fn each<const N: usize>(bytes: &[u8], number: fn([u8; N]) -> f64) -> Box<dyn ExactSizeIterator<Item = f64> + '_> {
    Box::new(bytes.as_chunks().0.iter().map(move |&chunk| number(chunk)))
}
