//! Names of classes: learnt from the training part, stored with the model, and used both ways.

use csv::StringRecord;
use graven_runtime::index::Index;
use serde::{Deserialize, Deserializer, Serialize};

use super::csv::{Columns, Head, Table};
use super::error::{DataError, FileProblem, Wanted};
use super::lines::{Cells, samples};
use super::open;
use super::schema::ColumnName;

/// A name for each of at most `K` classes, numbered in the order of the sorted names.
///
/// ```
/// use graven::data::Labels;
///
/// let labels = Labels::<3>::fit(["dog", "cat", "dog", "owl"])?;
/// let classes = labels.encode(["owl", "cat"])?;
/// assert_eq!((classes[0].get(), labels.name(classes[1])), (2, "cat"));
/// assert!(labels.encode(["fox"]).is_err());
/// # Ok::<(), graven::DataError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Labels<const K: usize> {
    names: Vec<String>,
}

impl<'de, const K: usize> Deserialize<'de> for Labels<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = Vec::<String>::deserialize(deserializer)?;
        Self::of(names).map_err(serde::de::Error::custom)
    }
}

impl<const K: usize> Labels<K> {
    /// The different names.
    ///
    /// # Errors
    /// No name, or more than `K` different ones.
    pub fn fit<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Result<Self, DataError> {
        Self::of(names.into_iter().map(Into::into).collect())
    }

    /// The different names in a column of the training part.
    ///
    /// # Errors
    /// A column that does not exist, or more than `K` different names.
    pub fn fit_column(training: &Table, column: impl Into<ColumnName>) -> Result<Self, DataError> {
        let positions = column.into().positions(&training.head);
        let column = positions.map_err(|problem| open::problem(&training.file, problem))?[0];
        Self::fit(training.records.iter().map(|record| record.get(column).unwrap_or_default())).map_err(|error| {
            let DataError::Classes { classes, found } = error else { return error };
            let problem = FileProblem::Classes { column: training.head.name(column), classes, found };
            open::problem(&training.file, problem)
        })
    }

    fn of(mut names: Vec<String>) -> Result<Self, DataError> {
        names.sort_unstable();
        names.dedup();
        match names.len() {
            0 => Err(DataError::Empty),
            found if found > K => Err(DataError::Classes { classes: K, found }),
            _ => Ok(Self { names }),
        }
    }

    /// All names, in the order of their classes.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The name of a class, empty for one that has none.
    #[must_use]
    pub fn name(&self, class: Index<K>) -> &str {
        self.names.get(class.get()).map_or("", String::as_str)
    }

    /// The class of a name.
    #[must_use]
    pub fn class(&self, name: &str) -> Option<Index<K>> {
        let place = self.names.binary_search_by(|known| known.as_str().cmp(name)).ok()?;
        Index::new(place).ok()
    }

    /// The classes of names.
    ///
    /// # Errors
    /// A name that is not known.
    pub fn encode<N: AsRef<str>>(&self, names: impl IntoIterator<Item = N>) -> Result<Vec<Index<K>>, DataError> {
        let class = |(row, name): (usize, N)| {
            let unknown = || DataError::UnknownName { row, name: name.as_ref().to_owned() };
            self.class(name.as_ref()).ok_or_else(unknown)
        };
        names.into_iter().enumerate().map(class).collect()
    }

    /// The names in a column of a table, as what a stream reads: `labels.column("species")`.
    #[must_use]
    pub fn column(&self, column: impl Into<ColumnName>) -> LabelColumn<K> {
        LabelColumn { labels: self.clone(), column: column.into() }
    }
}

/// A column of names of classes; [`Labels::column`] makes it.
#[derive(Clone, Debug)]
pub struct LabelColumn<const K: usize> {
    labels: Labels<K>,
    column: ColumnName,
}

impl<const K: usize> LabelColumn<K> {
    /// The classes of a table's rows.
    ///
    /// # Errors
    /// A column that does not exist, or a name that is not known.
    pub fn encode(&self, table: &Table) -> Result<Vec<Index<K>>, DataError> {
        samples(self, table)
    }
}

impl<const K: usize> Cells<Index<K>> for LabelColumn<K> {
    fn columns(&self, head: &Head) -> Result<Vec<usize>, FileProblem> {
        self.column.positions(head)
    }

    fn sample(&self, head: &Head, record: &StringRecord, columns: &[usize]) -> Result<Index<K>, FileProblem> {
        let column = columns.first().copied().unwrap_or_default();
        let class = self.labels.class(record.get(column).unwrap_or_default());
        class.ok_or_else(|| head.cell(record, column, Wanted::Category))
    }
}
