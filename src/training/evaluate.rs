//! Models on whole data sets, a few rows at a time: scores, confusion tables, predictions.

use graven_runtime::network::{Network, RowsError, Trainable};
use graven_runtime::plain::Zeroable;
use graven_runtime::sample::Sample;

use super::confusion::Confusion;
use super::metrics::{Score, Tally, answers};
use crate::data::Dataset;
use crate::metrics::MetricOf;

/// Loss and accuracy in inference mode, `B` rows at a time.
///
/// # Errors
/// `B` is zero.
pub fn evaluate<N: Trainable, const B: usize>(
    model: &N,
    data: &Dataset<N::Input, N::Target>,
) -> Result<Score, RowsError> {
    let mut memory = N::Training::<B>::boxed();
    evaluate_in(model, &mut memory, &mut N::Output::zeros(B), data)
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
    metrics.iter_mut().for_each(|metric| metric.reset());
    let mut memory = N::Training::<B>::boxed();
    let mut tally = Tally::default();
    each_batch(model, &mut memory, &mut N::Output::zeros(B), data, |loss, rows, outputs, targets| {
        tally.add::<N>(loss, rows, outputs, targets);
        metrics.iter_mut().for_each(|metric| metric.update(outputs, targets));
    })?;
    Ok(tally.score())
}

pub(super) fn evaluate_in<N: Trainable, const B: usize>(
    model: &N,
    memory: &mut N::Training<B>,
    outputs: &mut <N::Output as Sample>::Rows,
    data: &Dataset<N::Input, N::Target>,
) -> Result<Score, RowsError> {
    let mut tally = Tally::default();
    each_batch(model, memory, outputs, data, |loss, rows, outputs, targets| {
        tally.add::<N>(loss, rows, outputs, targets);
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
    each_batch(model, &mut memory, &mut N::Output::zeros(B), data, |_, _, outputs, targets| {
        answers::<N>(outputs, targets, |predicted, actual| confusion.add(predicted, actual));
    })?;
    Ok(confusion)
}

/// Visits mean loss, rows, outputs and targets of every `B` rows.
fn each_batch<N: Trainable, const B: usize>(
    model: &N,
    memory: &mut N::Training<B>,
    outputs: &mut <N::Output as Sample>::Rows,
    data: &Dataset<N::Input, N::Target>,
    mut visit: impl FnMut(f32, usize, <N::Output as Sample>::Slices<'_>, <N::Target as Sample>::Slices<'_>),
) -> Result<(), RowsError> {
    if B == 0 {
        return Err(RowsError::TooManyRows { rows: data.len(), capacity: 0 });
    }
    for (number, (inputs, targets)) in data.batches(B).enumerate() {
        let rows = B.min(data.len() - number * B);
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
