//! Models on whole data sets, a few rows at a time: scores, confusion tables, predictions.

use std::ops::Range;

use graven_runtime::network::{Network, RowsError, Trainable};
use graven_runtime::plain::Zeroable;
use graven_runtime::sample::Sample;

use super::confusion::Confusion;
use super::plan::{Data, MetersOf};
use super::score::{Score, Tally, answers, classes};
use crate::data::Dataset;
use crate::metrics::{Meters, MetricOf};

/// Loss and accuracy in inference mode, `B` rows at a time.
///
/// # Errors
/// `B` is zero.
pub fn evaluate<N: Trainable, const B: usize>(
    model: &N,
    data: &Dataset<N::Input, N::Target>,
) -> Result<Score, RowsError> {
    let mut memory = N::Training::<B>::boxed();
    evaluate_in(model, &mut memory, &mut N::Output::zeros(B), data, &mut Meters::new())
}

/// Loss and accuracy as [`evaluate`], with any metrics, which are reset first.
///
/// # Errors
/// `B` is zero.
pub fn evaluate_with<N: Trainable, const B: usize>(
    model: &N,
    data: &Dataset<N::Input, N::Target>,
    metrics: &mut [&mut dyn MetricOf<N::Output, N::Target>],
) -> Result<Score, RowsError> {
    let mut meters = Meters::new();
    metrics.iter_mut().for_each(|metric| meters.push(&mut **metric));
    let mut memory = N::Training::<B>::boxed();
    evaluate_in(model, &mut memory, &mut N::Output::zeros(B), data, &mut meters)
}

/// Loss and accuracy, in memory that is there already; the metrics, which are reset first, see the same rows.
pub(super) fn evaluate_in<N: Trainable, const B: usize>(
    model: &N,
    memory: &mut N::Training<B>,
    outputs: &mut <N::Output as Sample>::Rows,
    data: &Data<N>,
    meters: &mut MetersOf<'_, N>,
) -> Result<Score, RowsError> {
    let mut tally = Tally::default();
    meters.reset();
    each_batch(model, memory, outputs, data, all(data, B), |loss, rows, outputs, targets| {
        tally.add::<N>(loss, rows, outputs, targets);
        meters.update(outputs, targets);
    })?;
    Ok(tally.score())
}

/// How often each class is taken for each other one; empty for a network whose targets are real values.
///
/// # Errors
/// `B` is zero.
pub fn confusion<N: Trainable, const B: usize>(
    model: &N,
    data: &Dataset<N::Input, N::Target>,
) -> Result<Confusion, RowsError> {
    let mut memory = N::Training::<B>::boxed();
    let mut confusion = Confusion::default();
    each_batch(model, &mut memory, &mut N::Output::zeros(B), data, all(data, B), |_, _, outputs, targets| {
        confusion.expect_classes(classes::<N>(outputs));
        answers::<N>(outputs, targets, |predicted, actual| confusion.add(predicted, actual));
    })?;
    Ok(confusion)
}

/// The numbers of all batches of that many rows.
pub(super) fn all<X: Sample, Y: Sample>(data: &Dataset<X, Y>, rows: usize) -> Range<usize> {
    0..data.len().div_ceil(rows.max(1))
}

/// Visits mean loss, rows, outputs and targets of some of the batches of `B` rows.
pub(super) fn each_batch<N: Trainable, const B: usize>(
    model: &N,
    memory: &mut N::Training<B>,
    outputs: &mut <N::Output as Sample>::Rows,
    data: &Dataset<N::Input, N::Target>,
    batches: Range<usize>,
    mut visit: impl FnMut(f32, usize, <N::Output as Sample>::Slices<'_>, <N::Target as Sample>::Slices<'_>),
) -> Result<(), RowsError> {
    if B == 0 {
        return Err(RowsError::TooManyRows { rows: data.len(), capacity: 0 });
    }
    for start in batches.map(|batch| batch * B) {
        let rows = B.min(data.len() - start);
        let (inputs, targets) = (N::Input::part(data.inputs(), start, B), N::Target::part(data.targets(), start, B));
        let loss = {
            let mut places = N::Output::slices_mut(outputs);
            model.evaluate_rows::<B>(memory, inputs, targets, N::Output::part_mut(&mut places, 0, rows))?
        };
        visit(loss, rows, N::Output::part(N::Output::slices(outputs), 0, rows), targets);
    }
    Ok(())
}

/// The outputs of any number of rows, `B` at a time; none for none.
///
/// # Errors
/// Tensors with different numbers of rows, or `B` is zero.
pub fn predict<N: Network, const B: usize>(
    model: &N,
    inputs: <N::Input as Sample>::Slices<'_>,
) -> Result<<N::Output as Sample>::Rows, RowsError> {
    let rows = N::Input::rows(inputs).map_err(|(expected, found)| RowsError::Mismatch { expected, found })?;
    if B == 0 {
        return Err(RowsError::TooManyRows { rows, capacity: 0 });
    }
    let mut outputs = N::Output::zeros(rows);
    if rows == 0 {
        return Ok(outputs);
    }
    model.forward_rows::<B>(&mut N::Forward::<B>::boxed(), inputs, N::Output::slices_mut(&mut outputs))?;
    Ok(outputs)
}
