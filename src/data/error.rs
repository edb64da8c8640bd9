//! What is wrong with data, in memory or in a file.

use std::fmt;
use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// Inputs or targets of a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What the network reads.
    Inputs,
    /// What the loss compares with.
    Targets,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Inputs => "inputs",
            Self::Targets => "targets",
        })
    }
}

/// Why data was refused. Rows and positions count from zero, lines of files from one.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DataError {
    /// No row at all.
    #[error("the data set has no rows")]
    Empty,
    /// Inputs and targets, or the tensors of a tuple, have different numbers of rows.
    #[error("{expected} rows in the first tensor, {found} in another")]
    Lengths {
        /// Rows of the first tensor.
        expected: usize,
        /// Rows of the one that differs.
        found: usize,
    },
    /// A value is NaN or infinite.
    #[error("{part}: row {row}, tensor {tensor}, position {position} is {value}")]
    NotFinite {
        /// Where the tensor belongs.
        part: Part,
        /// The number of the tensor in its tuple.
        tensor: usize,
        /// The row.
        row: usize,
        /// The row-major position in the row.
        position: usize,
        /// The value.
        value: f32,
    },
    /// An integer that is no index of the type asked for.
    #[error("row {row}, position {position}: {value} is not an index below {bound}")]
    Index {
        /// The row.
        row: usize,
        /// The row-major position in the row.
        position: usize,
        /// The number found.
        value: f64,
        /// The bound it must stay below.
        bound: usize,
    },
    /// An array whose shape is not rows of the type asked for.
    #[error("an array of shape {shape:?} is not rows of {width} scalars")]
    Shape {
        /// The shape of the array.
        shape: Vec<usize>,
        /// Scalars of a row of the type asked for.
        width: usize,
    },
    /// A split that leaves a part without rows.
    #[error("parts of {parts:?} of {rows} rows: each part needs at least one row")]
    Split {
        /// Rows asked for in each part, the last one taking what is left; negative when there are not enough.
        parts: Vec<i64>,
        /// Rows there are.
        rows: usize,
    },
    /// A fraction of a split that is not between zero and one.
    #[error("{fraction} is not a fraction between 0 and 1")]
    Fraction {
        /// The fraction.
        fraction: f64,
    },
    /// A number of folds that cannot be.
    #[error("{folds} folds of {rows} rows: there must be at least two, and a row for each")]
    Folds {
        /// Folds asked for.
        folds: usize,
        /// Rows there are.
        rows: usize,
    },
    /// All rows are of one class.
    #[error("all rows are of class {class}")]
    OneClass {
        /// The class.
        class: usize,
    },
    /// A class that cannot be in every part.
    #[error("class {class} has {rows} rows, but every part needs one: at least {least}")]
    FewRows {
        /// The class.
        class: usize,
        /// Its rows.
        rows: usize,
        /// Rows that it needs.
        least: usize,
    },
    /// Validation data that a transform was fitted on.
    #[error(transparent)]
    Leak(#[from] super::Leak),
    /// A row that does not exist.
    #[error("row {row} of {rows}")]
    Row {
        /// The row asked for.
        row: usize,
        /// Rows there are.
        rows: usize,
    },
    /// More different names than classes.
    #[error("{found} different names for {classes} classes")]
    Classes {
        /// Classes of the type asked for.
        classes: usize,
        /// Names found.
        found: usize,
    },
    /// A name that was not among those learnt.
    #[error("row {row}: `{name}` is not a known name")]
    UnknownName {
        /// The row.
        row: usize,
        /// The name.
        name: String,
    },
    /// An epoch of a stream with another number of rows than the one before.
    #[error("{now} rows in this epoch, {before} in the one before")]
    RowsChanged {
        /// Rows of an earlier epoch, or rows announced.
        before: usize,
        /// Rows of this epoch.
        now: usize,
    },
    /// A fault that the program's own iterator reports.
    #[error(transparent)]
    Own(Box<dyn std::error::Error + Send + Sync>),
    /// A fault of a file.
    #[error("{}: {problem}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        problem: FileProblem,
    },
}

