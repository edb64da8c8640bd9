//! Every optimizer over ten steps against its textbook formula in f64, at every level.

mod common;
#[path = "common/network.rs"]
mod network;

use common::{assert_close, at_every_level, numbers};
use graven_runtime::optimizer::{
    Accumulate, Adadelta, Adagrad, Adam, AdamW, ClipValue, GlobalNorm, Groups, Lamb, Lion, Moments, Nadam, Optimizer,
    RmsProp, Sgd,
};
use graven_runtime::plain::Zeroable;
use graven_runtime::{Run, Simd, Sink, Step};
use network::{Model, PARAMETERS, SLOTS};

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
                let (state, parameters) = (&mut state, parameters.as_mut_slice());
                let mut sink = Step::<O, Model> { optimizer: &optimizer, state, parameters };
                for block in [20..36, 0..20, 36..37] {
                    sink.gradient(simd, block.start, &shares[block]);
                }
            }
            optimizer.finish::<Model, S>(simd, &mut state, &mut parameters);
        }
        parameters.to_vec()
    }
}

/// Ten steps on whole gradients, and again with each step in two parts whose moments are cut before; nothing for an
/// optimizer that has no parts.
#[derive(Clone)]
struct Apart<O> {
    optimizer: O,
}

impl<O: Optimizer> Run for Apart<O> {
    type Output = Option<[Vec<u32>; 2]>;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> Self::Output {
        let Self { optimizer } = self;
        let runs = [PARAMETERS, 16].map(|middle| {
            let mut state = O::State::<Model>::ZEROED;
            let mut parameters = start();
            for step in 0..STEPS {
                optimizer.begin::<Model>(&mut state);
                let Moments { numbers, slices } = O::moments::<Model>(&mut state).unwrap();
                let [first, second, third] = slices.map(|slice| slice.split_at_mut(middle.min(slice.len())));
                let (gradient, all) = (gradient(step), &mut parameters);
                let (low, high) = all.split_at_mut(middle);
                let moments = Moments { numbers: &mut *numbers, slices: [first.0, second.0, third.0] };
                optimizer.apply::<Model, S>(simd, moments, 0, &gradient[..middle], low);
                let moments = Moments { numbers, slices: [first.1, second.1, third.1] };
                optimizer.apply::<Model, S>(simd, moments, middle, &gradient[middle..], high);
            }
            parameters.iter().map(|value| value.to_bits()).collect()
        });
        O::PARTS.then_some(runs)
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
    let optimizers = Apart { optimizer };
    for (level, parts) in at_every_level(optimizers) {
        if let Some([together, apart]) = parts {
            assert_eq!(together, apart, "{name} at {level}: parts of a step are the whole step");
        }
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

/// Keras 3, `keras.optimizers.RMSprop`.
fn rms_prop(it: RmsProp) -> impl FnMut(i32, &[f64], &mut [f64]) {
    let [learning_rate, rho, momentum, epsilon, l2] =
        [it.learning_rate, it.rho, it.momentum, it.epsilon, it.l2].map(f64::from);
    let [mut square, mut mean, mut velocity] = [[0.0; PARAMETERS]; 3];
    move |_, gradient, parameters| {
        for at in 0..PARAMETERS {
            let g = gradient[at] + 2.0 * l2 * parameters[at];
            square[at] = rho * square[at] + (1.0 - rho) * g * g;
            mean[at] = rho * mean[at] + (1.0 - rho) * g;
            let variance = square[at] - if it.centered { mean[at] * mean[at] } else { 0.0 };
            velocity[at] = momentum * velocity[at] + learning_rate * g / (variance + epsilon).sqrt();
            parameters[at] -= velocity[at];
        }
    }
}

/// Keras 3, `keras.optimizers.Adagrad`.
fn adagrad(it: Adagrad) -> impl FnMut(i32, &[f64], &mut [f64]) {
    let [learning_rate, initial, epsilon, l2] =
        [it.learning_rate, it.initial_accumulator_value, it.epsilon, it.l2].map(f64::from);
    let mut sum = [initial; PARAMETERS];
    move |_, gradient, parameters| {
        for at in 0..PARAMETERS {
            let g = gradient[at] + 2.0 * l2 * parameters[at];
            sum[at] += g * g;
            parameters[at] -= learning_rate * g / (sum[at] + epsilon).sqrt();
        }
    }
}

/// Keras 3, `keras.optimizers.Adadelta`.
fn adadelta(it: Adadelta) -> impl FnMut(i32, &[f64], &mut [f64]) {
    let [learning_rate, rho, epsilon, l2] = [it.learning_rate, it.rho, it.epsilon, it.l2].map(f64::from);
    let [mut squares, mut steps] = [[0.0; PARAMETERS]; 2];
    move |_, gradient, parameters| {
        for at in 0..PARAMETERS {
            let g = gradient[at] + 2.0 * l2 * parameters[at];
            squares[at] = rho * squares[at] + (1.0 - rho) * g * g;
            let step = (steps[at] + epsilon).sqrt() / (squares[at] + epsilon).sqrt() * g;
            steps[at] = rho * steps[at] + (1.0 - rho) * step * step;
            parameters[at] -= learning_rate * step;
        }
    }
}

/// Keras 3, `keras.optimizers.Nadam`.
fn nadam(it: Nadam) -> impl FnMut(i32, &[f64], &mut [f64]) {
    let [learning_rate, beta_1, beta_2, epsilon, l2] =
        [it.learning_rate, it.beta_1, it.beta_2, it.epsilon, it.l2].map(f64::from);
    let [mut mean, mut square] = [[0.0; PARAMETERS]; 2];
    let mut product = 1.0;
    move |step, gradient, parameters| {
        let momentum = |step: i32| beta_1 * (1.0 - 0.5 * 0.96f64.powi(step));
        let (now, next) = (momentum(step), momentum(step + 1));
        product *= now;
        for at in 0..PARAMETERS {
            let g = gradient[at] + 2.0 * l2 * parameters[at];
            mean[at] = beta_1 * mean[at] + (1.0 - beta_1) * g;
            square[at] = beta_2 * square[at] + (1.0 - beta_2) * g * g;
            let ahead = next * mean[at] / (1.0 - product * next) + (1.0 - now) * g / (1.0 - product);
            let square = square[at] / (1.0 - beta_2.powi(step));
            parameters[at] -= learning_rate * ahead / (square.sqrt() + epsilon);
        }
    }
}

/// Chen and others, algorithm 2.
fn lion(it: Lion) -> impl FnMut(i32, &[f64], &mut [f64]) {
    let [learning_rate, beta_1, beta_2, decay] =
        [it.learning_rate, it.beta_1, it.beta_2, it.weight_decay].map(f64::from);
    let mut mean = [0.0; PARAMETERS];
    move |_, gradient, parameters| {
        for at in 0..PARAMETERS {
            let direction = (beta_1 * mean[at] + (1.0 - beta_1) * gradient[at]).signum();
            parameters[at] -= learning_rate * (direction + decay * parameters[at]);
            mean[at] = beta_2 * mean[at] + (1.0 - beta_2) * gradient[at];
        }
    }
}

/// You and others, algorithm 2.
fn lamb(it: Lamb) -> impl FnMut(i32, &[f64], &mut [f64]) {
    let [learning_rate, beta_1, beta_2, epsilon, decay] =
        [it.learning_rate, it.beta_1, it.beta_2, it.epsilon, it.weight_decay].map(f64::from);
    let [mut mean, mut square] = [[0.0; PARAMETERS]; 2];
    move |step, gradient, parameters| {
        let mut ratio = [0.0; PARAMETERS];
        for at in 0..PARAMETERS {
            mean[at] = beta_1 * mean[at] + (1.0 - beta_1) * gradient[at];
            square[at] = beta_2 * square[at] + (1.0 - beta_2) * gradient[at] * gradient[at];
            let corrected = square[at] / (1.0 - beta_2.powi(step));
            ratio[at] = mean[at] / (1.0 - beta_1.powi(step)) / (corrected.sqrt() + epsilon) + decay * parameters[at];
        }
        for slot in SLOTS {
            let norm = |values: &[f64]| values.iter().map(|value| value * value).sum::<f64>().sqrt();
            let range = slot.offset..slot.offset + slot.info.len();
            let trust = norm(&parameters[range.clone()]) / norm(&ratio[range.clone()]);
            range.for_each(|at| parameters[at] -= learning_rate * trust * ratio[at]);
        }
    }
}

/// The inner formula with the gradient of the first tensor in memory times a factor, which is what a factor of the
/// learning rate is to plain gradient descent.
fn grouped(factors: [f64; 2], mut inner: impl FnMut(i32, &[f64], &mut [f64])) -> impl FnMut(i32, &[f64], &mut [f64]) {
    move |step, gradient, parameters| {
        let factor = |at| factors[usize::from(at >= 19)];
        let gradient: Vec<f64> = gradient.iter().enumerate().map(|(at, g)| g * factor(at)).collect();
        inner(step, &gradient, parameters);
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
fn adaptive_rates() {
    check("rmsprop", RmsProp::new(0.01), 1, rms_prop(RmsProp::new(0.01)));
    let all = RmsProp { momentum: 0.7, centered: true, epsilon: 1e-3, l2: 0.05, ..RmsProp::new(0.01) };
    check("rmsprop with all", all, 1, rms_prop(all));
    let other = Adagrad { initial_accumulator_value: 0.5, l2: 0.1, ..Adagrad::new(0.1) };
    check("adagrad", other, 1, adagrad(other));
    let other = Adadelta { epsilon: 1e-2, l2: 0.1, ..Adadelta::new(1.0) };
    check("adadelta", other, 1, adadelta(other));
    let other = Nadam { beta_1: 0.8, beta_2: 0.99, l2: 0.1, ..Nadam::new(0.05) };
    check("nadam", other, 1, nadam(other));
    let other = Lion { beta_2: 0.95, weight_decay: 0.2, ..Lion::new(0.02) };
    check("lion", other, 1, lion(other));
}

#[test]
fn lamb_scales_each_tensor() {
    let other = Lamb { weight_decay: 0.3, ..Lamb::new(0.05) };
    check("lamb", other, 1, lamb(other));
    check("lamb over micro-batches", other, 4, lamb(other));
    let bounded = GlobalNorm::new(other, 0.5);
    check("lamb on a bounded norm", bounded, 1, scaled(0.5, lamb(other)));
}

#[test]
fn groups_have_rates_of_their_own() {
    let sgd_of = |factors| grouped(factors, sgd(0.1, 0.9, false, 0.0));
    let momentum = Sgd { momentum: 0.9, ..Sgd::new(0.1) };
    check("a factor each", Groups::new(momentum, [("body.*", 0.5), ("head.*", 2.0)]), 1, sgd_of([0.5, 2.0]));
    check("the last pattern", Groups::new(momentum, [("*", 0.5), ("head.weight", 2.0)]), 1, sgd_of([0.5, 2.0]));
    check("frozen", Groups::new(momentum, vec![(String::from("body.*"), 0.0)]), 1, sgd_of([0.0, 1.0]));
    let bounded = GlobalNorm::new(Groups::new(momentum, [("body*", 0.0)]), 0.5);
    check("inside a norm", bounded, 4, scaled(0.5, sgd_of([0.0, 1.0])));
    let clipped_groups = ClipValue::new(Groups::new(momentum, [("body*", 0.5)]), 0.3);
    check("inside clipping", clipped_groups, 1, clipped(0.3, sgd_of([0.5, 1.0])));
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
    const { assert!(Lamb::OWNS_GRADIENT && !Lamb::PARTS && !GlobalNorm::<Sgd>::PARTS && ClipValue::<Sgd>::PARTS) };
    const { assert!(!Adam::OWNS_GRADIENT && !ClipValue::<GlobalNorm<Sgd>>::OWNS_GRADIENT) };
}

#[test]
fn learning_rates_reach_the_inner_optimizer() {
    let mut optimizer = Accumulate::new(GlobalNorm::new(ClipValue::new(Sgd::new(0.5), 1.0), 1.0));
    optimizer.set_learning_rate(0.25);
    assert_eq!((optimizer.learning_rate(), optimizer.inner.inner.inner.learning_rate), (0.25, 0.25));
}
