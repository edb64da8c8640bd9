//! Steps on several threads: each batch is divided into parts, each part's gradient is computed by itself, and the
//! partial gradients are summed in a fixed tree. The parts do not depend on the number of threads, so neither do bits.

use std::hint::spin_loop;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicUsize, Ordering};

use graven_runtime::batch::Batch as Scalars;
use graven_runtime::dispatch;
use graven_runtime::network::{Gradients, RowsError, Trainable};
use graven_runtime::optimizer::{Moments, Optimizer};
use graven_runtime::plain::Zeroable;
use graven_runtime::sample::Sample;
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::lane::Part;
use super::reduce::{Stretch, Sum, Update, Whole};
use super::split::{Split, share};
use super::{Engine, Mode, Rows};
use crate::training::error::FitError;
use crate::training::metrics::Tally;

/// Stretches of parameters begin where a vector does.
const ALIGNMENT: usize = 16;

/// Several threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parallel {
    pub(in crate::training) threads: usize,
    pub(in crate::training) parts: Option<usize>,
}

/// Memory of [`Parallel`].
pub struct Lanes<N: Trainable, O: Optimizer, const B: usize> {
    /// All threads but the caller's; none for one thread.
    pool: Option<ThreadPool>,
    /// Scratch memory, one a thread.
    memories: Vec<Box<N::Training<B>>>,
    parts: Vec<Part<N>>,
    split: Split,
    state: Box<O::State<N>>,
    /// Outputs of evaluations.
    outputs: <N::Output as Sample>::Rows,
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
        let threads = self.threads.clamp(1, split.parts);
        let pool = (threads > 1).then(|| ThreadPoolBuilder::new().num_threads(threads - 1).build()).transpose();
        let pool = pool.map_err(|error| FitError::Threads { threads, message: error.to_string() })?;
        Ok(Lanes {
            pool,
            memories: (0..threads).map(|_| N::Training::<B>::boxed()).collect(),
            parts: (0..split.parts).map(|_| Part::new(split.longest())).collect(),
            split,
            state: O::State::<N>::boxed(),
            outputs: N::Output::zeros(B),
            seed,
            step: 0,
        })
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

/// How often to look whether the others are done before sleeping: waking up takes longer than many a step.
const LOOKS: usize = 20_000;

/// Runs each task on a thread of its own, the first one on this thread.
fn each<T: Send>(pool: Option<&ThreadPool>, tasks: Vec<T>, run: impl Fn(T) + Sync) {
    let left = AtomicUsize::new(tasks.len().saturating_sub(1));
    let mut tasks = tasks.into_iter();
    let Some(pool) = pool else { return tasks.for_each(run) };
    let first = tasks.next();
    pool.in_place_scope(|scope| {
        let (run, left) = (&run, &left);
        tasks.for_each(|task| {
            scope.spawn(move |_| {
                run(task);
                left.fetch_sub(1, Ordering::Release);
            });
        });
        first.into_iter().for_each(run);
        (0..LOOKS).take_while(|_| left.load(Ordering::Acquire) > 0).for_each(|_| spin_loop());
    });
}

impl<N, O, const B: usize> Lanes<N, O, B>
where
    N: Trainable<Training<B>: Send, Gradients: Send> + Sync,
    O: Optimizer + Sync,
{
    /// The loss of the step, and in each part what it contributes.
    fn differentiate(&mut self, model: &N, rows: &Rows<'_, N>) -> Result<f32, RowsError> {
        let count = rows.count()?;
        let mut ranges = self.split.of(count);
        for part in &mut self.parts {
            let range = ranges.next().unwrap_or(0..0);
            (part.first_row, part.rows) = (range.start, range.len());
        }
        drop(ranges);
        let inverse_total = 1.0 / count as f32;
        let scalars = Scalars { rows: 0, first_row: 0, inverse_total, seed: self.seed, step: self.step };
        let present = self.split.of(count).count();
        if N::BATCH_STATISTICS
            && let Some(part) = self.parts.iter().find(|part| part.rows > B)
        {
            return Err(RowsError::BatchStatistics { rows: part.rows, capacity: B });
        }
        let threads = self.memories.len();
        let mut rest = self.parts.get_mut(..present).unwrap_or_default();
        let mut tasks = Vec::with_capacity(threads);
        for (worker, memory) in self.memories.iter_mut().enumerate() {
            let (parts, others) = rest.split_at_mut(share(present, worker, threads).len());
            rest = others;
            tasks.push((memory, parts));
        }
        each(self.pool.as_ref(), tasks, |(memory, parts)| {
            parts.iter_mut().for_each(|part| part.compute::<B>(model, memory, scalars, rows));
        });
        let mut losses = self.parts.iter().take(present);
        losses.try_fold(0.0, |sum, part| Ok(sum + part.loss?))
    }

    /// Moves the statistics by the mean, over rows, of what the parts moved them by.
    fn assign(&self, model: &mut N) {
        let rows: usize = self.parts.iter().map(|part| part.rows).sum();
        let statistics = model.values_mut().get_mut(N::PARAMETERS..).unwrap_or_default();
        for (at, value) in statistics.iter_mut().enumerate() {
            let moved = self.parts.iter().filter(|part| part.rows > 0).map(|part| {
                let new = part.statistics.get(at).copied().unwrap_or(*value);
                (new - *value) * (part.rows as f32 / rows as f32)
            });
            *value += moved.sum::<f32>();
        }
    }

    /// Sums the partial gradients and updates the parameters, a stretch of them on each thread.
    fn update(&mut self, model: &mut N, optimizer: &O) {
        optimizer.begin::<N>(&mut self.state);
        let partial = self.parts.iter_mut().filter(|part| part.rows > 0).map(|part| part.gradient.as_mut_slice());
        let partial: Vec<&mut [f32]> = partial.collect();
        let threads = self.memories.len();
        let moments = if O::PARTS { O::moments::<N>(&mut self.state) } else { None };
        let Some(Moments { numbers, slices }) = moments else {
            each(self.pool.as_ref(), sums(partial, threads), dispatch);
            let Some(gradient) = self.parts.first().map(|part| part.gradient.as_slice()) else { return };
            let parameters = model.parameters_mut();
            return dispatch(Whole::<N, O> { optimizer, state: &mut self.state, gradient, parameters });
        };
        let numbers = &*numbers;
        let stretches = stretches(model.parameters_mut(), partial, slices, numbers, threads);
        let tasks = stretches.into_iter().map(|stretch| Update { optimizer, stretch, network: PhantomData });
        each(self.pool.as_ref(), tasks.collect(), Update::<N, O>::run);
    }
}

/// The end of the stretch that a worker has.
fn end(length: usize, worker: usize, workers: usize) -> usize {
    match share(length / ALIGNMENT, worker, workers).end * ALIGNMENT {
        _ if worker + 1 == workers => length,
        end => end,
    }
}

fn take<'a>(slice: &mut &'a mut [f32], length: usize) -> &'a mut [f32] {
    let length = length.min(slice.len());
    slice.split_off_mut(..length).unwrap_or_default()
}