/// What is wrong with a data file.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FileProblem {
    /// It cannot be opened or read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is no table of text.
    #[error(transparent)]
    Csv(#[from] csv::Error),
    /// It has no rows.
    #[error("no rows")]
    Empty,
    /// A line with another number of cells than the first one.
    #[error("line {line} has {found} cells, the first row has {expected}")]
    Ragged {
        /// The line.
        line: u64,
        /// Cells of the first row.
        expected: usize,
        /// Cells of this line.
        found: usize,
    },
    /// A column that the table does not have.
    #[error("no column `{column}` among {columns}")]
    Column {
        /// Name or number asked for.
        column: String,
        /// Columns of the table.
        columns: usize,
    },
    /// Columns that do not fill a row of the type asked for.
    #[error("{found} columns for rows of {expected} scalars")]
    Width {
        /// Scalars of a row.
        expected: usize,
        /// Columns named.
        found: usize,
    },
    /// A cell that is not what its column should hold.
    #[error("line {line}, column `{column}`: `{value}` is not {wanted}")]
    Cell {
        /// The line.
        line: u64,
        /// The name of the column, its number when it has none.
        column: String,
        /// The text of the cell.
        value: String,
        /// What it should be.
        wanted: Wanted,
    },
    /// More different labels than classes.
    #[error("column `{column}` has {found} different labels for {classes} classes")]
    Classes {
        /// The column.
        column: String,
        /// Classes of the type asked for.
        classes: usize,
        /// Labels found.
        found: usize,
    },
    /// A line that is not UTF-8.
    #[error("line {line} is not UTF-8")]
    Text {
        /// The line.
        line: u64,
    },
    /// A column that has no cell to learn from.
    #[error("column `{column}` has no known cell")]
    NothingKnown {
        /// The column.
        column: String,
    },
    /// The first bytes are not those of the format.
    #[error("not {format} file: it begins with {found:02x?}")]
    Magic {
        /// The format, with its article.
        format: &'static str,
        /// The first bytes.
        found: Vec<u8>,
    },
    /// The file is shorter, or longer, than its header says.
    #[error("{found} bytes, but the header announces {expected}")]
    Length {
        /// Bytes announced.
        expected: u64,
        /// Bytes there are.
        found: u64,
    },
    /// An array of a type that is no number.
    #[error("`{found}` is not a type of numbers that can be read")]
    DataType {
        /// The type.
        found: String,
    },
    /// An array that is stored column by column cannot be streamed row by row.
    #[error("the array is stored column by column, so its rows cannot be streamed")]
    ColumnMajor,
    /// The picture cannot be decoded.
    #[cfg(feature = "image")]
    #[error(transparent)]
    Picture(image::ImageError),
    /// A picture of another size.
    #[error("{} by {} pixels, not {} by {}", found[0], found[1], expected[0], expected[1])]
    PictureSize {
        /// Height and width asked for.
        expected: [usize; 2],
        /// Height and width of the picture.
        found: [usize; 2],
    },
    /// The archive cannot be read.
    #[cfg(feature = "npz")]
    #[error(transparent)]
    Zip(zip::result::ZipError),
    /// The sizes in a header do not fill rows of the type asked for.
    #[error("sizes {sizes:?} are not rows of {width} scalars")]
    Sizes {
        /// The sizes in the header.
        sizes: Vec<usize>,
        /// Scalars of a row.
        width: usize,
    },
    /// A number that is not what the rows should hold.
    #[error("row {row}, position {position}: {value} is not {wanted}")]
    Value {
        /// The row.
        row: usize,
        /// The row-major position in the row.
        position: usize,
        /// The number.
        value: f64,
        /// What it should be.
        wanted: Wanted,
    },
}

/// What a cell or number should have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A number that `f32` can hold.
    FiniteNumber,
    /// A whole number below a bound.
    Index {
        /// The bound.
        bound: usize,
    },
    /// A category that was learnt.
    Category,
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FiniteNumber => f.write_str("a finite number"),
            Self::Category => f.write_str("a known category"),
            Self::Index { bound } => write!(f, "an index below {bound}"),
        }
    }
}
