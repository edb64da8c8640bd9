//! Steps on several threads: each batch is divided into parts, each part's gradient is computed by itself, and the
//! partial gradients are summed in a fixed tree. The parts do not depend on the number of threads, so neither do bits.

use std::marker::PhantomData;
use std::ops::Range;

use graven_runtime::batch::Batch as Scalars;
use graven_runtime::dispatch;
use graven_runtime::network::{Gradients, RowsError, Trainable};
use graven_runtime::optimizer::{Moments, Optimizer};
use graven_runtime::plain::Zeroable;

use super::evaluation::evaluate;
use super::lane::{Lane, Part};
use super::reduce::{Stretch, Update, Whole};
use super::split::{Split, share};
use super::threads::{Threads, stretch, take};
use super::{Engine, Mode, Rows, Single};
use crate::training::error::FitError;
use crate::training::plan::{Data, MetersOf};
use crate::training::score::{Score, Tally};

/// Several threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parallel {
    pub(in crate::training) threads: usize,
    pub(in crate::training) parts: Option<usize>,
}

impl From<Single> for Parallel {
    fn from(_: Single) -> Self {
        Self { threads: 1, parts: None }
    }
}

impl AsMut<Self> for Parallel {
    fn as_mut(&mut self) -> &mut Self {
        self
    }
}

/// Memory of [`Parallel`].
pub struct Lanes<N: Trainable, O: Optimizer, const B: usize> {
    pub(super) threads: Threads,
    /// Scratch memory, one a thread.
    lanes: Vec<Lane<N, B>>,
    /// The parts computed by this process.
    pub(super) parts: Vec<Part<N>>,
    pub(super) split: Split,
    state: Box<O::State<N>>,
    seed: u64,
    step: u64,
}

impl<N, O, const B: usize> Mode<N, O, B> for Parallel
where
    N: Trainable<Training<B>: Send, Gradients: Send> + Sync,
    O: Optimizer + Sync,
{
    type Engine = Lanes<N, O, B>;

    fn engine(&self, batch_size: usize, seed: u64) -> Result<Self::Engine, FitError> {
        let split = Split::new(batch_size, self.parts);
        Lanes::new(split, split.parts, self.threads, seed)
    }

    fn check(&self, batch_size: usize) -> Result<(), FitError> {
        let (rows, capacity) = (Split::new(batch_size, self.parts).longest(), B);
        if rows > capacity && N::BATCH_STATISTICS {
            return Err(RowsError::BatchStatistics { rows, capacity }.into());
        }
        if capacity == 0 {
            return Err(RowsError::TooManyRows { rows, capacity }.into());
        }
        Ok(())
    }

    fn name(&self, batch_size: usize) -> String {
        format!("{} parts, {B} rows at a time", Split::new(batch_size, self.parts).parts)
    }
}

impl<N, O, const B: usize> Lanes<N, O, B>
where
    N: Trainable<Training<B>: Send, Gradients: Send> + Sync,
    O: Optimizer + Sync,
{
    /// Memory for at most `parts` of the parts of a batch, on that many threads.
    pub(super) fn new(split: Split, parts: usize, threads: usize, seed: u64) -> Result<Self, FitError> {
        let threads = threads.clamp(1, parts.max(1));
        Ok(Self {
            threads: Threads::new(threads)?,
            lanes: (0..threads).map(|_| Lane::new()).collect(),
            parts: (0..parts).map(|_| Part::new(split.longest())).collect(),
            split,
            state: O::State::<N>::boxed(),
            seed,
            step: 0,
        })
    }

    /// Computes some of the parts of a step, those numbered `own` among all that these rows have: in each what it
    /// contributes.
    pub(super) fn differentiate(&mut self, model: &N, rows: &Rows<'_, N>, own: Range<usize>) -> Result<(), RowsError> {
        let count = rows.count()?;
        let mut ranges = self.split.of(count);
        let longest = ranges.by_ref().map(|range| range.len()).max().unwrap_or(0);
        if N::BATCH_STATISTICS && longest > B {
            return Err(RowsError::BatchStatistics { rows: longest, capacity: B });
        }
        let mut ranges = self.split.of(count).skip(own.start).take(own.len());
        for part in &mut self.parts {
            let range = ranges.next().unwrap_or(0..0);
            (part.first_row, part.rows) = (range.start, range.len());
        }
        let inverse_total = 1.0 / count as f32;
        let scalars = Scalars { rows: 0, first_row: 0, inverse_total, seed: self.seed, step: self.step };
        let threads = self.threads.count();
        let mut rest = self.parts.get_mut(..own.len()).unwrap_or_default();
        let mut tasks = Vec::with_capacity(threads);
        for (worker, lane) in self.lanes.iter_mut().enumerate() {
            let (parts, others) = rest.split_at_mut(share(own.len(), worker, threads).len());
            rest = others;
            tasks.push((&mut *lane.memory, parts));
        }
        self.threads.each(tasks, |(memory, parts)| {
            parts.iter_mut().for_each(|part| part.compute::<B>(model, memory, scalars, rows));
        });
        self.parts().try_for_each(|part| part.loss.map(drop))
    }

    /// The parts that the last step had.
    pub(super) fn parts(&self) -> impl Iterator<Item = &Part<N>> + Clone {
        self.parts.iter().filter(|part| part.rows > 0)
    }

    /// Sums the partial gradients of this process's parts in the fixed tree; the sum is left in the first part.
    pub(super) fn sum(&mut self) {
        let partial = self.parts.iter_mut().filter(|part| part.rows > 0).map(|part| part.gradient.as_mut_slice());
        self.threads.sum(partial.collect());
    }

    /// Ends a step: sums the partial gradients of the parts in the fixed tree, or takes the whole gradient given, and
    /// updates the parameters; a stretch of them on each thread.
    pub(super) fn update(&mut self, model: &mut N, optimizer: &O, whole: Option<&mut [f32]>) {
        optimizer.begin::<N>(&mut self.state);
        let parts = self.parts.iter_mut().filter(|part| part.rows > 0).map(|part| part.gradient.as_mut_slice());
        let mut partial: Vec<&mut [f32]> = whole.map_or_else(|| parts.collect(), |whole| vec![whole]);
        let moments = if O::PARTS { O::moments::<N>(&mut self.state) } else { None };
        let Some(Moments { numbers, slices }) = moments else {
            self.threads.sum(partial.iter_mut().map(|slice| &mut **slice).collect());
            let Some(gradient) = partial.first() else { return };
            let parameters = model.parameters_mut();
            return dispatch(Whole::<N, O> { optimizer, state: &mut self.state, gradient, parameters });
        };
        let numbers = &*numbers;
        let stretches = stretches(model.parameters_mut(), partial, slices, numbers, self.threads.count());
        let tasks = stretches.into_iter().map(|stretch| Update { optimizer, stretch, network: PhantomData });
        self.threads.each(tasks.collect(), Update::<N, O>::run);
    }

    /// A step is done.
    pub(super) fn count_step(&mut self) {
        self.step += 1;
    }
}

