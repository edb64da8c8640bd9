//! The threads of one process, and sums that are divided among them.

use std::hint::spin_loop;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use graven_runtime::dispatch;
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::reduce::Sum;
use super::split::share;
use crate::training::error::FitError;

/// Stretches of parameters begin where a vector does.
const ALIGNMENT: usize = 16;
/// How often to look whether the others are done before sleeping: waking up takes longer than many a step.
const LOOKS: usize = 20_000;

/// The caller's thread and those beside it.
pub(super) struct Threads(Option<ThreadPool>);

impl Threads {
    /// That many in all.
    pub fn new(threads: usize) -> Result<Self, FitError> {
        let pool = (threads > 1).then(|| ThreadPoolBuilder::new().num_threads(threads - 1).build()).transpose();
        Ok(Self(pool.map_err(|error| FitError::Threads { threads, message: error.to_string() })?))
    }

    /// How many they are.
    pub fn count(&self) -> usize {
        1 + self.0.as_ref().map_or(0, ThreadPool::current_num_threads)
    }

    /// Runs each task on a thread of its own, the first one on this thread.
    pub fn each<T: Send>(&self, tasks: Vec<T>, run: impl Fn(T) + Sync) {
        let left = AtomicUsize::new(tasks.len().saturating_sub(1));
        let mut tasks = tasks.into_iter();
        let Some(pool) = &self.0 else { return tasks.for_each(run) };
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

    /// Sums vectors of one length in the fixed tree; the sum is left in the first.
    pub fn sum(&self, mut vectors: Vec<&mut [f32]>) {
        let (length, threads) = (vectors.first().map_or(0, |first| first.len()), self.count());
        let sums = (0..threads).map(|worker| {
            let length = stretch(length, worker, threads).len();
            Sum { partial: vectors.iter_mut().map(|vector| take(vector, length)).collect() }
        });
        self.each(sums.collect(), dispatch);
    }
}

/// The stretch of `length` scalars that a worker has.
pub(super) fn stretch(length: usize, worker: usize, workers: usize) -> Range<usize> {
    let share = share(length / ALIGNMENT, worker, workers);
    let end = if worker + 1 == workers { length } else { share.end * ALIGNMENT };
    share.start * ALIGNMENT..end
}

/// Cuts that many scalars off the front.
pub(super) fn take<'a>(slice: &mut &'a mut [f32], length: usize) -> &'a mut [f32] {
    let length = length.min(slice.len());
    slice.split_off_mut(..length).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_are_all_scalars_in_order() {
        for workers in 1..6 {
            for length in [0, 5, 16, 100, 1600] {
                let all: Vec<usize> = (0..workers).flat_map(|worker| stretch(length, worker, workers)).collect();
                assert_eq!(all, (0..length).collect::<Vec<_>>());
            }
        }
    }
}
