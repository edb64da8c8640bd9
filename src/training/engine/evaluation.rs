//! Evaluations on several threads: each scores batches of its own, and the scores are summed in the order of the batches,
//! so that their bits do not depend on the number of threads.

use graven_runtime::network::{RowsError, Trainable};
use graven_runtime::sample::Sample;

use super::lane::Lane;
use super::split::share;
use super::threads::Threads;
use crate::training::evaluate::{all, each_batch};
use crate::training::plan::{Data, MetersOf};
use crate::training::score::{Score, Tally};

/// Loss and accuracy over a data set, `B` rows at a time; the metrics, which are reset first, see the same rows.
pub(super) fn evaluate<N, const B: usize>(
    threads: &Threads,
    lanes: &mut [Lane<N, B>],
    model: &N,
    data: &Data<N>,
    meters: &mut MetersOf<'_, N>,
) -> Result<Score, RowsError>
where
    N: Trainable<Training<B>: Send> + Sync,
{
    let (batches, workers) = (all(data, B).len(), lanes.len());
    // Metrics see all outputs in the order of the rows, on this thread: then a lane scores one batch before they look.
    let round = if meters.is_empty() { batches } else { workers };
    let mut tally = Tally::default();
    meters.reset();
    for first in (0..batches).step_by(round.max(1)) {
        let count = round.min(batches - first);
        let own = |worker| {
            let share = share(count, worker, workers);
            first + share.start..first + share.end
        };
        let tasks = lanes.iter_mut().enumerate().map(|(worker, lane)| (lane, own(worker), Ok(())));
        let mut tasks: Vec<(_, _, Result<(), RowsError>)> = tasks.collect();
        threads.each(tasks.iter_mut().collect(), |(lane, batches, outcome)| {
            let Lane { memory, outputs, scores } = &mut **lane;
            scores.clear();
            *outcome = each_batch(model, memory, outputs, data, batches.clone(), |loss, rows, outputs, targets| {
                let mut score = Tally::default();
                score.add::<N>(loss, rows, outputs, targets);
                scores.push(score);
            });
        });
        for (lane, batches, outcome) in tasks {
            outcome?;
            lane.scores.iter().for_each(|score| tally.merge(score));
            if !meters.is_empty() && !batches.is_empty() {
                let start = batches.start * B;
                let outputs = N::Output::part(N::Output::slices(&lane.outputs), 0, data.len() - start);
                meters.update(outputs, N::Target::part(data.targets(), start, B));
            }
        }
    }
    Ok(tally.score())
}
