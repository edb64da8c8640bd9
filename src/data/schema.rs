//! Typed columns: what a table holds and what becomes of missing cells goes in, an encoder learnt from a part comes out.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use csv::StringRecord;
use graven_runtime::sample::Element;
use serde::{Deserialize, Serialize};

use super::csv::{Columns, Head, Table};
use super::error::{DataError, FileProblem, Wanted};
use super::lines::{Cells, samples};
use super::open;

/// What becomes of a missing number.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub enum MissingNumber {
    /// An error with line and column.
    #[default]
    Error,
    /// The mean of the column in the fitted part.
    Mean,
    /// The median of the column in the fitted part.
    Median,
    /// This number.
    Value(f32),
}

/// What becomes of a missing category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum MissingCategory {
    /// An error with line and column.
    #[default]
    Error,
    /// A category of its own, after the others.
    Own,
    /// The most frequent category of the fitted part, the first in order of several.
    MostFrequent,
}

/// What becomes of a category that the fitted part does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum UnknownCategory {
    /// An error with line and column.
    #[default]
    Error,
    /// No category: all its numbers are zero.
    Zeros,
}

/// A column by its name or number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ColumnName {
    /// By its number, from zero.
    Number(usize),
    /// By its name.
    Name(String),
}

impl From<usize> for ColumnName {
    fn from(number: usize) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for ColumnName {
    fn from(name: &str) -> Self {
        Self::Name(name.to_owned())
    }
}

impl Columns for ColumnName {
    fn positions(&self, table: &Head) -> Result<Vec<usize>, FileProblem> {
        match self {
            Self::Number(number) => number.positions(table),
            Self::Name(name) => name.as_str().positions(table),
        }
    }
}

/// Which columns of a table a network reads, and how.
///
/// ```
/// use graven::Csv;
/// use graven::data::{MissingCategory, MissingNumber, Schema, UnknownCategory};
///
/// let text = b"age,port,fare\n22,S,7.5\n,C,71\n26,,8\n35,S,53\n";
/// let table = Csv::new().parse("passengers.csv", text)?;
/// let encoder = Schema::new()
///     .number("age", MissingNumber::Mean)
///     .category("port", MissingCategory::Own, UnknownCategory::Error)
///     .fit::<[f32; 4]>(&table)?;
/// // Age, then one number for each of C, S and none.
/// assert_eq!(encoder.encode(&table)?[1], [83.0 / 3.0, 1.0, 0.0, 0.0]);
/// assert_eq!(encoder.encode(&table)?[2], [26.0, 0.0, 0.0, 1.0]);
/// assert_eq!(encoder.names(), ["age", "port=C", "port=S", "port="]);
/// # Ok::<(), graven::DataError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Schema {
    columns: Vec<(ColumnName, Kind)>,
    missing: Vec<String>,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Number(MissingNumber),
    Category(MissingCategory, UnknownCategory),
}

impl Default for Schema {
    fn default() -> Self {
        Self { columns: Vec::new(), missing: vec![String::new()] }
    }
}

impl Schema {
    /// No columns; a cell is missing when it is empty.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A column of numbers, one number.
    #[must_use]
    pub fn number(mut self, column: impl Into<ColumnName>, missing: MissingNumber) -> Self {
        self.columns.push((column.into(), Kind::Number(missing)));
        self
    }

    /// A column of categories, a number for each: one for the category of the row, zero for the others.
    #[must_use]
    pub fn category(
        mut self,
        column: impl Into<ColumnName>,
        missing: MissingCategory,
        unknown: UnknownCategory,
    ) -> Self {
        self.columns.push((column.into(), Kind::Category(missing, unknown)));
        self
    }

    /// The cells that count as missing, instead of empty ones: `.missing(["", "NA", "?"])`.
    #[must_use]
    pub fn missing<C: Into<String>>(mut self, cells: impl IntoIterator<Item = C>) -> Self {
        self.missing = cells.into_iter().map(Into::into).collect();
        self
    }

