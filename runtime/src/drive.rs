//! Cuts a call over any number of rows into parts that fit the memory, and forward passes into parts whose values fit a
//! near cache; what is done with a part is emitted code.

use fearless_simd::Simd;

use crate::batch::{Batch, Clock};
use crate::dispatch::{Run, dispatch};
use crate::network::{Network, RowsError, TensorError, Trainable};
use crate::optimizer::Optimizer;
use crate::sample::Sample;
use crate::sink::Step;
use crate::tensors::{Slot, read_tensor};

/// Some rows of a forward pass, no more than the memory holds.
pub struct ForwardPart<'i, 'o, N: Network> {
    /// Run-time scalars.
    pub batch: Batch,
    /// The inputs of these rows.
    pub inputs: <N::Input as Sample>::Slices<'i>,
    /// Where their outputs go.
    pub outputs: <N::Output as Sample>::SlicesMut<'o>,
}

/// Some rows of a training step or an evaluation, no more than the memory holds.
pub struct TrainingPart<'i, 'o, N: Trainable> {
    /// Run-time scalars.
    pub batch: Batch,
    /// The inputs of these rows.
    pub inputs: <N::Input as Sample>::Slices<'i>,
    /// The targets of these rows.
    pub targets: <N::Target as Sample>::Slices<'i>,
    /// Where their outputs go; may be shorter.
    pub outputs: <N::Output as Sample>::SlicesMut<'o>,
}

/// All rows of a training step or an evaluation.
pub struct TrainingRows<'i, 'o, N: Trainable> {
    /// The inputs.
    pub inputs: <N::Input as Sample>::Slices<'i>,
    /// The targets.
    pub targets: <N::Target as Sample>::Slices<'i>,
    /// Where outputs go; may be shorter.
    pub outputs: <N::Output as Sample>::SlicesMut<'o>,
}

impl<'i, N: Trainable> TrainingRows<'i, '_, N> {
    fn count(&self) -> Result<usize, RowsError> {
        let rows = not_empty(N::Input::rows(self.inputs))?;
        same(rows, N::Target::rows(self.targets))?;
        N::Output::rows_mut(&self.outputs).map_err(mismatch)?;
        Ok(rows)
    }

    /// The rows from `batch.first_row` on.
    fn part(&mut self, batch: Batch) -> TrainingPart<'i, '_, N> {
        TrainingPart {
            batch,
            inputs: N::Input::part(self.inputs, batch.first_row, batch.rows),
            targets: N::Target::part(self.targets, batch.first_row, batch.rows),
            outputs: N::Output::part_mut(&mut self.outputs, batch.first_row, batch.rows),
        }
    }
}

fn mismatch((expected, found): (usize, usize)) -> RowsError {
    RowsError::Mismatch { expected, found }
}

fn not_empty(rows: Result<usize, (usize, usize)>) -> Result<usize, RowsError> {
    match rows.map_err(mismatch)? {
        0 => Err(RowsError::Empty),
        rows => Ok(rows),
    }
}

fn same(expected: usize, rows: Result<usize, (usize, usize)>) -> Result<(), RowsError> {
    match rows.map_err(mismatch)? {
        found if found == expected => Ok(()),
        found => Err(RowsError::Mismatch { expected, found }),
    }
}

/// The parts of `rows` rows, at most `capacity` at a time.
#[inline(always)]
fn parts(rows: usize, capacity: usize, clock: Clock) -> Result<impl Iterator<Item = Batch>, RowsError> {
    if capacity == 0 {
        return Err(RowsError::TooManyRows { rows, capacity });
    }
    let whole = Batch { rows, first_row: 0, inverse_total: 1.0 / rows as f32, seed: clock.seed, step: clock.step };
    let starts = (0..rows).step_by(capacity);
    Ok(starts.map(move |first_row| Batch { rows: capacity.min(rows - first_row), first_row, ..whole }))
}

/// Fewer rows than these are summed in another order by dense layers, so that rows are not cut into parts of so few.
pub const FEWEST_ROWS: usize = 3;

