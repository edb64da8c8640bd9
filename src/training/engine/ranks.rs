//! Steps in several processes: each computes some of a batch's parts, and the partial gradients are summed in the same
//! fixed tree as in one process, so that the bits are the same.

use std::ops::Range;

use graven_runtime::network::{Gradients, RowsError, Trainable};
use graven_runtime::optimizer::{Moments, Optimizer};
use graven_runtime::plain::Zeroable;

use super::parallel::{Lanes, assign};
use super::split::{Split, share};
use super::threads::stretch;
use super::{Engine, Mode, Parallel, Rows};
use crate::training::error::FitError;
use crate::training::group::{Group, GroupError};
use crate::training::plan::{Data, MetersOf};
use crate::training::score::{Score, Tally};

/// Several processes, each with some threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ranks<G> {
    pub(in crate::training) group: G,
    pub(in crate::training) within: Parallel,
}

impl<G> AsMut<Parallel> for Ranks<G> {
    fn as_mut(&mut self) -> &mut Parallel {
        &mut self.within
    }
}

/// Memory of [`Ranks`] in one process.
pub struct Ranked<N: Trainable, O: Optimizer, G, const B: usize> {
    lanes: Lanes<N, O, B>,
    group: G,
    /// What goes out where it is not one vector, and what comes in.
    outgoing: Vec<f32>,
    incoming: Vec<f32>,
    /// Gradient of the whole batch.
    gradient: Box<N::Gradients>,
}

/// A word that says that a process has failed.
const FAILED: u64 = u64::MAX;

/// Whether no process has failed; the error of this one comes first.
fn nobody_failed<T>(own: Result<T, FitError>, mut words: impl Iterator<Item = u64>) -> Result<T, FitError> {
    let value = own?;
    match words.position(|word| word == FAILED) {
        Some(rank) => Err(GroupError::Ended { rank }.into()),
        None => Ok(value),
    }
}

/// What each process answers: whether anyone says yes.
fn agree(group: &impl Group, own: Result<bool, FitError>) -> Result<bool, FitError> {
    let word = own.as_ref().map_or(FAILED, |&yes| u64::from(yes));
    let mut words = vec![0; group.size()];
    group.gather_words(&[word], &mut words)?;
    nobody_failed(own, words.iter().copied())?;
    Ok(words.contains(&1))
}

impl<N, O, G, const B: usize> Mode<N, O, B> for Ranks<G>
where
    N: Trainable<Training<B>: Send, Gradients: Send> + Sync,
    O: Optimizer + Sync,
    G: Group + Clone,
{
    type Engine = Ranked<N, O, G, B>;

    fn engine(&self, batch_size: usize, seed: u64) -> Result<Self::Engine, FitError> {
        let split = Split::new(batch_size, self.within.parts);
        let most = split.parts.div_ceil(self.group.size().max(1));
        let lanes = Lanes::new(split, most, self.within.threads, seed);
        let answer = lanes.as_ref().map(|_| false).map_err(Clone::clone);
        agree(&self.group, answer)?;
        Ok(Ranked {
            lanes: lanes?,
            group: self.group.clone(),
            outgoing: Vec::new(),
            incoming: Vec::new(),
            gradient: N::Gradients::boxed(),
        })
    }

    fn check(&self, batch_size: usize) -> Result<(), FitError> {
        Mode::<N, O, B>::check(&self.within, batch_size)
    }

    fn name(&self, batch_size: usize) -> String {
        Mode::<N, O, B>::name(&self.within, batch_size)
    }
}

/// How the parts of a step are divided among processes.
#[derive(Clone, Copy)]
struct Division {
    parts: usize,
    processes: usize,
}

impl Division {
    /// The parts of one process.
    fn of(self, rank: usize) -> Range<usize> {
        share(self.parts, rank, self.processes)
    }

    /// Whether each process has a whole branch of the tree of sums.
    fn is_even(self) -> bool {
        self.parts.is_multiple_of(self.processes) && (self.parts / self.processes).is_power_of_two()
    }

    /// The vectors that a process contributes to a sum: one branch, or else all of its parts.
    fn vectors(self, rank: usize) -> usize {
        if self.is_even() { 1 } else { self.of(rank).len() }
    }

    /// A number for each process.
    fn each(self, count: impl Fn(usize) -> usize) -> Vec<usize> {
        (0..self.processes).map(count).collect()
    }
}