    /// Learns means, medians and categories from the training part.
    ///
    /// # Errors
    /// A column that does not exist, a cell that is no number, a missing cell where that is an error, a column without
    /// any cell to learn from, or another number of scalars than `X` has.
    pub fn fit<X: Element>(&self, training: &Table) -> Result<Encoder<X>, DataError> {
        self.learn(training).map_err(|problem| open::problem(&training.file, problem))
    }

    fn learn<X: Element>(&self, training: &Table) -> Result<Encoder<X>, FileProblem> {
        let columns = self.columns.iter().map(|(column, kind)| self.column(training, column, *kind));
        let columns: Vec<Fitted> = columns.collect::<Result<_, _>>()?;
        let found = columns.iter().map(Fitted::width).sum();
        if found != X::WIDTH {
            return Err(FileProblem::Width { expected: X::WIDTH, found });
        }
        Ok(Encoder { columns, missing: self.missing.clone(), marker: PhantomData })
    }

    fn column(&self, table: &Table, name: &ColumnName, kind: Kind) -> Result<Fitted, FileProblem> {
        let column = name.positions(&table.head)?[0];
        let known = |record: &&StringRecord| !self.is_missing(record.get(column).unwrap_or_default());
        let records = || table.records.iter().filter(known);
        let nothing = || FileProblem::NothingKnown { column: table.head.name(column) };
        let learnt = match kind {
            Kind::Number(missing) => {
                let numbers = records().map(|record| number(&table.head, record, column));
                let numbers = numbers.collect::<Result<Vec<f64>, _>>()?;
                Learnt::Number { missing: substitute(missing, numbers).ok_or_else(nothing)? }
            }
            Kind::Category(missing, unknown) => {
                let mut counts = BTreeMap::<String, usize>::new();
                records().for_each(|record| *counts.entry(record[column].to_owned()).or_default() += 1);
                let frequent = counts.iter().rev().max_by_key(|(_, count)| **count).map(|(name, _)| name.clone());
                let frequent = frequent.ok_or_else(nothing)?;
                let missing = match missing {
                    MissingCategory::Error => Absent::Error,
                    MissingCategory::Own => Absent::Own,
                    MissingCategory::MostFrequent => Absent::Category(frequent),
                };
                Learnt::Category { categories: counts.into_keys().collect(), missing, unknown }
            }
        };
        Ok(Fitted { column: name.clone(), learnt })
    }

    fn is_missing(&self, cell: &str) -> bool {
        self.missing.iter().any(|missing| missing == cell)
    }
}

/// What stands for a missing number: nothing when that is an error; an error when there are no numbers to learn from.
fn substitute(missing: MissingNumber, mut numbers: Vec<f64>) -> Option<Option<f32>> {
    Some(match missing {
        MissingNumber::Error => None,
        MissingNumber::Value(value) => Some(value),
        _ if numbers.is_empty() => return None,
        MissingNumber::Mean => Some((numbers.iter().sum::<f64>() / numbers.len() as f64) as f32),
        MissingNumber::Median => {
            numbers.sort_by(f64::total_cmp);
            let middle = |place: usize| numbers[place / 2];
            Some(((middle(numbers.len() - 1) + middle(numbers.len())) / 2.0) as f32)
        }
    })
}

fn number(head: &Head, record: &StringRecord, column: usize) -> Result<f64, FileProblem> {
    let number = record.get(column).and_then(|text| text.parse().ok()).filter(|number: &f64| number.is_finite());
    number.ok_or_else(|| head.cell(record, column, Wanted::FiniteNumber))
}