/// Cuts rows that fit the memory into parts of nearly the same length and at most `at_once` rows. Where those are not
/// fewer than [`FEWEST_ROWS`] no part is either, for which up to five go together. Zero stands for all rows.
#[inline(always)]
fn even_parts(all: Batch, at_once: usize) -> impl Iterator<Item = Batch> {
    let (rows, fewest) = (all.rows, if at_once < FEWEST_ROWS { 1 } else { FEWEST_ROWS });
    let count = if at_once == 0 { 1 } else { rows.div_ceil(at_once).min(rows / fewest).max(1) };
    let (length, longer) = (all.rows / count, all.rows % count);
    (0..count).map(move |number| Batch {
        rows: length + usize::from(number < longer),
        first_row: all.first_row + number * length + number.min(longer),
        ..all
    })
}

/// Runs the forward pass over all rows, at most about `at_once` together.
///
/// # Errors
/// No rows, arguments of different lengths, or memory for no row.
#[inline]
pub fn forward<N: Network, const B: usize>(
    at_once: usize,
    inputs: <N::Input as Sample>::Slices<'_>,
    mut outputs: <N::Output as Sample>::SlicesMut<'_>,
    mut run: impl FnMut(ForwardPart<'_, '_, N>),
) -> Result<(), RowsError> {
    let rows = not_empty(N::Input::rows(inputs))?;
    same(rows, N::Output::rows_mut(&outputs))?;
    for all in parts(rows, B, Clock::default())? {
        for batch in even_parts(all, at_once) {
            run(ForwardPart {
                batch,
                inputs: N::Input::part(inputs, batch.first_row, batch.rows),
                outputs: N::Output::part_mut(&mut outputs, batch.first_row, batch.rows),
            });
        }
    }
    Ok(())
}

/// Runs the forward pass and the loss over all rows, as many together as the network says, and returns the loss.
///
/// # Errors
/// No rows, arguments of different lengths, or memory for no row.
#[inline]
pub fn evaluate<N: Trainable, const B: usize>(
    mut rows: TrainingRows<'_, '_, N>,
    mut run: impl FnMut(TrainingPart<'_, '_, N>) -> f32,
) -> Result<f32, RowsError> {
    let count = rows.count()?;
    let mut loss = 0.0;
    for all in parts(count, B, Clock::default())? {
        for batch in even_parts(all, N::ROWS_AT_ONCE) {
            loss += run(rows.part(batch));
        }
    }
    Ok(loss)
}

/// Runs forward and backward once over rows that all fit the memory, and returns the loss.
///
/// # Errors
/// No rows, arguments of different lengths, or more rows than `B`.
#[inline]
pub fn gradients<N: Trainable, const B: usize>(
    clock: &mut Clock,
    mut rows: TrainingRows<'_, '_, N>,
    mut run: impl FnMut(TrainingPart<'_, '_, N>) -> f32,
) -> Result<f32, RowsError> {
    let count = rows.count()?;
    if count > B {
        return Err(RowsError::TooManyRows { rows: count, capacity: B });
    }
    let mut loss = 0.0;
    for batch in parts(count, B, *clock)? {
        loss += run(rows.part(batch));
    }
    clock.step += 1;
    Ok(loss)
}

/// An optimizer and its moments.
pub struct Learner<'a, N: Trainable, O: Optimizer> {
    /// The optimizer.
    pub optimizer: &'a O,
    /// Its moments.
    pub state: &'a mut O::State<N>,
}

