//! Tables of text: options and a file go in, typed columns come out.

use std::ops::Range;
use std::path::{Path, PathBuf};

use csv::{ReaderBuilder, StringRecord, Trim};
use graven_runtime::index::Index;
use graven_runtime::sample::Element;

use super::elements::{Misfit, rows_from_numbers, wanted};
use super::error::{DataError, FileProblem, Wanted};
use super::lines::CsvRows;
use super::open;

/// How a file is read. The default: the first line names the columns, commas separate them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Csv {
    headers: bool,
    delimiter: u8,
}

impl Default for Csv {
    fn default() -> Self {
        Self { headers: true, delimiter: b',' }
    }
}

impl Csv {
    /// The first line names the columns, commas separate them.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the first line holds names rather than values.
    #[must_use]
    pub fn headers(self, headers: bool) -> Self {
        Self { headers, ..self }
    }

    /// What separates the cells of a line.
    #[must_use]
    pub fn delimiter(self, delimiter: u8) -> Self {
        Self { delimiter, ..self }
    }

    /// Reads a file, plain or gzip.
    ///
    /// # Errors
    /// A file that cannot be read, is no text, has no rows, or rows of different lengths.
    pub fn read(self, path: impl AsRef<Path>) -> Result<Table, DataError> {
        let path = path.as_ref();
        self.parse(path, &open::read(path)?)
    }

    /// Reads text; `name` stands for the file in errors.
    ///
    /// # Errors
    /// As [`Csv::read`].
    pub fn parse(self, name: impl AsRef<Path>, text: &[u8]) -> Result<Table, DataError> {
        let file = name.as_ref();
        let (names, records) = self.records(text).map_err(|problem| open::problem(file, problem))?;
        let width = records.first().map_or(0, StringRecord::len);
        Ok(Table { file: file.to_owned(), head: Head { names, width }, records })
    }

    pub(super) fn has_names(self) -> bool {
        self.headers
    }

    pub(super) fn builder(self) -> ReaderBuilder {
        let mut builder = ReaderBuilder::new();
        builder.has_headers(self.headers).delimiter(self.delimiter).flexible(true).trim(Trim::All);
        builder
    }

    /// A file that stays on the disk, for a stream: each line becomes an input and a target, by columns of numbers or by
    /// what an [`Encoder`](super::Encoder) or [`Labels`](super::Labels) has learnt from a part of it.
    ///
    /// ```no_run
    /// use graven::data::Stream;
    /// use graven::{Csv, Index};
    ///
    /// let flowers = Csv::new().stream("flowers.csv", ["length", "width"], "species");
    /// let mut stream: Stream<[f32; 2], Index<3>> = Stream::new(flowers).shuffle(10_000, 7);
    /// ```
    pub fn stream<I, T>(self, path: impl AsRef<Path>, inputs: I, targets: T) -> CsvRows<I, T> {
        CsvRows { csv: self, path: path.as_ref().to_owned(), inputs, targets }
    }

    fn records(self, text: &[u8]) -> Result<(Vec<String>, Vec<StringRecord>), FileProblem> {
        let mut reader = self.builder().from_reader(text);
        let names = if self.headers { reader.headers()?.iter().map(str::to_owned).collect() } else { Vec::new() };
        let records: Vec<StringRecord> = reader.into_records().collect::<Result<_, _>>()?;
        let expected = records.first().ok_or(FileProblem::Empty)?.len();
        match records.iter().find(|record| record.len() != expected) {
            Some(record) => Err(FileProblem::Ragged { line: line(record), expected, found: record.len() }),
            None => Ok((names, records)),
        }
    }
}

/// The rows of a file as text: at least one, all with the same number of cells.
///
/// ```
/// use graven::{Csv, Index};
///
/// let table = Csv::new().parse("flowers.csv", b"length,width,species\n5.1,3.5,setosa\n7.0,3.2,versicolor\n")?;
/// let sizes = table.values::<[f32; 2]>(0..2)?;
/// let (species, names) = table.classes::<3>("species")?;
/// assert_eq!((sizes[1], species[1].get(), names[1].as_str()), ([7.0, 3.2], 1, "versicolor"));
/// # Ok::<(), graven::DataError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Table {
    pub(super) file: PathBuf,
    pub(super) head: Head,
    pub(super) records: Vec<StringRecord>,
}

/// The columns of a table.
#[derive(Clone, Debug)]
pub struct Head {
    names: Vec<String>,
    width: usize,
}

impl Table {
    /// The number of rows, never zero.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "a table is never empty")]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// The number of columns.
    #[must_use]
    pub fn width(&self) -> usize {
        self.head.width
    }

