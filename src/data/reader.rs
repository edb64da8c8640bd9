//! The thread behind a stream: records go in, blocks of prepared and shuffled rows come out.
//!
//! As many blocks exist as there are in `BLOCKS`; a thread that has none waits, so memory is bounded without counting.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use graven_runtime::sample::Sample;

use super::block::Block;
use super::stream::{Order, Prepare, Records, Rows};
use super::{DataError, Draw, Part};

/// One is used and one is filled; the others outlast the times in which the system runs other threads.
const BLOCKS: usize = 16;
/// Bytes of a block, unless a batch is larger.
const BLOCK_BYTES: usize = 1 << 18;

/// What a thread does.
pub(super) struct Plan<X: Sample, Y: Sample> {
    pub records: Arc<dyn Records<X, Y>>,
    pub prepare: Vec<Prepare<X, Y>>,
    pub order: Order,
    /// Rows of the shuffle buffer.
    pub buffer: usize,
    /// Rows of a batch; a block holds whole ones.
    pub batch: usize,
}

/// A running thread, seen from the side that uses the blocks. It ends by itself when this is dropped.
pub(super) struct Reader<X: Sample, Y: Sample> {
    full: Receiver<Result<Block<X, Y>, DataError>>,
    empty: Sender<Block<X, Y>>,
    thread: Option<JoinHandle<()>>,
}

impl<X: Sample, Y: Sample> Reader<X, Y> {
    pub(super) fn start(plan: Plan<X, Y>) -> Self {
        let (give, full) = channel();
        let (empty, take) = channel();
        for _ in 1..BLOCKS {
            // The receiver is alive until it moves to the thread.
            let _ = empty.send(Block::new());
        }
        let thread = std::thread::spawn(move || plan.run(&take, &give));
        Self { full, empty, thread: Some(thread) }
    }

    /// Exchanges a block that was used for the next one; false at the end. A panic on the thread goes on here.
    pub(super) fn next(&mut self, block: &mut Block<X, Y>) -> Result<bool, DataError> {
        let used = std::mem::replace(block, Block::new());
        // An error means that the thread is done and wants no more blocks.
        let _ = self.empty.send(used);
        match self.full.recv() {
            Ok(next) => {
                *block = next?;
                Ok(true)
            }
            Err(_) => match self.thread.take().map(JoinHandle::join) {
                Some(Err(panic)) => std::panic::resume_unwind(panic),
                _ => Ok(false),
            },
        }
    }
}

impl<X: Sample, Y: Sample> Plan<X, Y> {
    /// Runs until the rows end, a fault, or nobody listens any more.
    fn run(self, take: &Receiver<Block<X, Y>>, give: &Sender<Result<Block<X, Y>, DataError>>) {
        if let Err(error) = self.read(take, give) {
            // Whoever does not listen wants to know nothing.
            let _ = give.send(Err(error));
        }
    }

    fn read(
        &self,
        take: &Receiver<Block<X, Y>>,
        give: &Sender<Result<Block<X, Y>, DataError>>,
    ) -> Result<(), DataError> {
        let mut rows = self.records.open(self.order)?;
        let mut mixer = self.order.seed.map(|seed| Mixer::new(self.buffer, Draw::new(seed, self.order.epoch, MIXER)));
        let mut first = 0;
        loop {
            let Ok(mut block) = take.recv() else { return Ok(()) };
            block.clear();
            let more = self.fill(&mut block, &mut rows, &mut first, mixer.as_mut())?;
            if block.rows > 0 && give.send(Ok(block)).is_err() || !more {
                return Ok(());
            }
        }
    }

    /// Fills a block; false when no rows are left.
    fn fill(
        &self,
        block: &mut Block<X, Y>,
        rows: &mut Rows<'_, X, Y>,
        first: &mut usize,
        mut mixer: Option<&mut Mixer<X, Y>>,
    ) -> Result<bool, DataError> {
        let capacity = self.capacity();
        while block.rows < capacity {
            let row = rows.next().transpose()?.map(|row| self.prepared(row, *first)).transpose()?;
            *first += 1;
            match (row, &mut mixer) {
                (Some(row), None) => block.push(row),
                (None, None) => return Ok(false),
                (Some(row), Some(mixer)) => mixer.exchange(row).into_iter().for_each(|row| block.push(row)),
                (None, Some(mixer)) => match mixer.drain() {
                    Some(row) => block.push(row),
                    None => return Ok(false),
                },
            }
        }
        Ok(true)
    }

    fn prepared(&self, (mut input, mut target): (X, Y), row: usize) -> Result<(X, Y), DataError> {
        if !self.prepare.is_empty() {
            let mut draw = Draw::new(self.order.seed.unwrap_or(0), self.order.epoch, row as u64);
            for prepare in &self.prepare {
                prepare(&mut input, &mut target, &mut draw);
            }
        }
        super::check::<X>(Part::Inputs, input.one(), row)?;
        super::check::<Y>(Part::Targets, target.one(), row)?;
        Ok((input, target))
    }

    /// Rows of a block: whole batches.
    fn capacity(&self) -> usize {
        let row = (size_of::<X>() + size_of::<Y>()).max(1);
        let batches = BLOCK_BYTES / row / self.batch;
        self.batch * batches.max(1)
    }
}

/// The stream of random numbers that no row has.
const MIXER: u64 = u64::MAX;

/// A buffer that gives a random one of its rows for each row it gets.
struct Mixer<X, Y> {
    rows: Vec<(X, Y)>,
    capacity: usize,
    draw: Draw,
}

impl<X: Sample, Y: Sample> Mixer<X, Y> {
    fn new(capacity: usize, draw: Draw) -> Self {
        Self { rows: Vec::new(), capacity, draw }
    }

    /// Takes a row and gives one, when it is full.
    fn exchange(&mut self, row: (X, Y)) -> Option<(X, Y)> {
        if self.rows.len() < self.capacity {
            self.rows.push(row);
            return None;
        }
        if self.capacity == 0 {
            return Some(row);
        }
        let place = self.draw.below(self.capacity);
        Some(std::mem::replace(&mut self.rows[place], row))
    }

    /// Gives a row that is left.
    fn drain(&mut self) -> Option<(X, Y)> {
        if self.rows.is_empty() {
            return None;
        }
        let place = self.draw.below(self.rows.len());
        Some(self.rows.swap_remove(place))
    }
}
