//! Rows that are read and prepared on a thread of their own while the network computes.

use std::sync::Arc;

use graven_runtime::sample::Sample;

use super::block::Block;
use super::reader::{Plan, Reader};
use super::source::{Batch, Source};
use super::{DataError, Draw};

/// In which order rows are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// What the order is drawn from; nothing for the order of the data itself.
    pub seed: Option<u64>,
    /// The number of the epoch.
    pub epoch: u64,
}

/// Rows that can be read from the start any number of times: a file, a folder, or a closure that gives an iterator.
pub trait Records<X: Sample, Y: Sample>: Send + Sync + 'static {
    /// Starts an epoch. Records that can be reached in any order may take them as `order` says, in large parts; a stream
    /// shuffles what comes in a buffer besides.
    ///
    /// # Errors
    /// Data that cannot be read.
    fn open(&self, order: Order) -> Result<Rows<'_, X, Y>, DataError>;

    /// The number of rows, where it is known before they are read.
    fn rows(&self) -> Option<usize> {
        None
    }
}

/// The rows of an epoch.
pub type Rows<'a, X, Y> = Box<dyn Iterator<Item = Result<(X, Y), DataError>> + Send + 'a>;

/// `|| iterator`: rows that another program part makes.
impl<X: Sample, Y: Sample, F, I> Records<X, Y> for F
where
    F: Fn() -> I + Send + Sync + 'static,
    I: IntoIterator<Item = Result<(X, Y), DataError>>,
    I::IntoIter: Send + 'static,
{
    fn open(&self, _order: Order) -> Result<Rows<'_, X, Y>, DataError> {
        Ok(Box::new(self().into_iter()))
    }
}

/// How a row is changed before it is used.
pub(super) type Prepare<X, Y> = Arc<dyn Fn(&mut X, &mut Y, &mut Draw) + Send + Sync>;

/// A source whose rows need not fit in memory: a thread of its own reads, prepares and shuffles them.
///
/// Memory is bounded: sixteen blocks of rows (a quarter of a megabyte each, or a batch if that is more) and the shuffle
/// buffer. Batches depend on the data, the settings and the epoch, never on timing.
///
/// ```
/// use graven::data::{Source, Stream};
///
/// let rows = || (0..1000).map(|number| Ok(([number as f32], number as f32 / 2.0)));
/// let mut stream: Stream<[f32; 1], f32> = Stream::new(rows).shuffle(100, 7).map(|input, _, _| input[0] /= 1000.0);
/// stream.begin(1)?;
/// let mut seen = 0;
/// while let Some(batch) = stream.next(32)? {
///     seen += batch.rows;
/// }
/// assert_eq!((seen, stream.rows()), (1000, Some(1000)));
/// # Ok::<(), graven::DataError>(())
/// ```
pub struct Stream<X: Sample, Y: Sample> {
    records: Arc<dyn Records<X, Y>>,
    prepare: Vec<Prepare<X, Y>>,
    seed: Option<u64>,
    buffer: usize,
    epoch: Option<u64>,
    reader: Option<Reader<X, Y>>,
    /// The block that batches are cut from, and the rows of it that were.
    current: Block<X, Y>,
    position: usize,
    /// A batch that spans blocks.
    joined: Block<X, Y>,
    seen: usize,
    known: Option<usize>,
}

/// Where a batch lies.
enum Place {
    Current(usize),
    Joined,
    End,
}

impl<X: Sample, Y: Sample> Stream<X, Y> {
    /// Rows in their order.
    #[must_use]
    pub fn new(records: impl Records<X, Y>) -> Self {
        Self {
            known: records.rows(),
            records: Arc::new(records),
            prepare: Vec::new(),
            seed: None,
            buffer: 0,
            epoch: None,
            reader: None,
            current: Block::new(),
            position: 0,
            joined: Block::new(),
            seen: 0,
        }
    }

    /// Shuffles every epoch by `seed`: each row is drawn from a buffer of `rows` rows, which are all in memory. Records
    /// that can be reached in any order are besides read in shuffled parts.
    #[must_use]
    pub fn shuffle(mut self, rows: usize, seed: u64) -> Self {
        (self.buffer, self.seed, self.epoch) = (rows, Some(seed), None);
        self
    }

    /// Changes every row on the reading thread. The last argument draws random numbers that follow from the seed of
    /// [`Stream::shuffle`] (0 without), the epoch and the number of the row alone. Further changes come after it.
    #[must_use]
    pub fn map(mut self, prepare: impl Fn(&mut X, &mut Y, &mut Draw) + Send + Sync + 'static) -> Self {
        self.prepare.push(Arc::new(prepare));
        self.epoch = None;
        self
    }

    fn reader(&self, epoch: u64, rows: usize) -> Reader<X, Y> {
        Reader::start(Plan {
            records: Arc::clone(&self.records),
            prepare: self.prepare.clone(),
            order: Order { seed: self.seed, epoch },
            buffer: self.buffer,
            batch: rows,
        })
    }

    /// Makes the next batch ready.
    fn ready(&mut self, rows: usize) -> Result<Place, DataError> {
        let Some(epoch) = self.epoch else { return Ok(Place::End) };
        if self.reader.is_none() {
            self.reader = Some(self.reader(epoch, rows));
        }
        self.joined.clear();
        loop {
            let left = self.current.rows - self.position;
            if self.joined.rows == 0 && left >= rows {
                return Ok(Place::Current(rows));
            }
            self.position += self.joined.extend(&self.current, self.position, rows - self.joined.rows);
            if self.joined.rows == rows {
                return Ok(Place::Joined);
            }
            if !self.fetch()? {
                return Ok(if self.joined.rows > 0 { Place::Joined } else { Place::End });
            }
        }
    }

    /// Gets the next block; false at the end.
    fn fetch(&mut self) -> Result<bool, DataError> {
        let Some(reader) = &mut self.reader else { return Ok(false) };
        let more = reader.next(&mut self.current);
        self.position = 0;
        if !matches!(more, Ok(true)) {
            self.current.clear();
        }
        more
    }

    /// The epoch is over: as many rows as ever?
    fn finish(&mut self) -> Result<(), DataError> {
        self.stop();
        match self.known.replace(self.seen) {
            _ if self.seen == 0 => Err(DataError::Empty),
            Some(before) if before != self.seen => Err(DataError::RowsChanged { before, now: self.seen }),
            _ => Ok(()),
        }
    }

    fn stop(&mut self) {
        self.epoch = None;
        self.reader = None;
        self.current.clear();
        self.joined.clear();
        self.position = 0;
    }
}

impl<X: Sample, Y: Sample> Source<X, Y> for Stream<X, Y> {
    fn begin(&mut self, epoch: u64) -> Result<(), DataError> {
        self.stop();
        self.seen = 0;
        self.epoch = Some(epoch);
        Ok(())
    }

    fn next(&mut self, rows: usize) -> Result<Option<Batch<'_, X, Y>>, DataError> {
        let started = self.epoch.is_some();
        let (block, start, rows) = match self.ready(rows.max(1)) {
            Err(error) => {
                self.stop();
                return Err(error);
            }
            Ok(Place::End) => {
                return if started { self.finish().map(|()| None) } else { Ok(None) };
            }
            Ok(Place::Joined) => (&self.joined, 0, self.joined.rows),
            Ok(Place::Current(rows)) => {
                self.position += rows;
                (&self.current, self.position - rows, rows)
            }
        };
        self.seen += rows;
        let (inputs, targets) = block.part(start, rows);
        Ok(Some(Batch { inputs, targets, rows }))
    }

    fn rows(&self) -> Option<usize> {
        self.known
    }
}