fn sums(mut partial: Vec<&mut [f32]>, workers: usize) -> Vec<Sum<'_>> {
    let length = partial.first().map_or(0, |first| first.len());
    let mut at = 0;
    let sums = (0..workers).map(|worker| {
        let stretch = end(length, worker, workers) - at;
        at += stretch;
        Sum { partial: partial.iter_mut().map(|slice| take(slice, stretch)).collect() }
    });
    sums.collect()
}

fn stretches<'a>(
    mut parameters: &'a mut [f32],
    mut partial: Vec<&'a mut [f32]>,
    mut slices: [&'a mut [f32]; 3],
    numbers: &[f32],
    workers: usize,
) -> Vec<Stretch<'a>> {
    let all = parameters.len();
    let mut at = 0;
    let stretches = (0..workers).map(|worker| {
        let length = end(all, worker, workers) - at;
        let stretch = Stretch {
            at,
            parameters: take(&mut parameters, length),
            partial: partial.iter_mut().map(|slice| take(slice, length)).collect(),
            numbers: numbers.to_vec(),
            slices: slices.each_mut().map(|slice| take(slice, length)),
        };
        at += length;
        stretch
    });
    stretches.collect()
}

impl<N, O, const B: usize> Engine<N, O, B> for Lanes<N, O, B>
where
    N: Trainable<Training<B>: Send, Gradients: Send> + Sync,
    O: Optimizer + Sync,
{
    fn step(&mut self, model: &mut N, optimizer: &O, rows: Rows<'_, N>, tally: &mut Tally) -> Result<f32, FitError> {
        let loss = self.differentiate(model, &rows)?;
        if N::BATCH_STATISTICS {
            self.assign(model);
        }
        self.update(model, optimizer);
        self.step += 1;
        for part in self.parts.iter().filter(|part| part.rows > 0) {
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

    fn scratch(&mut self) -> (&mut N::Training<B>, &mut <N::Output as Sample>::Rows) {
        (&mut self.memories[0], &mut self.outputs)
    }

    fn moments(&mut self) -> Option<Moments<'_>> {
        O::moments::<N>(&mut self.state)
    }
}