/// Turns the rows of a table into samples `X` of real numbers, by what [`Schema::fit`] has learnt. It is stored with the
/// model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Encoder<X> {
    columns: Vec<Fitted>,
    missing: Vec<String>,
    #[serde(skip)]
    marker: PhantomData<fn() -> X>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Fitted {
    column: ColumnName,
    #[serde(flatten)]
    learnt: Learnt,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Learnt {
    Number { missing: Option<f32> },
    Category { categories: Vec<String>, missing: Absent, unknown: UnknownCategory },
}

/// What stands for a missing category.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Absent {
    Error,
    Own,
    Category(String),
}

impl Fitted {
    /// Scalars of the column.
    fn width(&self) -> usize {
        match &self.learnt {
            Learnt::Number { .. } => 1,
            Learnt::Category { categories, missing, .. } => categories.len() + usize::from(*missing == Absent::Own),
        }
    }
}

impl<X: Element> Encoder<X> {
    /// The samples of a table's rows.
    ///
    /// # Errors
    /// A column that does not exist; a cell that is no number, missing or of an unknown category, where that is an error.
    pub fn encode(&self, table: &Table) -> Result<Vec<X>, DataError> {
        samples(self, table)
    }

    /// A name for each scalar: the column's, with `=category` where it has several.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let names = |fitted: &Fitted| {
            let column = match &fitted.column {
                ColumnName::Number(number) => number.to_string(),
                ColumnName::Name(name) => name.clone(),
            };
            match &fitted.learnt {
                Learnt::Number { .. } => vec![column],
                Learnt::Category { categories, missing, .. } => {
                    let own = (*missing == Absent::Own).then_some("");
                    let categories = categories.iter().map(String::as_str).chain(own);
                    categories.map(|category| format!("{column}={category}")).collect()
                }
            }
        };
        self.columns.iter().flat_map(names).collect()
    }

    /// Writes the scalars of a cell; places are zero before.
    fn cell(&self, fitted: &Fitted, cell: &str, places: &mut [f32]) -> Result<(), Wanted> {
        let absent = self.missing.iter().any(|missing| missing == cell);
        match &fitted.learnt {
            Learnt::Number { missing } => {
                let number = if absent { *missing } else { cell.parse().ok() };
                places[0] = number.filter(|number| number.is_finite()).ok_or(Wanted::FiniteNumber)?;
            }
            Learnt::Category { categories, missing, unknown } => {
                let place = match (absent, missing) {
                    (true, Absent::Error) => return Err(Wanted::Category),
                    (true, Absent::Own) => Ok(categories.len()),
                    (true, Absent::Category(category)) => categories.binary_search(category),
                    (false, _) => categories.binary_search_by(|category| category.as_str().cmp(cell)),
                };
                match (place, unknown) {
                    (Ok(place), _) => places[place] = 1.0,
                    (Err(_), UnknownCategory::Zeros) => {}
                    (Err(_), UnknownCategory::Error) => return Err(Wanted::Category),
                }
            }
        }
        Ok(())
    }
}

impl<X: Element> Cells<X> for Encoder<X> {
    fn columns(&self, head: &Head) -> Result<Vec<usize>, FileProblem> {
        let columns: Vec<Vec<usize>> =
            self.columns.iter().map(|fitted| fitted.column.positions(head)).collect::<Result<_, _>>()?;
        Ok(columns.concat())
    }

    fn sample(&self, head: &Head, record: &StringRecord, columns: &[usize]) -> Result<X, FileProblem> {
        let mut sample = X::ZERO;
        let mut places = X::reals_mut(std::slice::from_mut(&mut sample));
        for (fitted, &column) in self.columns.iter().zip(columns) {
            let Some((own, rest)) = places.split_at_mut_checked(fitted.width()) else {
                return Err(FileProblem::Width {
                    expected: X::WIDTH,
                    found: self.columns.iter().map(Fitted::width).sum(),
                });
            };
            let cell = record.get(column).unwrap_or_default();
            self.cell(fitted, cell, own).map_err(|wanted| head.cell(record, column, wanted))?;
            places = rest;
        }
        Ok(sample)
    }
}
