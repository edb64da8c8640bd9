//! The traits that emitted models implement and that `fit`, weight files and optimizers are generic over.

use core::fmt;

use crate::batch::Batch;
use crate::optimizer::Optimizer;
use crate::plain::Zeroable;
use crate::sample::Sample;
use crate::sink::Share;
use crate::tensors::Slot;

/// One tensor of a model, as users and weight files see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TensorInfo {
    /// The dotted name, `hidden.weight`.
    pub name: &'static str,
    /// The logical shape; `[out, in]` for the weight of a dense layer.
    pub shape: &'static [usize],
    /// Whether training changes it by gradient.
    pub trainable: bool,
}

impl TensorInfo {
    /// The number of scalars.
    #[must_use]
    pub const fn len(&self) -> usize {
        let mut product = 1;
        let mut axis = 0;
        while axis < self.shape.len() {
            product *= self.shape[axis];
            axis += 1;
        }
        product
    }

    /// Whether the tensor has no scalars at all.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Why a tensor could not be read or set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TensorError {
    /// The model has no tensor of that name.
    UnknownName,
    /// The slice is not as long as the tensor.
    WrongLength {
        /// Scalars in the tensor.
        expected: usize,
        /// Scalars in the slice.
        found: usize,
    },
    /// A value is NaN or infinite.
    NotFinite {
        /// Its row-major position in the slice.
        position: usize,
    },
}

impl fmt::Display for TensorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownName => f.write_str("no tensor has this name"),
            Self::WrongLength { expected, found } => write!(f, "the tensor has {expected} scalars, the slice {found}"),
            Self::NotFinite { position } => write!(f, "the value at position {position} is not finite"),
        }
    }
}

impl core::error::Error for TensorError {}

/// Why a form over slices of rows refused its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowsError {
    /// No row at all.
    Empty,
    /// Inputs, targets or outputs differ in length.
    Mismatch {
        /// Rows of the first input.
        expected: usize,
        /// Rows of the argument that differs.
        found: usize,
    },
    /// More rows than the memory holds, and the optimizer owns no gradient to sum them in.
    TooManyRows {
        /// Rows given.
        rows: usize,
        /// Rows the memory holds.
        capacity: usize,
    },
    /// More rows than the memory holds, in a network whose batch statistics need all of them at once.
    BatchStatistics {
        /// Rows given.
        rows: usize,
        /// Rows the memory holds.
        capacity: usize,
    },
}

impl fmt::Display for RowsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("no rows"),
            Self::Mismatch { expected, found } => {
                write!(f, "{expected} rows in the first argument, {found} in another")
            }
            Self::TooManyRows { rows, capacity } => {
                write!(f, "{rows} rows in memory for {capacity}, and the optimizer owns no gradient to sum them in")
            }
            Self::BatchStatistics { rows, capacity } => {
                write!(f, "{rows} rows in memory for {capacity}, and batch statistics need all of them at once")
            }
        }
    }
}

impl core::error::Error for RowsError {}

/// What the loss of a network compares, which decides the meaning of accuracy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objective {
    /// Scores or probabilities over classes along the last axis.
    Classification,
    /// One probability for each yes-or-no question; right when on the target's side of one half.
    BinaryProbability,
    /// One logit for each yes-or-no question; right when on the target's side of zero.
    BinaryLogit,
    /// Real values; accuracy has no meaning.
    Regression,
}

/// A model: parameters, running statistics and a forward pass.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a network",
    label = "this is not the type that a `network!` declares",
    note = "`graven::network! {{ pub struct Name; fn forward(x: [784]) -> [10] {{ … }} }}` declares one"
)]
pub trait Network: Zeroable {
    /// One sample of the inputs: `[[f32; 28]; 28]`, or a tuple for several.
    type Input: Sample;
    /// One sample of the outputs.
    type Output: Sample;
    /// Scratch memory of the forward pass for up to `B` rows.
    type Forward<const B: usize>: Zeroable;

    /// The name of the type.
    const NAME: &'static str;
    /// Trainable scalars.
    const PARAMETERS: usize;
    /// Multiply-accumulates a sample, forward.
    const MACS: u64;
    /// Layers with output shapes, parameters, multiply-accumulates and bytes.
    const SUMMARY: &'static str;
    /// The most rows that go through the layers of a forward pass together, so few that what one layer leaves is still in a
    /// near cache when the next one reads it; `usize::MAX` stands for all that the memory holds. A longer batch is cut into
    /// parts of nearly the same length, at least three rows each.
    const ROWS_AT_ONCE: usize = usize::MAX;
    /// The weights of dense layers after flattened images, with the `[height, width, channels]` of those images:
    /// weight files say so, because other libraries flatten channels first.
    const FLATTENED: &'static [(&'static str, [usize; 3])] = &[];

    /// Sets every tensor to its initial value, in place.
    fn init(&mut self, seed: u64);
    /// All tensors in the order of the declaration.
    fn tensors() -> &'static [TensorInfo];
    /// Copies a tensor out in logical, row-major order.
    ///
    /// # Errors
    /// An unknown name or a slice of the wrong length.
    fn tensor(&self, name: &str, values: &mut [f32]) -> Result<(), TensorError>;
    /// Sets a tensor from logical, row-major order; on error the model is unchanged.
    ///
    /// # Errors
    /// An unknown name, a slice of the wrong length, or a value that is not finite.
    fn set_tensor(&mut self, name: &str, values: &[f32]) -> Result<(), TensorError>;
    /// The forward pass over any number of rows, `B` at a time or fewer, as [`Network::ROWS_AT_ONCE`] says.
    ///
    /// # Errors
    /// No rows, or arguments of different lengths.
    #[inline(always)]
    fn forward_rows<const B: usize>(
        &self,
        memory: &mut Self::Forward<B>,
        inputs: <Self::Input as Sample>::Slices<'_>,
        outputs: <Self::Output as Sample>::SlicesMut<'_>,
    ) -> Result<(), RowsError> {
        self.forward_in_parts(memory, Self::ROWS_AT_ONCE, inputs, outputs)
    }
    /// [`Network::forward_rows`] with another number of rows than [`Network::ROWS_AT_ONCE`], which is made for half a
    /// mebibyte of near cache; never more than `B` go together, and zero stands for `B`. From three on the outputs have
    /// the same bits; one or two rows are summed in another order by dense layers.
    ///
    /// # Errors
    /// No rows, or arguments of different lengths.
    fn forward_in_parts<const B: usize>(
        &self,
        memory: &mut Self::Forward<B>,
        at_once: usize,
        inputs: <Self::Input as Sample>::Slices<'_>,
        outputs: <Self::Output as Sample>::SlicesMut<'_>,
    ) -> Result<(), RowsError>;
}

