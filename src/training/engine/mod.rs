//! How a step is computed: rows go in, an updated model and its outputs' score come out.

mod evaluation;
mod lane;
mod parallel;
mod ranks;
mod reduce;
mod single;
mod split;
mod threads;

pub use parallel::Parallel;
pub use ranks::Ranks;
pub use single::Single;

use graven_runtime::network::{Network, RowsError, Trainable};
use graven_runtime::optimizer::{Moments, Optimizer};
use graven_runtime::sample::Sample;

use super::error::FitError;
use super::plan::{Data, MetersOf};
use super::score::{Score, Tally};

type Inputs<'r, N> = <<N as Network>::Input as Sample>::Slices<'r>;
type Outputs<'r, N> = <<N as Network>::Output as Sample>::Slices<'r>;
type Targets<'r, N> = <<N as Trainable>::Target as Sample>::Slices<'r>;

/// The rows of a step: those at some positions of a data set, or all there are.
pub struct Rows<'r, N: Trainable> {
    pub inputs: Inputs<'r, N>,
    pub targets: Targets<'r, N>,
    pub positions: Option<&'r [usize]>,
}

impl<N: Trainable> Clone for Rows<'_, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<N: Trainable> Copy for Rows<'_, N> {}

impl<'r, N: Trainable> Rows<'r, N> {
    /// The number of rows.
    fn count(&self) -> Result<usize, RowsError> {
        let mismatch = |(expected, found)| RowsError::Mismatch { expected, found };
        let (inputs, targets) = (N::Input::rows(self.inputs), N::Target::rows(self.targets));
        let (expected, found) = (inputs.map_err(mismatch)?, targets.map_err(mismatch)?);
        if expected != found {
            return Err(mismatch((expected, found)));
        }
        match self.positions.map_or(expected, <[usize]>::len) {
            0 => Err(RowsError::Empty),
            rows => Ok(rows),
        }
    }

    /// `count` of them from `start` on.
    fn part(&self, start: usize, count: usize) -> Self {
        match self.positions {
            Some(positions) => {
                let positions = positions.get(start..).unwrap_or_default();
                Self { positions: Some(positions.get(..count).unwrap_or(positions)), ..*self }
            }
            None => Self {
                inputs: N::Input::part(self.inputs, start, count),
                targets: N::Target::part(self.targets, start, count),
                positions: None,
            },
        }
    }
}

/// The rows of a step, gathered where they are not together, and its outputs.
struct Batch<N: Trainable> {
    inputs: <N::Input as Sample>::Rows,
    targets: <N::Target as Sample>::Rows,
    outputs: <N::Output as Sample>::Rows,
    room: usize,
}

impl<N: Trainable> Batch<N> {
    fn new(outputs: usize) -> Self {
        let (inputs, targets) = (N::Input::zeros(0), N::Target::zeros(0));
        Self { inputs, targets, outputs: N::Output::zeros(outputs), room: outputs }
    }

    /// Copies rows that are not together, and makes room for their outputs.
    fn gather(&mut self, rows: &Rows<'_, N>, count: usize) {
        if let Some(positions) = rows.positions {
            N::Input::gather(rows.inputs, positions, &mut self.inputs);
            N::Target::gather(rows.targets, positions, &mut self.targets);
        }
        if count > self.room {
            self.outputs = N::Output::zeros(count);
            self.room = count;
        }
    }

    /// Adds their answers to the score, with the mean loss of the step.
    fn tally(&self, rows: &Rows<'_, N>, count: usize, loss: f32, tally: &mut Tally) {
        let (outputs, targets) = self.answers(rows, count);
        tally.add::<N>(loss, count, outputs, targets);
    }

    /// The outputs of the step and their targets.
    fn answers<'a>(&'a self, rows: &'a Rows<'_, N>, count: usize) -> (Outputs<'a, N>, Targets<'a, N>) {
        let outputs = N::Output::part(N::Output::slices(&self.outputs), 0, count);
        let gathered = N::Target::slices(&self.targets);
        (outputs, if rows.positions.is_some() { gathered } else { N::Target::shorter(rows.targets) })
    }
}

/// Computes steps; has all memory but the model.
pub trait Engine<N: Trainable, O: Optimizer, const B: usize> {
    /// One step; returns the mean loss before it.
    fn step(&mut self, model: &mut N, optimizer: &O, rows: Rows<'_, N>, tally: &mut Tally) -> Result<f32, FitError>;
    /// Goes on after some steps.
    fn resume(&mut self, step: u64);
    /// Steps taken.
    fn steps(&self) -> u64;
    /// Shows metrics the outputs of the last step, which was over these rows; gives the number of rows shown.
    fn measure(&self, rows: &Rows<'_, N>, meters: &mut MetersOf<'_, N>) -> usize;
    /// Loss and accuracy in inference mode; the metrics, which are reset first, see the same rows.
    fn evaluate(&mut self, model: &N, data: &Data<N>, meters: &mut MetersOf<'_, N>) -> Result<Score, RowsError>;
    /// What the optimizer remembers.
    fn moments(&mut self) -> Option<Moments<'_>>;

    /// Whether this process calls callbacks and writes files.
    fn leads(&self) -> bool {
        true
    }

    /// Whether any process answers yes; an error in all of them where one has failed.
    fn agree(&self, own: Result<bool, FitError>) -> Result<bool, FitError> {
        own
    }

    /// Fails where another process does not start from the same.
    fn compare(&self, start: impl FnOnce() -> u64) -> Result<(), FitError> {
        let _ = start;
        Ok(())
    }
}

/// A way to compute steps: [`Single`], [`Parallel`] or [`Ranks`].
pub trait Mode<N: Trainable, O: Optimizer, const B: usize>: sealed::Sealed {
    /// What does it.
    #[doc(hidden)]
    type Engine: Engine<N, O, B>;

    /// The engine for batches of that many rows.
    #[doc(hidden)]
    fn engine(&self, batch_size: usize, seed: u64) -> Result<Self::Engine, FitError>;
    /// Why batches of that many rows cannot be computed.
    #[doc(hidden)]
    fn check(&self, batch_size: usize) -> Result<(), FitError>;
    /// What decides the bits of a step.
    #[doc(hidden)]
    fn name(&self, batch_size: usize) -> String;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Single {}
    impl Sealed for super::Parallel {}
    impl<G> Sealed for super::Ranks<G> {}
}