/// Runs one optimizer step over all rows and returns the loss.
///
/// # Errors
/// No rows, arguments of different lengths; with more rows than `B` also an optimizer that owns no gradient or a
/// network with batch statistics.
#[inline]
pub fn train<N: Trainable, O: Optimizer, const B: usize>(
    model: &mut N,
    clock: &mut Clock,
    learner: Learner<'_, N, O>,
    mut rows: TrainingRows<'_, '_, N>,
    mut run: impl FnMut(&mut N, TrainingPart<'_, '_, N>, Learner<'_, N, O>) -> f32,
) -> Result<f32, RowsError> {
    let count = rows.count()?;
    if count > B && N::BATCH_STATISTICS {
        return Err(RowsError::BatchStatistics { rows: count, capacity: B });
    }
    if count > B && !O::OWNS_GRADIENT {
        return Err(RowsError::TooManyRows { rows: count, capacity: B });
    }
    let Learner { optimizer, state } = learner;
    let parts = parts(count, B, *clock)?;
    optimizer.begin::<N>(state);
    let mut loss = 0.0;
    for batch in parts {
        loss += run(model, rows.part(batch), Learner { optimizer, state });
    }
    dispatch(Finish::<N, O> { learner: Learner { optimizer, state }, parameters: model.parameters_mut() });
    clock.step += 1;
    Ok(loss)
}

impl<'a, N: Trainable, O: Optimizer> Learner<'a, N, O> {
    /// Updates `parameters` as their gradients arrive.
    #[inline(always)]
    pub fn step(self, parameters: &'a mut [f32]) -> Step<'a, O, N> {
        let Self { optimizer, state } = self;
        Step { optimizer, state, parameters }
    }
}

/// Runs forward and backward over the rows of a part of a step, which `batch` describes, and returns their share of
/// the loss.
///
/// # Errors
/// Arguments of different lengths or of another than `batch` says, or more rows than `B`.
#[inline]
pub fn share<N: Trainable, const B: usize>(
    batch: Batch,
    rows: TrainingRows<'_, '_, N>,
    run: impl FnOnce(TrainingPart<'_, '_, N>) -> f32,
) -> Result<f32, RowsError> {
    let count = rows.count()?;
    if count != batch.rows {
        return Err(RowsError::Mismatch { expected: batch.rows, found: count });
    }
    if count > B {
        return Err(RowsError::TooManyRows { rows: count, capacity: B });
    }
    let TrainingRows { inputs, targets, outputs } = rows;
    Ok(run(TrainingPart { batch, inputs, targets, outputs }))
}

struct Finish<'a, N: Trainable, O: Optimizer> {
    learner: Learner<'a, N, O>,
    parameters: &'a mut [f32],
}

impl<N: Trainable, O: Optimizer> Run for Finish<'_, N, O> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        self.learner.optimizer.finish::<N, S>(simd, self.learner.state, self.parameters);
    }
}

/// Copies the gradient of a trainable tensor out, in logical row-major order.
///
/// # Errors
/// No trainable tensor of that name, or `values` of another length than the tensor.
pub fn read_gradient(slots: &[Slot], memory: &[f32], name: &str, values: &mut [f32]) -> Result<(), TensorError> {
    match slots.iter().find(|slot| slot.info.name == name) {
        Some(slot) if slot.info.trainable => read_tensor(core::slice::from_ref(slot), memory, name, values),
        _ => Err(TensorError::UnknownName),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_follow_each_other_and_have_nearly_the_same_length() {
        for rows in 1..200 {
            for at_once in 1..40 {
                let all = Batch { rows, first_row: 7, ..Batch::default() };
                let (mut next, mut longest, mut shortest) = (7, 0, rows);
                for part in even_parts(all, at_once) {
                    assert_eq!(part.first_row, next, "{rows} rows, {at_once} at once");
                    next += part.rows;
                    (longest, shortest) = (longest.max(part.rows), shortest.min(part.rows));
                }
                assert_eq!(next, 7 + rows, "{rows} rows, {at_once} at once");
                assert!(longest - shortest <= 1, "{rows} rows, {at_once} at once");
                let least = if at_once < FEWEST_ROWS { 1 } else { FEWEST_ROWS.min(rows) };
                assert!(shortest >= least, "{rows} rows, {at_once} at once");
                assert!(longest <= at_once || at_once >= FEWEST_ROWS && longest <= 5, "{rows} rows, {at_once} at once");
            }
        }
    }

    #[test]
    fn zero_and_large_numbers_mean_all_rows() {
        for at_once in [0, 33, usize::MAX] {
            let all = Batch { rows: 32, ..Batch::default() };
            assert!(even_parts(all, at_once).eq([all]), "{at_once} at once");
        }
    }
}