/// A model with a loss.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be trained: its declaration has no `loss`",
    label = "this has no `loss` to train with",
    note = "add `fn loss(output, target: [10]) {{ … }}` to its `network!`, with the results of `forward` first"
)]
pub trait Trainable: Network {
    /// One sample of the targets.
    type Target: Sample;
    /// Scratch memory of a training step for up to `B` rows; carries seed and step.
    type Training<const B: usize>: TrainingMemory;
    /// One scalar for each trainable parameter, in physical order.
    type Gradients: Gradients;

    /// What the loss compares.
    const OBJECTIVE: Objective;
    /// Whether a training step uses statistics over the whole batch.
    const BATCH_STATISTICS: bool;
    /// Where each tensor lies: the trained ones among `parameters()`, the others behind them.
    const SLOTS: &'static [Slot];

    /// Exactly the trainable scalars, in physical order.
    fn parameters(&self) -> &[f32];
    /// Exactly the trainable scalars, in physical order.
    fn parameters_mut(&mut self) -> &mut [f32];

    /// All that the model holds: the trained scalars, then the others, then room that is not used.
    fn values(&self) -> &[f32];
    /// As [`Trainable::values`].
    fn values_mut(&mut self) -> &mut [f32];

    /// Overwrites `gradients` with the gradient of the mean loss over up to `B` rows and returns that loss.
    ///
    /// # Errors
    /// No rows, arguments of different lengths, or more rows than `B`.
    fn gradients_rows<const B: usize>(
        &mut self,
        memory: &mut Self::Training<B>,
        inputs: <Self::Input as Sample>::Slices<'_>,
        targets: <Self::Target as Sample>::Slices<'_>,
        gradients: &mut Self::Gradients,
    ) -> Result<f32, RowsError>;

    /// One optimizer step over all rows; more than `B` run `B` at a time in a fixed order with one update.
    /// The outputs of the forward pass in training mode are written to `outputs`, which may be shorter or empty.
    ///
    /// # Errors
    /// No rows, arguments of different lengths; with more rows than `B` also an optimizer that owns no gradient
    /// ([`Optimizer::OWNS_GRADIENT`]) or a network with batch statistics.
    fn train_rows<const B: usize, O: Optimizer>(
        &mut self,
        memory: &mut Self::Training<B>,
        optimizer: &O,
        state: &mut O::State<Self>,
        inputs: <Self::Input as Sample>::Slices<'_>,
        targets: <Self::Target as Sample>::Slices<'_>,
        outputs: <Self::Output as Sample>::SlicesMut<'_>,
    ) -> Result<f32, RowsError>;

    /// What some rows contribute to a step over the batch that `batch` is a part of: adds to or overwrites the gradient
    /// in `share`, writes new statistics there, and returns their part of the mean loss. The model stays as it is, so
    /// that threads may share it; statistics over the batch are those of these rows. The outputs of the forward pass
    /// in training mode are written to `outputs`, which may be shorter or empty.
    ///
    /// # Errors
    /// Arguments of other lengths than `batch.rows`, or more rows than `B`.
    fn share_rows<const B: usize>(
        &self,
        memory: &mut Self::Training<B>,
        batch: Batch,
        inputs: <Self::Input as Sample>::Slices<'_>,
        targets: <Self::Target as Sample>::Slices<'_>,
        outputs: <Self::Output as Sample>::SlicesMut<'_>,
        share: Share<'_>,
    ) -> Result<f32, RowsError>;

    /// The mean loss over all rows in inference mode, `B` rows at a time, and the outputs.
    ///
    /// # Errors
    /// No rows, or arguments of different lengths.
    fn evaluate_rows<const B: usize>(
        &self,
        memory: &mut Self::Training<B>,
        inputs: <Self::Input as Sample>::Slices<'_>,
        targets: <Self::Target as Sample>::Slices<'_>,
        outputs: <Self::Output as Sample>::SlicesMut<'_>,
    ) -> Result<f32, RowsError>;
}

/// Scratch memory of training.
pub trait TrainingMemory: Zeroable {
    /// Starts again at step zero with another seed for everything random.
    fn reseed(&mut self, seed: u64);
    /// Goes on after some steps from a seed, as if they had been taken.
    fn resume(&mut self, seed: u64, step: u64);
    /// Steps taken since the last `reseed`.
    fn step(&self) -> u64;
}

/// A gradient: one scalar for each trainable parameter, in physical order.
pub trait Gradients: Zeroable {
    /// All scalars.
    fn as_slice(&self) -> &[f32];
    /// All scalars.
    fn as_mut_slice(&mut self) -> &mut [f32];
}