impl<N, O, G, const B: usize> Ranked<N, O, G, B>
where
    N: Trainable<Training<B>: Send, Gradients: Send> + Sync,
    O: Optimizer + Sync,
    G: Group,
{
    /// The rows of a step and the loss over all its parts; adds the answers of all processes to `tally`.
    fn report(
        &self,
        own: Result<usize, RowsError>,
        rows: &Rows<'_, N>,
        tally: &mut Tally,
    ) -> Result<(usize, f32), FitError> {
        let mut answers = Tally::default();
        if own.is_ok() {
            for part in self.lanes.parts() {
                part.batch.tally(&rows.part(part.first_row, part.rows), part.rows, 0.0, &mut answers);
            }
        }
        let [right, all] = answers.answers();
        let status = own.map_or(FAILED, |count| count as u64);
        let losses = self.lanes.parts.iter().map(|part| u64::from(part.loss.unwrap_or_default().to_bits()));
        let mine: Vec<u64> = [status, right, all].into_iter().chain(losses).collect();
        let mut words = vec![0; mine.len() * self.group.size()];
        self.group.gather_words(&mine, &mut words)?;
        let reports = words.chunks_exact(mine.len());
        let count = nobody_failed(own.map_err(FitError::from), reports.clone().map(|report| report[0]))?;
        if let Some(rank) = reports.clone().position(|report| report[0] != words[0]) {
            return Err(GroupError::Differs { rank }.into());
        }
        let division = self.division(count);
        let mut loss = 0.0;
        for (rank, report) in reports.enumerate() {
            tally.add_answers([report[1], report[2]]);
            let losses = report[3..].iter().take(division.of(rank).len());
            losses.for_each(|&bits| loss += f32::from_bits(bits as u32));
        }
        self.lanes.split.of(count).for_each(|part| tally.add_loss(loss, part.len()));
        Ok((count, loss))
    }

    fn division(&self, rows: usize) -> Division {
        Division { parts: self.lanes.split.of(rows).count(), processes: self.group.size() }
    }

    /// Moves running statistics as all parts do.
    fn assign(&mut self, model: &mut N, rows: usize) -> Result<(), FitError> {
        let (division, length) = (self.division(rows), model.values().len() - N::PARAMETERS);
        self.outgoing.clear();
        self.lanes.parts().for_each(|part| self.outgoing.extend_from_slice(&part.statistics));
        self.incoming.resize(division.parts * length, 0.0);
        let counts = division.each(|rank| division.of(rank).len() * length);
        self.group.gather(&self.outgoing, &counts, &mut self.incoming)?;
        let lengths = self.lanes.split.of(rows).map(|part| part.len());
        let parts: Vec<_> = self.incoming.chunks_exact(length.max(1)).zip(lengths).collect();
        assign(model, parts.iter().copied());
        Ok(())
    }

    /// Sums the partial gradients of all processes: each sums a stretch of them, then gives it to everyone.
    fn sum(&mut self, rows: usize) -> Result<(), FitError> {
        let (division, rank) = (self.division(rows), self.group.rank());
        let gradient = self.gradient.as_mut_slice();
        let stretch = |rank| stretch(gradient.len(), rank, division.processes);
        let own = stretch(rank).len();
        let sent = division.each(|rank_to| division.vectors(rank) * stretch(rank_to).len());
        let received = division.each(|from| division.vectors(from) * own);
        self.incoming.resize(received.iter().sum(), 0.0);
        if division.is_even() {
            self.lanes.sum();
        } else {
            self.outgoing.clear();
            for to in 0..division.processes {
                let pieces = self.lanes.parts().map(|part| &part.gradient.as_slice()[stretch(to)]);
                pieces.for_each(|piece| self.outgoing.extend_from_slice(piece));
            }
        }
        let mine = match self.lanes.parts.first() {
            Some(branch) if division.is_even() => branch.gradient.as_slice(),
            _ => &self.outgoing,
        };
        self.group.exchange(mine, &sent, &received, &mut self.incoming)?;
        self.lanes.threads.sum(self.incoming.chunks_exact_mut(own.max(1)).collect());
        let counts = division.each(|rank| stretch(rank).len());
        self.group.gather(&self.incoming[..own], &counts, gradient)?;
        Ok(())
    }
}

impl<N, O, G, const B: usize> Engine<N, O, B> for Ranked<N, O, G, B>
where
    N: Trainable<Training<B>: Send, Gradients: Send> + Sync,
    O: Optimizer + Sync,
    G: Group,
{
    fn step(&mut self, model: &mut N, optimizer: &O, rows: Rows<'_, N>, tally: &mut Tally) -> Result<f32, FitError> {
        let own = rows.count().and_then(|count| {
            let own = self.division(count).of(self.group.rank());
            self.lanes.differentiate(model, &rows, own).map(|()| count)
        });
        let (count, loss) = self.report(own, &rows, tally)?;
        if N::BATCH_STATISTICS {
            self.assign(model, count)?;
        }
        if self.group.size() > 1 {
            self.sum(count)?;
            self.lanes.update(model, optimizer, Some(self.gradient.as_mut_slice()));
        } else {
            self.lanes.update(model, optimizer, None);
        }
        self.lanes.count_step();
        Ok(loss)
    }

    fn resume(&mut self, step: u64) {
        Engine::<N, O, B>::resume(&mut self.lanes, step);
    }

    fn steps(&self) -> u64 {
        self.lanes.steps()
    }

    fn measure(&self, rows: &Rows<'_, N>, meters: &mut MetersOf<'_, N>) -> usize {
        self.lanes.measure(rows, meters)
    }

    fn evaluate(&mut self, model: &N, data: &Data<N>, meters: &mut MetersOf<'_, N>) -> Result<Score, RowsError> {
        self.lanes.evaluate(model, data, meters)
    }

    fn moments(&mut self) -> Option<Moments<'_>> {
        self.lanes.moments()
    }

    fn leads(&self) -> bool {
        self.group.rank() == 0
    }

    fn agree(&self, own: Result<bool, FitError>) -> Result<bool, FitError> {
        agree(&self.group, own)
    }

    fn compare(&self, start: impl FnOnce() -> u64) -> Result<(), FitError> {
        let mut starts = vec![0; self.group.size()];
        self.group.gather_words(&[start()], &mut starts)?;
        match starts.iter().position(|&other| other != starts[0]) {
            Some(rank) => Err(GroupError::Differs { rank }.into()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_are_whole_where_parts_divide_evenly() {
        let even = |parts, processes| Division { parts, processes }.is_even();
        assert!(even(8, 1) && even(8, 2) && even(8, 4) && even(8, 8) && even(6, 3) && even(12, 3));
        assert!(!even(8, 3) && !even(6, 2) && !even(6, 1) && !even(2, 4));
    }
}
