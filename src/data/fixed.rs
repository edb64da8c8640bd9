//! Files of rows of one size: a header, then numbers. They are read whole, or row by row from any place.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use graven_runtime::sample::Element;

use super::error::{DataError, FileProblem};
use super::numbers::{Kind, fault};
use super::open;
use super::stream::{Order, Records, Rows};
use crate::random;

/// What a header says.
#[derive(Clone, Debug)]
pub(super) struct Header {
    pub kind: Kind,
    pub sizes: Vec<usize>,
    /// Bytes before the numbers.
    pub start: usize,
    /// Whether the first size varies fastest, as in Fortran.
    pub column_major: bool,
}

/// Reads a header from the first bytes of a file, of which there are `LONGEST_HEADER` if the file is so long.
pub(super) type Parse = fn(&[u8]) -> Result<Header, FileProblem>;

/// No header is longer.
const LONGEST_HEADER: u64 = 1 << 17;

impl Header {
    /// The number of rows of `T`.
    pub(super) fn rows<T: Element>(&self) -> Result<usize, FileProblem> {
        let rows = self.sizes.first().copied().unwrap_or(0);
        let width = self.sizes.iter().skip(1).try_fold(1usize, |product, &size| product.checked_mul(size));
        if width != Some(T::WIDTH) || self.sizes.is_empty() {
            return Err(FileProblem::Sizes { sizes: self.sizes.clone(), width: T::WIDTH });
        }
        if rows == 0 { Err(FileProblem::Empty) } else { Ok(rows) }
    }

    /// The bytes that a file with this header has.
    fn length(&self) -> u64 {
        let numbers = self.sizes.iter().fold(1u128, |product, &size| product.saturating_mul(size as u128));
        let bytes = numbers.saturating_mul(self.kind.bytes() as u128).saturating_add(self.start as u128);
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }

    /// All rows, from the bytes of the whole file.
    pub(super) fn parse<T: Element>(&self, bytes: &[u8]) -> Result<Vec<T>, FileProblem> {
        self.rows::<T>()?;
        let (expected, found) = (self.length(), bytes.len() as u64);
        if expected != found {
            return Err(FileProblem::Length { expected, found });
        }
        let numbers = &bytes[self.start..];
        let rows = if self.column_major && self.sizes.len() > 1 {
            self.kind.rows(&row_major(numbers, &self.sizes, self.kind.bytes()))
        } else {
            self.kind.rows(numbers)
        };
        rows.map_err(|misfit| fault::<T>(misfit, 0))
    }
}

/// The numbers of a column-major array in row-major order.
fn row_major(numbers: &[u8], sizes: &[usize], bytes: usize) -> Vec<u8> {
    let mut ordered = Vec::with_capacity(numbers.len());
    let mut place = vec![0usize; sizes.len()];
    for _ in 0..numbers.len() / bytes {
        let from = place.iter().zip(sizes).rev().fold(0, |offset, (&index, &size)| offset * size + index);
        ordered.extend_from_slice(&numbers[from * bytes..][..bytes]);
        for (index, &size) in place.iter_mut().zip(sizes).rev() {
            *index += 1;
            if *index < size {
                break;
            }
            *index = 0;
        }
    }
    ordered
}

/// A file of rows of one tensor, which stays on the disk. With a file of targets it becomes records for a stream:
/// `Stream::new(idx::open::<[f32; 784]>(images)?.zip(idx::open::<Index<10>>(labels)?)?)`.
#[derive(Clone, Debug)]
pub struct NumberFile<T> {
    path: PathBuf,
    header: Header,
    rows: usize,
    compressed: bool,
    marker: PhantomData<fn() -> T>,
}

impl<T: Element> NumberFile<T> {
    pub(super) fn open(path: &Path, parse: Parse) -> Result<Self, DataError> {
        Self::checked(path, parse).map_err(|problem| open::problem(path, problem))
    }

    fn checked(path: &Path, parse: Parse) -> Result<Self, FileProblem> {
        let (file, compressed) = open::file(path)?;
        let length = file.metadata()?.len();
        let mut first = Vec::new();
        decoded(file, compressed).take(LONGEST_HEADER).read_to_end(&mut first)?;
        let header = parse(&first)?;
        let rows = header.rows::<T>()?;
        if header.column_major && header.sizes.len() > 1 {
            return Err(FileProblem::ColumnMajor);
        }
        if !compressed && length != header.length() {
            return Err(FileProblem::Length { expected: header.length(), found: length });
        }
        Ok(Self { path: path.to_owned(), header, rows, compressed, marker: PhantomData })
    }

    /// The number of rows, never zero.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "a file has at least one row")]
    pub fn len(&self) -> usize {
        self.rows
    }

    /// These rows as inputs, those of another file as targets.
    ///
    /// # Errors
    /// Files with different numbers of rows.
    pub fn zip<U: Element>(self, targets: NumberFile<U>) -> Result<NumberFiles<T, U>, DataError> {
        if self.rows != targets.rows {
            return Err(DataError::Lengths { expected: self.rows, found: targets.rows });
        }
        Ok(NumberFiles { inputs: self, targets })
    }

    fn reader(&self) -> Result<NumberReader<'_, T>, DataError> {
        let start = || {
            let (file, compressed) = open::file(&self.path)?;
            let mut reader = decoded(file, compressed);
            std::io::copy(&mut (&mut reader).take(self.header.start as u64), &mut std::io::sink())?;
            Ok(reader)
        };
        let reader = start().map_err(|problem| open::problem(&self.path, problem))?;
        Ok(NumberReader { file: self, reader, position: 0, bytes: Vec::new() })
    }
}

