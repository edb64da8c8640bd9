//! Processes that train one model together.

use thiserror::Error;

/// Processes that train one model together, each on its share of every batch.
///
/// Each method is called by all of them, in the same order. With the feature `mpi`, `graven::mpi::World` is the processes
/// that `mpirun` started; any other transport that delivers numbers unchanged will do as well.
pub trait Group {
    /// The number of this process, counted from zero. Process 0 leads: it alone calls callbacks and writes files.
    fn rank(&self) -> usize;

    /// How many processes there are.
    fn size(&self) -> usize;

    /// Gives the process of each rank its piece of `mine`, `sent[rank]` numbers, pieces in order of ranks; what is
    /// received, `received[rank]` numbers from each, goes to `all` in the same order.
    ///
    /// # Errors
    /// A process that cannot be reached.
    fn exchange(&self, mine: &[f32], sent: &[usize], received: &[usize], all: &mut [f32]) -> Result<(), GroupError>;

    /// Gives everyone everything: `all` is what each process has, `counts[rank]` numbers, in order of ranks.
    ///
    /// # Errors
    /// A process that cannot be reached.
    fn gather(&self, mine: &[f32], counts: &[usize], all: &mut [f32]) -> Result<(), GroupError>;

    /// As [`Group::gather`], for words of which each process has as many.
    ///
    /// # Errors
    /// A process that cannot be reached.
    fn gather_words(&self, mine: &[u64], all: &mut [u64]) -> Result<(), GroupError>;
}

impl<G: Group + ?Sized> Group for &G {
    fn rank(&self) -> usize {
        (**self).rank()
    }

    fn size(&self) -> usize {
        (**self).size()
    }

    fn exchange(&self, mine: &[f32], sent: &[usize], received: &[usize], all: &mut [f32]) -> Result<(), GroupError> {
        (**self).exchange(mine, sent, received, all)
    }

    fn gather(&self, mine: &[f32], counts: &[usize], all: &mut [f32]) -> Result<(), GroupError> {
        (**self).gather(mine, counts, all)
    }

    fn gather_words(&self, mine: &[u64], all: &mut [u64]) -> Result<(), GroupError> {
        (**self).gather_words(mine, all)
    }
}

/// Why processes cannot go on together.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum GroupError {
    /// Another process has ended the run, and its error says why.
    #[error("process {rank} has ended the run")]
    Ended {
        /// Its number.
        rank: usize,
    },
    /// A process began with other settings, another network, other weights or another number of rows.
    #[error("process {rank} has not the settings, weights and rows of process 0")]
    Differs {
        /// Its number.
        rank: usize,
    },
    /// A process cannot be reached.
    #[error("a process cannot be reached: {0}")]
    Lost(String),
    /// The transport does not start.
    #[error("processes cannot be joined: {0}")]
    Start(String),
    /// More numbers in one message than the transport counts.
    #[error("a message of {0} numbers is too long")]
    Length(usize),
}
