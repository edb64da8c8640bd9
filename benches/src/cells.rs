//! One cell of the table: a network and a mode in, a [`Timing`] out. Generic over the network, by its traits.

use std::hint::black_box;

use graven::{Adam, Element, Network, Optimizer, Sample, Trainable, Zeroable};

use crate::floor::Counts;
use crate::measure::{Timing, measure};

/// One tensor of a sample whose rows lie in a vector.
pub trait Tensor: Element + Sample<Rows = Vec<Self>> {
    /// Rows of values of mean 0 and variance 1, or of all indices in turn; the same every time.
    #[must_use]
    fn examples(rows: usize) -> Vec<Self> {
        let mut values = Self::zeros(rows);
        for (place, value) in Self::reals_mut(&mut values).iter_mut().zip(spread()) {
            *place = value;
        }
        let turns: Vec<f32> = (0..rows).map(|row| (row % 10) as f32).collect();
        Self::set_indices(&mut values, &turns);
        values
    }
}

impl<T: Element + Sample<Rows = Vec<T>>> Tensor for T {}

/// Multiples of the golden ratio, modulo 1, spread evenly over ±√3.
fn spread() -> impl Iterator<Item = f32> {
    (0u64..).map(|step| {
        let fraction = (step as f64 * 0.618_033_988_749_894_9).fract();
        ((2.0 * fraction - 1.0) * 3f64.sqrt()) as f32
    })
}

/// A network that the cells can feed.
pub trait Workload: Trainable<Input: Tensor, Output: Tensor, Target: Tensor> {}

impl<N: Trainable<Input: Tensor, Output: Tensor, Target: Tensor>> Workload for N {}

/// What a network costs whose first layer has so many multiply-accumulates a sample.
#[must_use]
pub fn counts<N: Workload>(first_layer_macs: u64) -> Counts {
    Counts { macs: N::MACS, first_layer_macs, parameters: N::PARAMETERS }
}

fn model<N: Network>() -> Box<N> {
    let mut model = N::boxed();
    model.init(0);
    model
}

/// Times forward passes over `B` rows.
#[must_use]
pub fn infer<N: Workload, const B: usize>(seconds: f64) -> Timing {
    infer_in_parts::<N, B>(N::ROWS_AT_ONCE, seconds)
}

/// Times forward passes over `B` rows, about `at_once` of which go together.
#[must_use]
pub fn infer_in_parts<N: Workload, const B: usize>(at_once: usize, seconds: f64) -> Timing {
    let (model, mut memory) = (model::<N>(), N::Forward::<B>::boxed());
    let (inputs, mut outputs) = (N::Input::examples(B), N::Output::zeros(B));
    measure(seconds, || {
        let done = model.forward_in_parts::<B>(
            &mut memory,
            at_once,
            N::Input::slices(black_box(&inputs)),
            N::Output::slices_mut(black_box(&mut outputs)),
        );
        debug_assert!(done.is_ok());
    })
}

/// Times steps of forward, backward and Adam on one batch of `B` rows.
#[must_use]
pub fn train<N: Workload, const B: usize>(seconds: f64) -> Timing {
    train_rows::<N, Adam, B>(Adam::new(1e-3), B, seconds)
}

/// Times steps of forward, backward and the optimizer on one batch of `rows` rows, `B` at a time; more than `B` need an
/// optimizer that holds a whole gradient and a network without batch statistics.
#[must_use]
pub fn train_rows<N: Workload, O: Optimizer, const B: usize>(optimizer: O, rows: usize, seconds: f64) -> Timing {
    let (mut model, mut memory) = (model::<N>(), N::Training::<B>::boxed());
    let mut state = O::State::<N>::boxed();
    let (inputs, targets) = (N::Input::examples(rows), N::Target::examples(rows));
    let mut none = N::Output::zeros(0);
    measure(seconds, || {
        let loss = model.train_rows::<B, O>(
            &mut memory,
            &optimizer,
            &mut state,
            N::Input::slices(black_box(&inputs)),
            N::Target::slices(black_box(&targets)),
            N::Output::slices_mut(&mut none),
        );
        debug_assert!(black_box(loss).is_ok());
    })
}

/// Batches of the data set that `fit` is timed on, as many as Keras' `model.fit` gets in the peers' program.
pub const FIT_BATCHES: usize = 400;

/// The share of rows whose greatest output is above one half: a metric that fits any network and reads all outputs.
#[cfg(feature = "std")]
#[derive(Default)]
struct Confident {
    confident: u64,
    rows: u64,
}

#[cfg(feature = "std")]
impl graven::metrics::Metric for Confident {
    fn name(&self) -> String {
        "confident".to_owned()
    }
    fn value(&self) -> f64 {
        self.confident as f64 / self.rows as f64
    }
    fn reset(&mut self) {
        *self = Self::default();
    }
}

#[cfg(feature = "std")]
impl<O: Tensor, T: Sample> graven::metrics::MetricOf<O, T> for Confident {
    fn update(&mut self, outputs: O::Slices<'_>, _targets: T::Slices<'_>) {
        O::visit(outputs, &mut |outputs, width| {
            if let graven::rt::sample::Flat::Reals(outputs) = outputs {
                for row in outputs.chunks_exact(width.max(1)) {
                    self.confident += u64::from(row.iter().copied().fold(f32::MIN, f32::max) > 0.5);
                    self.rows += 1;
                }
            }
        });
    }
}

/// Times epochs of `fit` with Adam in batches of `B`, each a run of its own; microseconds a batch. A `full` one scores
/// a tenth as many validation rows, measures a metric on both parts, and shows progress.
///
/// # Errors
/// Rows that `fit` refuses, or a loss that is not finite.
#[cfg(feature = "std")]
pub fn fit<N: Workload, const B: usize>(epochs: usize, full: bool) -> Result<Timing, Box<dyn std::error::Error>>
where
    Vec<N::Input>: graven::data::IntoRows<N::Input>,
    Vec<N::Target>: graven::data::IntoRows<N::Target>,
{
    let mut model = model::<N>();
    let rows = FIT_BATCHES * B;
    let data = graven::Dataset::new(N::Input::examples(rows), N::Target::examples(rows))?;
    let validation = graven::Dataset::new(N::Input::examples(rows / 10), N::Target::examples(rows / 10))?;
    let mut times = Vec::new();
    for _ in 0..=epochs.max(1) {
        let start = std::time::Instant::now();
        let fit = graven::Fit::<N, Adam, B>::new(&mut model, &data).optimizer(Adam::new(1e-3)).progress(full);
        match full {
            true => fit.validation(&validation).metric(Confident::default()).run()?,
            false => fit.run()?,
        };
        times.push(start.elapsed().as_secs_f64() / FIT_BATCHES as f64 * 1e6);
    }
    let first_call = times.remove(0);
    times.sort_unstable_by(f64::total_cmp);
    let median = times[times.len() / 2];
    Ok(Timing { min: times[0], median, cpu_min: None, reps: FIT_BATCHES * times.len(), first_call })
}
