//! Every optimizer over ten steps against its textbook formula in f64, at every level.

mod common;
#[path = "common/network.rs"]
mod network;

use common::{assert_close, at_every_level, numbers};
use graven_runtime::optimizer::{Accumulate, Adam, AdamW, ClipValue, GlobalNorm, Optimizer, Sgd};
use graven_runtime::plain::Zeroable;
use graven_runtime::{Run, Simd, Sink, Step};
use network::{Model, PARAMETERS};

const STEPS: usize = 10;

fn gradient(step: usize) -> [f32; PARAMETERS] {
    numbers(100 + step as u64, PARAMETERS).try_into().unwrap()
}

fn start() -> [f32; PARAMETERS] {
    numbers(99, PARAMETERS).try_into().unwrap()
}

/// Ten steps; each gradient arrives in blocks of 16, 20 and 1, and in as many equal shares as there are micro-batches.
#[derive(Clone)]
struct Train<O> {
    optimizer: O,
    micro_batches: usize,
}

impl<O: Optimizer> Run for Train<O> {
    type Output = Vec<f32>;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> Vec<f32> {
        let Self { optimizer, micro_batches } = self;
        let mut state = O::State::<Model>::ZEROED;
        let mut parameters = start();
        for step in 0..STEPS {
            let shares = gradient(step).map(|value| value / micro_batches as f32);
            optimizer.begin::<Model>(&mut state);
            for _ in 0..micro_batches {
                let mut sink = Step::<O, Model> { optimizer: &optimizer, state: &mut state };
                for block in [20..36, 0..20, 36..37] {
                    sink.gradient(simd, block.start, &shares[block.clone()], &mut parameters[block]);
                }
            }
            optimizer.finish::<Model, S>(simd, &mut state, &mut parameters);
        }
        parameters.to_vec()
    }
}

/// `formula` turns the gradient of a step (counted from one) and the parameters into new parameters.
fn check(
    name: &str,
    optimizer: impl Optimizer,
    micro_batches: usize,
    mut formula: impl FnMut(i32, &[f64], &mut [f64]),
) {
    let mut expected = start().map(f64::from);
    for step in 0..STEPS {
        formula(step as i32 + 1, &gradient(step).map(f64::from), &mut expected);
    }
    for (level, found) in at_every_level(Train { optimizer: optimizer.clone(), micro_batches }) {
        assert_close(&format!("{name} at {level}"), &found, &expected, 1e-6);
    }
}

/// Keras 3, `keras.optimizers.SGD`.
fn sgd(learning_rate: f64, momentum: f64, nesterov: bool, l2: f64) -> impl FnMut(i32, &[f64], &mut [f64]) {
    let mut velocity = [0.0; PARAMETERS];
    move |_, gradient, parameters| {
        for ((v, g), w) in velocity.iter_mut().zip(gradient).zip(parameters) {
            let g = g + 2.0 * l2 * *w;
            *v = momentum * *v - learning_rate * g;
            *w += if nesterov { momentum * *v - learning_rate * g } else { *v };
        }
    }
}

/// Keras 3, `keras.optimizers.Adam`; with decay `AdamW`.
fn adam(adam: Adam, decay: f64) -> impl FnMut(i32, &[f64], &mut [f64]) {
    let [learning_rate, beta_1, beta_2, epsilon, l2] =
        [adam.learning_rate, adam.beta_1, adam.beta_2, adam.epsilon, adam.l2].map(f64::from);
    let (mut mean, mut square) = ([0.0; PARAMETERS], [0.0; PARAMETERS]);
    move |step, gradient, parameters| {
        let corrections = [1.0 - beta_1.powi(step), 1.0 - beta_2.powi(step)];
        for (((m, v), g), w) in mean.iter_mut().zip(&mut square).zip(gradient).zip(parameters) {
            let g = g + 2.0 * l2 * *w;
            *m = beta_1 * *m + (1.0 - beta_1) * g;
            *v = beta_2 * *v + (1.0 - beta_2) * g * g;
            *w = *w * (1.0 - learning_rate * decay)
                - learning_rate * (*m / corrections[0]) / (f64::sqrt(*v / corrections[1]) + epsilon);
        }
    }
}

fn scaled(limit: f64, mut inner: impl FnMut(i32, &[f64], &mut [f64])) -> impl FnMut(i32, &[f64], &mut [f64]) {
    move |step, gradient, parameters| {
        let norm = gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
        let gradient: Vec<f64> = gradient.iter().map(|g| g * (limit / norm).min(1.0)).collect();
        inner(step, &gradient, parameters);
    }
}

fn clipped(limit: f64, mut inner: impl FnMut(i32, &[f64], &mut [f64])) -> impl FnMut(i32, &[f64], &mut [f64]) {
    move |step, gradient, parameters| {
        let gradient: Vec<f64> = gradient.iter().map(|g| g.clamp(-limit, limit)).collect();
        inner(step, &gradient, parameters);
    }
}

#[test]
fn gradient_descent() {
    check("sgd", Sgd::new(0.1), 1, sgd(0.1, 0.0, false, 0.0));
    let momentum = Sgd { momentum: 0.9, ..Sgd::default() };
    check("momentum", momentum, 1, sgd(0.01, 0.9, false, 0.0));
    let nesterov = Sgd { nesterov: true, l2: 0.05, ..momentum };
    check("nesterov", nesterov, 1, sgd(0.01, 0.9, true, 0.05));
}

#[test]
fn adam_and_adam_w() {
    check("adam", Adam::default(), 1, adam(Adam::default(), 0.0));
    let other = Adam { beta_2: 0.99, epsilon: 1e-2, l2: 0.1, ..Adam::new(0.05) };
    check("adam with l2", other, 1, adam(other, 0.0));
    check("adamw", AdamW::new(0.1), 1, adam(Adam::new(0.1), 0.004));
    let decayed = AdamW { weight_decay: 0.5, ..AdamW::new(0.1) };
    check("adamw decayed", decayed, 1, adam(Adam::new(0.1), 0.5));
}

#[test]
fn wrappers() {
    check("clip", ClipValue::new(Sgd::new(0.1), 0.3), 1, clipped(0.3, sgd(0.1, 0.0, false, 0.0)));
    let norm = GlobalNorm::new(Adam::new(0.1), 0.5);
    check("norm", norm, 1, scaled(0.5, adam(Adam::new(0.1), 0.0)));
    check("norm over micro-batches", norm, 4, scaled(0.5, adam(Adam::new(0.1), 0.0)));
    check("large norm", GlobalNorm::new(Sgd::new(0.1), 1e6), 1, sgd(0.1, 0.0, false, 0.0));
    let both = Accumulate::new(ClipValue::new(AdamW::new(0.1), 0.3));
    check("clip over micro-batches", both, 4, clipped(0.3, adam(Adam::new(0.1), 0.004)));
}

#[test]
fn only_optimizers_with_a_gradient_take_micro_batches() {
    const { assert!(GlobalNorm::<Sgd>::OWNS_GRADIENT && Accumulate::<Sgd>::OWNS_GRADIENT) };
    const { assert!(!Adam::OWNS_GRADIENT && !ClipValue::<GlobalNorm<Sgd>>::OWNS_GRADIENT) };
}

#[test]
fn learning_rates_reach_the_inner_optimizer() {
    let mut optimizer = Accumulate::new(GlobalNorm::new(ClipValue::new(Sgd::new(0.5), 1.0), 1.0));
    optimizer.set_learning_rate(0.25);
    assert_eq!((optimizer.learning_rate(), optimizer.inner.inner.inner.learning_rate), (0.25, 0.25));
}