/// Moves running statistics by the mean, over rows, of what the parts moved them by; each part gives its new values and
/// its rows.
pub(super) fn assign<'p, N: Trainable>(model: &mut N, parts: impl Iterator<Item = (&'p [f32], usize)> + Clone) {
    let rows: usize = parts.clone().map(|(_, rows)| rows).sum();
    let statistics = model.values_mut().get_mut(N::PARAMETERS..).unwrap_or_default();
    for (at, value) in statistics.iter_mut().enumerate() {
        let moved = parts.clone().map(|(new, part_rows)| {
            (new.get(at).copied().unwrap_or(*value) - *value) * (part_rows as f32 / rows as f32)
        });
        *value += moved.sum::<f32>();
    }
}

fn stretches<'a>(
    mut parameters: &'a mut [f32],
    mut partial: Vec<&'a mut [f32]>,
    mut slices: [&'a mut [f32]; 3],
    numbers: &[f32],
    workers: usize,
) -> Vec<Stretch<'a>> {
    let all = parameters.len();
    let stretches = (0..workers).map(|worker| {
        let range = stretch(all, worker, workers);
        let length = range.len();
        Stretch {
            at: range.start,
            parameters: take(&mut parameters, length),
            partial: partial.iter_mut().map(|slice| take(slice, length)).collect(),
            numbers: numbers.to_vec(),
            slices: slices.each_mut().map(|slice| take(slice, length)),
        }
    });
    stretches.collect()
}

impl<N, O, const B: usize> Engine<N, O, B> for Lanes<N, O, B>
where
    N: Trainable<Training<B>: Send, Gradients: Send> + Sync,
    O: Optimizer + Sync,
{
    fn step(&mut self, model: &mut N, optimizer: &O, rows: Rows<'_, N>, tally: &mut Tally) -> Result<f32, FitError> {
        let all = self.split.of(rows.count()?).count();
        self.differentiate(model, &rows, 0..all)?;
        let loss = self.parts().filter_map(|part| part.loss.ok()).sum();
        if N::BATCH_STATISTICS {
            let parts = self.parts().map(|part| (part.statistics.as_slice(), part.rows));
            assign(model, parts);
        }
        self.update(model, optimizer, None);
        self.count_step();
        for part in self.parts() {
            part.batch.tally(&rows.part(part.first_row, part.rows), part.rows, loss, tally);
        }
        Ok(loss)
    }

    fn resume(&mut self, step: u64) {
        self.step = step;
    }

    fn steps(&self) -> u64 {
        self.step
    }

    fn measure(&self, rows: &Rows<'_, N>, meters: &mut MetersOf<'_, N>) -> usize {
        for part in self.parts() {
            let rows = rows.part(part.first_row, part.rows);
            let (outputs, targets) = part.batch.answers(&rows, part.rows);
            meters.update(outputs, targets);
        }
        self.parts().map(|part| part.rows).sum()
    }

    fn evaluate(&mut self, model: &N, data: &Data<N>, meters: &mut MetersOf<'_, N>) -> Result<Score, RowsError> {
        evaluate::<N, B>(&self.threads, &mut self.lanes, model, data, meters)
    }

    fn moments(&mut self) -> Option<Moments<'_>> {
        O::moments::<N>(&mut self.state)
    }
}