/// A file's contents, plain or decompressed.
enum Contents {
    Plain(BufReader<File>),
    Gzip(Box<MultiGzDecoder<BufReader<File>>>),
}

impl Read for Contents {
    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Self::Plain(reader) => reader.read(bytes),
            Self::Gzip(reader) => reader.read(bytes),
        }
    }
}

fn decoded(file: File, compressed: bool) -> Contents {
    let reader = BufReader::with_capacity(1 << 16, file);
    if compressed { Contents::Gzip(Box::new(MultiGzDecoder::new(reader))) } else { Contents::Plain(reader) }
}

/// An open file.
struct NumberReader<'a, T> {
    file: &'a NumberFile<T>,
    reader: Contents,
    /// The row that is read next.
    position: usize,
    bytes: Vec<u8>,
}

impl<T: Element> NumberReader<'_, T> {
    /// Replaces `rows` by `count` rows from `first` on.
    fn read(&mut self, first: usize, count: usize, rows: &mut Vec<T>) -> Result<(), DataError> {
        self.try_read(first, count, rows).map_err(|problem| open::problem(&self.file.path, problem))
    }

    fn try_read(&mut self, first: usize, count: usize, rows: &mut Vec<T>) -> Result<(), FileProblem> {
        let Header { kind, start, .. } = self.file.header;
        let row = T::WIDTH * kind.bytes();
        if let (Contents::Plain(reader), true) = (&mut self.reader, first != self.position) {
            reader.seek(SeekFrom::Start((start + first * row) as u64))?;
        }
        self.bytes.resize(count * row, 0);
        let read = read_full(&mut self.reader, &mut self.bytes)?;
        if read < self.bytes.len() {
            let found = (start + first * row + read) as u64;
            return Err(FileProblem::Length { expected: self.file.header.length(), found });
        }
        self.position = first + count;
        rows.resize(count, T::ZERO);
        kind.fill(&self.bytes, rows).map_err(|misfit| fault::<T>(misfit, first))
    }

    /// Whether a compressed file ends where its header says.
    fn check_end(&mut self) -> Result<(), DataError> {
        let mut more = [0];
        match read_full(&mut self.reader, &mut more) {
            Ok(0) => Ok(()),
            Ok(_) => {
                let expected = self.file.header.length();
                Err(open::problem(&self.file.path, FileProblem::Length { expected, found: expected + 1 }))
            }
            Err(error) => Err(open::problem(&self.file.path, error.into())),
        }
    }
}

/// Reads until the buffer is full or the file ends; gives the bytes read.
fn read_full(reader: &mut impl Read, bytes: &mut [u8]) -> std::io::Result<usize> {
    let mut read = 0;
    while read < bytes.len() {
        match reader.read(&mut bytes[read..]) {
            Ok(0) => break,
            Ok(count) => read += count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}

/// Records from a file of inputs and one of targets. Where neither is compressed, a shuffled stream reads parts of 256
/// kilobytes in shuffled order.
#[derive(Clone, Debug)]
pub struct NumberFiles<X, Y> {
    inputs: NumberFile<X>,
    targets: NumberFile<Y>,
}

/// Bytes of inputs that are read at once.
const PART_BYTES: usize = 1 << 18;

impl<X: Element, Y: Element> Records<X, Y> for NumberFiles<X, Y> {
    fn open(&self, order: Order) -> Result<Rows<'_, X, Y>, DataError> {
        let (inputs, targets) = (self.inputs.reader()?, self.targets.reader()?);
        let size = (PART_BYTES / size_of::<X>().max(1)).max(1);
        let compressed = self.inputs.compressed || self.targets.compressed;
        let rows = self.inputs.rows;
        let count = rows.div_ceil(size);
        // The length of a compressed file is not known, so its header is not trusted with memory for a list.
        let parts: Box<dyn Iterator<Item = usize> + Send> = match order.seed {
            Some(seed) if !compressed => Box::new(random::permutation(count, seed, order.epoch).into_iter()),
            _ => Box::new(0..count),
        };
        let (x, y) = (Vec::new(), Vec::new());
        Ok(Box::new(Parts { inputs, targets, parts, size, rows, compressed, x, y, next: 0 }))
    }

    fn rows(&self) -> Option<usize> {
        Some(self.inputs.rows)
    }
}

/// The rows of two files, part by part.
struct Parts<'a, X, Y> {
    inputs: NumberReader<'a, X>,
    targets: NumberReader<'a, Y>,
    parts: Box<dyn Iterator<Item = usize> + Send>,
    /// Rows of a part.
    size: usize,
    rows: usize,
    compressed: bool,
    x: Vec<X>,
    y: Vec<Y>,
    next: usize,
}

impl<X: Element, Y: Element> Parts<'_, X, Y> {
    /// Reads the next part; false at the end.
    fn advance(&mut self) -> Result<bool, DataError> {
        let Some(part) = self.parts.next() else {
            if std::mem::take(&mut self.compressed) {
                self.inputs.check_end()?;
                self.targets.check_end()?;
            }
            return Ok(false);
        };
        let first = part * self.size;
        let count = self.size.min(self.rows - first);
        self.inputs.read(first, count, &mut self.x)?;
        self.targets.read(first, count, &mut self.y)?;
        self.next = 0;
        Ok(true)
    }
}

impl<X: Element, Y: Element> Iterator for Parts<'_, X, Y> {
    type Item = Result<(X, Y), DataError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next == self.x.len() {
            match self.advance() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => return Some(Err(error)),
            }
        }
        self.next += 1;
        Some(Ok((self.x[self.next - 1], self.y[self.next - 1])))
    }
}
