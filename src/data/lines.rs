//! Tables of text that stay on the disk: each line becomes an input and a target.

use std::io::Read;
use std::path::PathBuf;

use csv::StringRecord;
use graven_runtime::sample::{Element, Sample};

use super::csv::{Columns, Csv, Head, Table, line};
use super::elements::{Misfit, rows_from_numbers, wanted};
use super::error::{DataError, FileProblem};
use super::open;
use super::stream::{Order, Records, Rows};

/// What cells of a line become: columns of numbers, a fitted [`Encoder`](super::Encoder), or a column of labels.
pub trait Cells<X: Sample>: Send + Sync + 'static {
    /// The columns that are read.
    ///
    /// # Errors
    /// A column that the table does not have, or the wrong number of them.
    fn columns(&self, head: &Head) -> Result<Vec<usize>, FileProblem>;
    /// The sample of a line; `columns` are those of [`Cells::columns`].
    ///
    /// # Errors
    /// A cell that is not what it should be.
    fn sample(&self, head: &Head, record: &StringRecord, columns: &[usize]) -> Result<X, FileProblem>;
}

impl<X: Element, C: Columns + Send + Sync + 'static> Cells<X> for C {
    fn columns(&self, head: &Head) -> Result<Vec<usize>, FileProblem> {
        let columns = self.positions(head)?;
        if columns.len() != X::WIDTH {
            return Err(FileProblem::Width { expected: X::WIDTH, found: columns.len() });
        }
        Ok(columns)
    }

    fn sample(&self, head: &Head, record: &StringRecord, columns: &[usize]) -> Result<X, FileProblem> {
        let number = |&column: &usize| {
            let number = record.get(column).and_then(|text| text.parse::<f64>().ok());
            number.ok_or_else(|| head.cell(record, column, wanted::<X>()))
        };
        let numbers = columns.iter().map(number).collect::<Result<Vec<f64>, _>>()?;
        let rows = rows_from_numbers::<X>(numbers.into_iter());
        let rows = rows.map_err(|Misfit { position, wanted, .. }| head.cell(record, columns[position], wanted))?;
        rows.first().copied().ok_or(FileProblem::Width { expected: X::WIDTH, found: columns.len() })
    }
}

/// The samples of a table in memory.
pub(super) fn samples<X: Sample>(cells: &impl Cells<X>, table: &Table) -> Result<Vec<X>, DataError> {
    let rows = || -> Result<Vec<X>, FileProblem> {
        let columns = cells.columns(&table.head)?;
        table.records.iter().map(|record| cells.sample(&table.head, record, &columns)).collect()
    };
    rows().map_err(|problem| open::problem(&table.file, problem))
}

/// Records of a table; [`Csv::stream`] makes it.
#[derive(Clone, Debug)]
pub struct CsvRows<I, T> {
    pub(super) csv: Csv,
    pub(super) path: PathBuf,
    pub(super) inputs: I,
    pub(super) targets: T,
}

impl<X: Sample, Y: Sample, I: Cells<X>, T: Cells<Y>> Records<X, Y> for CsvRows<I, T> {
    fn open(&self, _order: Order) -> Result<Rows<'_, X, Y>, DataError> {
        let lines = Lines::open(self).map_err(|problem| open::problem(&self.path, problem))?;
        Ok(Box::new(lines.map(|row| row.map_err(|problem| open::problem(&self.path, problem)))))
    }
}

/// The lines of an open file.
struct Lines<'a, I, T, X, Y> {
    rows: &'a CsvRows<I, T>,
    reader: csv::Reader<Box<dyn Read + Send>>,
    record: StringRecord,
    head: Head,
    columns: [Vec<usize>; 2],
    /// Whether `record` holds a line that was not given yet.
    waiting: bool,
    marker: std::marker::PhantomData<fn() -> (X, Y)>,
}

impl<'a, X: Sample, Y: Sample, I: Cells<X>, T: Cells<Y>> Lines<'a, I, T, X, Y> {
    fn open(rows: &'a CsvRows<I, T>) -> Result<Self, FileProblem> {
        let contents = open::stream(&rows.path)?;
        let mut reader = rows.csv.builder().buffer_capacity(1 << 16).from_reader(contents);
        let names = if rows.csv.has_names() {
            reader.headers().map_err(problem)?.iter().map(str::to_owned).collect()
        } else {
            Vec::new()
        };
        let mut record = StringRecord::new();
        if !reader.read_record(&mut record).map_err(problem)? {
            return Err(FileProblem::Empty);
        }
        let head = Head::new(names, record.len());
        let columns = [rows.inputs.columns(&head)?, rows.targets.columns(&head)?];
        Ok(Self { rows, reader, record, head, columns, waiting: true, marker: std::marker::PhantomData })
    }

    fn row(&mut self) -> Result<Option<(X, Y)>, FileProblem> {
        if !std::mem::take(&mut self.waiting) && !self.reader.read_record(&mut self.record).map_err(problem)? {
            return Ok(None);
        }
        let (expected, found) = (self.head.width(), self.record.len());
        if found != expected {
            return Err(FileProblem::Ragged { line: line(&self.record), expected, found });
        }
        let input = self.rows.inputs.sample(&self.head, &self.record, &self.columns[0])?;
        let target = self.rows.targets.sample(&self.head, &self.record, &self.columns[1])?;
        Ok(Some((input, target)))
    }
}

impl<X: Sample, Y: Sample, I: Cells<X>, T: Cells<Y>> Iterator for Lines<'_, I, T, X, Y> {
    type Item = Result<(X, Y), FileProblem>;

    fn next(&mut self) -> Option<Self::Item> {
        self.row().transpose()
    }
}

fn problem(error: csv::Error) -> FileProblem {
    if !error.is_io_error() {
        return error.into();
    }
    match error.into_kind() {
        csv::ErrorKind::Io(error) => open::read_problem(error),
        _ => unreachable!("an input error is of that kind"),
    }
}
