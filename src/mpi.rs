//! The processes that `mpirun` started, on one machine or several, as a [`Group`] to train with.
//!
//! Every process runs the same program. A process that dies makes `mpirun` end the others; the run goes on from the last
//! checkpoint, with as many processes as there are then.

use std::cell::Cell;
use std::time::{Duration, Instant};

use ::mpi::Threading;
use ::mpi::datatype::{Partition, PartitionMut};
use ::mpi::environment::{self, Universe};
use ::mpi::topology::{Communicator, SimpleCommunicator};
use ::mpi::traits::CommunicatorCollectives;

use crate::training::{Group, GroupError};

/// All processes that `mpirun` started; one, in a program that was started without it.
///
/// ```no_run
/// # use graven::prelude::*;
/// # graven::network! {
/// #     struct Line;
/// #     fn forward(x: [2]) -> [1] { dense(x, 1) }
/// #     fn loss(y, target: [1]) { mse(y, target) }
/// # }
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let data: Dataset<[f32; 2], [f32; 1]> = Dataset::new(vec![[1.0, 2.0], [3.0, 4.0]], vec![[5.0], [6.0]])?;
/// let world = graven::mpi::World::new()?;
/// let mut model = Line::new(1);
/// model.fit::<2>(&data).epochs(3).ranks(&world).run()?;
/// # Ok(())
/// # }
/// ```
pub struct World {
    communicator: SimpleCommunicator,
    waited: Cell<Duration>,
    // what lives last: its end is that of MPI
    _universe: Universe,
}

impl World {
    /// Joins the processes, once in a program.
    ///
    /// # Errors
    /// A second call, or an MPI library that cannot be used beside threads.
    pub fn new() -> Result<Self, GroupError> {
        let started = environment::initialize_with_threading(Threading::Funneled);
        let (universe, threading) = started.ok_or_else(|| GroupError::Start("MPI was started before".to_owned()))?;
        if threading < Threading::Funneled {
            return Err(GroupError::Start("the MPI library allows no threads".to_owned()));
        }
        Ok(Self { communicator: universe.world(), waited: Cell::default(), _universe: universe })
    }

    /// The time that this process has spent in messages so far, waiting for others included.
    #[must_use]
    pub fn time_in_messages(&self) -> Duration {
        self.waited.get()
    }

    fn timed<T>(&self, run: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = run();
        self.waited.set(self.waited.get() + start.elapsed());
        result
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // The others would wait for this process forever.
        if std::thread::panicking() {
            self.communicator.abort(1);
        }
    }
}

/// Counts and beginnings of the pieces of a message, as MPI counts them.
fn pieces(counts: &[usize], available: usize) -> Result<[Vec<i32>; 2], GroupError> {
    let total = counts.iter().sum::<usize>();
    let too_long = |_| GroupError::Length(total);
    if total > available {
        return Err(GroupError::Length(total));
    }
    let starts = counts.iter().scan(0, |end, &count| {
        let start = *end;
        *end += count;
        Some(start)
    });
    let starts = starts.map(i32::try_from).collect::<Result<_, _>>().map_err(too_long)?;
    Ok([counts.iter().map(|&count| i32::try_from(count)).collect::<Result<_, _>>().map_err(too_long)?, starts])
}

impl Group for World {
    fn rank(&self) -> usize {
        usize::try_from(self.communicator.rank()).unwrap_or_default()
    }

    fn size(&self) -> usize {
        usize::try_from(self.communicator.size()).unwrap_or(1)
    }

    fn exchange(&self, mine: &[f32], sent: &[usize], received: &[usize], all: &mut [f32]) -> Result<(), GroupError> {
        let ([sent, from], [received, to]) = (pieces(sent, mine.len())?, pieces(received, all.len())?);
        self.timed(|| {
            let (mine, mut all) = (Partition::new(mine, sent, from), PartitionMut::new(all, received, to));
            self.communicator.all_to_all_varcount_into(&mine, &mut all);
        });
        Ok(())
    }

    fn gather(&self, mine: &[f32], counts: &[usize], all: &mut [f32]) -> Result<(), GroupError> {
        let [counts, starts] = pieces(counts, all.len())?;
        self.timed(|| {
            self.communicator.all_gather_varcount_into(mine, &mut PartitionMut::new(all, counts, starts));
        });
        Ok(())
    }

    fn gather_words(&self, mine: &[u64], all: &mut [u64]) -> Result<(), GroupError> {
        if all.len() != mine.len() * self.size() {
            return Err(GroupError::Length(all.len()));
        }
        self.timed(|| self.communicator.all_gather_into(mine, all));
        Ok(())
    }
}