    /// The names of the columns; none without a line of names.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.head.names
    }

    /// Rows of numbers from as many columns as a row of `T` has scalars:
    /// `table.values::<[f32; 4]>(0..4)?`, `table.values::<Index<10>>("digit")?`.
    ///
    /// # Errors
    /// A column that does not exist, too many or too few of them, a cell that is no finite number or no such index.
    pub fn values<T: Element>(&self, columns: impl Columns) -> Result<Vec<T>, DataError> {
        self.parse_values(columns).map_err(|problem| open::problem(&self.file, problem))
    }

    fn parse_values<T: Element>(&self, columns: impl Columns) -> Result<Vec<T>, FileProblem> {
        let columns = columns.positions(&self.head)?;
        if columns.len() != T::WIDTH {
            return Err(FileProblem::Width { expected: T::WIDTH, found: columns.len() });
        }
        let mut numbers = Vec::with_capacity(self.records.len() * columns.len());
        for record in &self.records {
            for &column in &columns {
                let number = record.get(column).and_then(|text| text.parse::<f64>().ok());
                numbers.push(number.ok_or_else(|| self.head.cell(record, column, wanted::<T>()))?);
            }
        }
        rows_from_numbers(numbers.into_iter()).map_err(|Misfit { position, wanted, .. }| {
            self.head.cell(&self.records[position / columns.len()], columns[position % columns.len()], wanted)
        })
    }

    /// Classes from a column of labels, and the label of each class; classes are numbered in the order of the sorted
    /// labels, so that they do not depend on the order of the rows.
    ///
    /// # Errors
    /// A column that does not exist, or more than `K` different labels.
    pub fn classes<const K: usize>(&self, column: impl Columns) -> Result<(Vec<Index<K>>, Vec<String>), DataError> {
        self.parse_classes(column).map_err(|problem| open::problem(&self.file, problem))
    }

    fn parse_classes<const K: usize>(
        &self,
        columns: impl Columns,
    ) -> Result<(Vec<Index<K>>, Vec<String>), FileProblem> {
        let positions = columns.positions(&self.head)?;
        let &[column] = positions.as_slice() else {
            return Err(FileProblem::Width { expected: 1, found: positions.len() });
        };
        let cells = || self.records.iter().map(|record| record.get(column).unwrap_or_default());
        let mut labels: Vec<&str> = cells().collect();
        labels.sort_unstable();
        labels.dedup();
        let too_many = || FileProblem::Classes { column: self.head.name(column), classes: K, found: labels.len() };
        let class = |label| labels.binary_search(&label).ok().and_then(|class| Index::new(class).ok());
        let classes = cells().map(|label| class(label).ok_or_else(too_many)).collect::<Result<_, _>>()?;
        Ok((classes, labels.into_iter().map(str::to_owned).collect()))
    }

    /// The columns.
    #[must_use]
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// The rows at the positions given, in that order.
    ///
    /// # Errors
    /// No position, or one that is not a row.
    pub fn select(&self, positions: impl IntoIterator<Item = usize>) -> Result<Self, DataError> {
        let records: Vec<StringRecord> = positions
            .into_iter()
            .map(|row| self.records.get(row).cloned().ok_or(DataError::Row { row, rows: self.len() }))
            .collect::<Result<_, _>>()?;
        if records.is_empty() {
            return Err(DataError::Empty);
        }
        Ok(Self { file: self.file.clone(), head: self.head.clone(), records })
    }

    /// Shuffles by `seed` and gives that fraction of the rows, and the rest, before anything is fitted to them.
    ///
    /// # Errors
    /// A fraction that is not between 0 and 1, or that leaves a part without rows.
    pub fn split(&self, fraction: f64, seed: u64) -> Result<(Self, Self), DataError> {
        let [first, second] = super::split::parts(self.len(), [super::split::share(self.len(), fraction)?], seed)?;
        Ok((self.select(first)?, self.select(second)?))
    }
}

impl Head {
    pub(super) fn new(names: Vec<String>, width: usize) -> Self {
        Self { names, width }
    }

    /// The number of columns.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// The names of the columns; none without a line of names.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The name of a column, its number when it has none.
    #[must_use]
    pub fn name(&self, column: usize) -> String {
        self.names.get(column).cloned().unwrap_or_else(|| column.to_string())
    }

    /// The fault of a cell.
    pub(super) fn cell(&self, record: &StringRecord, column: usize, wanted: Wanted) -> FileProblem {
        let value = record.get(column).unwrap_or_default().to_owned();
        FileProblem::Cell { line: line(record), column: self.name(column), value, wanted }
    }

    fn number(&self, column: usize) -> Result<usize, FileProblem> {
        if column < self.width { Ok(column) } else { Err(self.no_column(&column.to_string())) }
    }

    fn position(&self, name: &str) -> Result<usize, FileProblem> {
        let column = self.names.iter().position(|known| known == name);
        column.filter(|&column| column < self.width).ok_or_else(|| self.no_column(name))
    }

    fn no_column(&self, column: &str) -> FileProblem {
        FileProblem::Column { column: column.to_owned(), columns: self.width }
    }
}

pub(super) fn line(record: &StringRecord) -> u64 {
    record.position().map_or(0, csv::Position::line)
}

/// Columns by number or by name: one, a range of numbers, or an array.
pub trait Columns {
    /// Their numbers in a table.
    ///
    /// # Errors
    /// A column that the table does not have.
    fn positions(&self, table: &Head) -> Result<Vec<usize>, FileProblem>;
}

impl Columns for usize {
    fn positions(&self, table: &Head) -> Result<Vec<usize>, FileProblem> {
        Ok(vec![table.number(*self)?])
    }
}

impl Columns for Range<usize> {
    fn positions(&self, table: &Head) -> Result<Vec<usize>, FileProblem> {
        self.clone().map(|column| table.number(column)).collect()
    }
}

impl Columns for &str {
    fn positions(&self, table: &Head) -> Result<Vec<usize>, FileProblem> {
        Ok(vec![table.position(self)?])
    }
}

impl<C: Columns, const N: usize> Columns for [C; N] {
    fn positions(&self, table: &Head) -> Result<Vec<usize>, FileProblem> {
        self.as_slice().positions(table)
    }
}

impl<C: Columns> Columns for &[C] {
    fn positions(&self, table: &Head) -> Result<Vec<usize>, FileProblem> {
        let columns: Vec<Vec<usize>> = self.iter().map(|column| column.positions(table)).collect::<Result<_, _>>()?;
        Ok(columns.concat())
    }
}
