//! One call of everything emitted code may call.

use core::hint::black_box;

use graven_runtime::network::{Network, Trainable};
use graven_runtime::optimizer::{
    Accumulate, Adadelta, Adagrad, Adam, AdamW, ClipValue, GlobalNorm, Groups, Lamb, Lion, Nadam, Optimizer, RmsProp,
    Sgd,
};
use graven_runtime::plain::Zeroable;
use graven_runtime::random::{normal, uniform};
use graven_runtime::*;

use crate::network::{PARAMETERS, Parameters};

const SIZE: usize = 100_000;
static mut MEMORY: [[f32; SIZE]; 3] = [[0.0; SIZE]; 3];

pub fn all() {
    // SAFETY: called once, by the only thread.
    let [a, b, c] = unsafe { &mut *(&raw mut MEMORY) };
    dispatch(Kernels { a: black_box(a), b: black_box(b), c: black_box(c) });
    let mut parameters = Parameters::ZEROED;
    let parameters = black_box(&mut parameters);
    parameters.init(black_box(7));
    let _ = black_box(parameters.set_tensor(black_box("dense.weight"), black_box(b.as_slice())));
    let _ = black_box(parameters.tensor(black_box("dense.weight"), black_box(c.as_mut_slice())));
    step(Sgd::default(), parameters);
    step(Adam::default(), parameters);
    step(AdamW::default(), parameters);
    step(RmsProp::default(), parameters);
    step(RmsProp { centered: true, momentum: 0.5, ..RmsProp::default() }, parameters);
    step(Adagrad::default(), parameters);
    step(Adadelta::default(), parameters);
    step(Nadam::default(), parameters);
    step(Lion::default(), parameters);
    step(Lamb::default(), parameters);
    step(ClipValue::new(Groups::new(Adam::default(), [("*.bias", 0.0), ("dense?*", 0.5)]), 1.0), parameters);
    step(ClipValue::new(Sgd::default(), 1.0), parameters);
    step(GlobalNorm::new(AdamW::default(), 1.0), parameters);
    step(Accumulate::new(ClipValue::new(Adam::default(), 1.0)), parameters);
}

struct Kernels<'a> {
    a: &'a mut [f32],
    b: &'a mut [f32],
    c: &'a mut [f32],
}

/// Stores results after a few functions of `math`.
struct Store<'a>(&'a mut [f32]);

impl<S: Simd> Epilogue<S> for Store<'_> {
    #[inline(always)]
    fn store(&mut self, simd: S, row: usize, column: usize, lanes: usize, value: Vector<S>) {
        store(self.0, row * 100 + column, lanes, math::tanh(simd, value));
    }
}

impl Run for Kernels<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { a, b, c } = self;
        for rows in [1, 32, black_box(7)] {
            let (scratch, c) = c.split_at_mut_checked(black_box(3200)).unwrap_or_default();
            dense::<_, _, 64, 100>(simd, a, b, rows, &mut Store(c));
            dense_input_gradient::<_, _, 33, 100>(simd, a, b, rows, scratch, &mut Store(c));
            dense_weight_gradient::<_, _, 64, 256>(simd, a, b, rows, scratch, &mut Store(c));
        }
        windows(simd, a, b, c);
        let form = Matmul { batch: 3, m: 5, k: 17, n: 33, a_transposed: false, b_transposed: false };
        matmul(simd, black_box(form), a, b, &mut Store(c));
        rows(simd, a, c);
        let axes = [Axis { length: 3, from: -1, to: 4 }, Axis { length: 4, from: 1, to: 1 }];
        copy(a, black_box(9), c, black_box(3), black_box(axes));
        let mut cut = Cut::new(c);
        fill(cut.take(black_box(3), black_box(50)), 1.0);
        reals_from_indices(black_box(&[1, 2, 3]), cut.take(black_box(90), 10));
        Collect { parameters: c, gradient: a }.gradient(simd, black_box(3), b);
        Collect { parameters: c, gradient: a }.assign(black_box(3), b);
        let share = Share { gradient: a, statistics: c, add: black_box(true) };
        let mut sharing = Sharing { parameters: b, share };
        sharing.gradient(simd, black_box(3), b);
        sharing.assign(black_box(3), b);
    }
}

/// A window of `KERNEL` taps a side over images of nine by nine pixels with a border.
struct Square<
    const KERNEL: usize,
    const STRIDE: usize,
    const CHANNELS: usize,
    const FILTERS: usize,
    const GROUPS: usize,
>;

impl<const KERNEL: usize, const STRIDE: usize, const CHANNELS: usize, const FILTERS: usize, const GROUPS: usize>
    Windowed for Square<KERNEL, STRIDE, CHANNELS, FILTERS, GROUPS>
{
    const WINDOW: Window = Window {
        height: 9 + KERNEL - 1,
        width: 9 + KERNEL - 1,
        channels: CHANNELS,
        size: [9; 2],
        padding: [(KERNEL - 1) / 2; 2],
        kernel: [KERNEL; 2],
        stride: [STRIDE; 2],
        dilation: [1; 2],
        output: [8 / STRIDE + 1; 2],
        filters: FILTERS,
        groups: GROUPS,
    };
}

/// Every kernel of windows, in the shapes for which it has forms of its own.
fn windows<S: Simd>(simd: S, a: &[f32], b: &[f32], c: &mut [f32]) {
    convolutions::<S, Square<3, 1, 3, 16, 1>>(simd, a, b, c);
    convolutions::<S, Square<3, 1, 32, 32, 1>>(simd, a, b, c);
    convolutions::<S, Square<5, 2, 7, 33, 1>>(simd, a, b, c);
    convolutions::<S, Square<3, 1, 12, 40, 2>>(simd, a, b, c);
    depthwises::<S, Square<3, 1, 16, 16, 16>>(simd, a, b, c);
    depthwises::<S, Square<5, 2, 10, 20, 10>>(simd, a, b, c);
    pools::<S, Square<2, 2, 20, 20, 1>>(simd, a, b, c);
    pools::<S, Square<3, 2, 16, 16, 1>>(simd, a, b, c);
}

fn convolutions<S: Simd, W: Windowed>(simd: S, a: &[f32], b: &[f32], c: &mut [f32]) {
    let (scratch, c) = c.split_at_mut_checked(black_box(50_000)).unwrap_or_default();
    let rows = black_box(2);
    convolution::<_, _, W>(simd, a, b, rows, &mut Store(c));
    convolution_input_gradient::<_, _, W>(simd, a, b, rows, scratch, &mut Store(c));
    convolution_weight_gradient::<_, _, W>(simd, a, b, rows, scratch, &mut Store(c));
}

fn depthwises<S: Simd, W: Windowed>(simd: S, a: &[f32], b: &[f32], c: &mut [f32]) {
    let (scratch, c) = c.split_at_mut_checked(black_box(50_000)).unwrap_or_default();
    let rows = black_box(2);
    depthwise::<_, _, W>(simd, a, b, rows, scratch, &mut Store(c));
    depthwise_input_gradient::<_, _, W>(simd, a, b, rows, scratch, &mut Store(c));
    depthwise_weight_gradient::<_, _, W>(simd, a, b, rows, scratch, &mut Store(c));
}

fn pools<S: Simd, W: Windowed>(simd: S, a: &[f32], b: &[f32], c: &mut [f32]) {
    let (scratch, c) = c.split_at_mut_checked(black_box(50_000)).unwrap_or_default();
    let rows = black_box(2);
    max_pool::<_, _, W>(simd, a, rows, &mut Store(c));
    max_pool_gradient::<_, _, W>(simd, a, b, rows, scratch, &mut Store(c));
    max_pool_at::<_, _, W>(simd, a, b, rows, &mut Store(c));
    sum_pool::<_, _, W>(simd, a, rows, &mut Store(c));
    sum_pool_gradient::<_, _, W>(simd, a, rows, &mut Store(c));
}

#[inline(always)]
fn rows<S: Simd>(simd: S, from: &[f32], to: &mut [f32]) {
    let batch = black_box(Batch { rows: 1, first_row: 0, inverse_total: 1.0, seed: 7, step: 3 });
    let Some(output) = row_mut::<100>(to, black_box(40)) else { return };
    let input = row::<100>(from, black_box(70));
    let folds = stage(
        simd,
        [input],
        [output],
        [Fold::Sum, Fold::Max, Fold::Min],
        #[inline(always)]
        |column, [x], [old]| {
            let noise = uniform(simd, &batch, 1, 2, column) + normal(simd, &batch, 2, 2, column);
            let y = every_function(simd, x + noise) + old;
            ([y], [x, y, noise])
        },
    );
    put(to, black_box(3), folds[0] + folds[1] + folds[2]);
    black_box(get(to, black_box(5)));
}

#[inline(always)]
fn every_function<S: Simd>(simd: S, x: Vector<S>) -> Vector<S> {
    let a = math::exp(simd, x) + math::log(simd, x) + math::log1p(simd, x) + math::sin(simd, x) + math::cos(simd, x);
    let b = math::sigmoid(simd, x) + math::erf(simd, x) + math::sqrt(simd, x) + math::rsqrt(simd, x);
    let c = math::abs(simd, x) + math::neg(simd, x) + math::sign(simd, x) + math::floor(simd, x);
    let d = math::reciprocal(simd, x) + math::pow(simd, a, b);
    math::max(simd, math::min(simd, a, b), c + d)
}

struct Update<'a, O: Optimizer> {
    optimizer: &'a O,
    state: &'a mut O::State<Parameters>,
    parameters: &'a mut Parameters,
    gradient: &'a [f32],
}

impl<O: Optimizer> Run for Update<'_, O> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { optimizer, state, parameters, gradient } = self;
        optimizer.begin::<Parameters>(state);
        Step { optimizer, state, parameters: parameters.parameters_mut() }.gradient(simd, black_box(3), gradient);
        optimizer.finish::<Parameters, S>(simd, state, parameters.parameters_mut());
        if let Some(moments) = O::moments::<Parameters>(state) {
            let parameters = parameters.parameters_mut();
            optimizer.apply::<Parameters, S>(simd, moments.from(black_box(9)), black_box(9), gradient, parameters);
        }
    }
}

fn step<O: Optimizer>(optimizer: O, parameters: &mut Parameters) {
    let mut state = O::State::<Parameters>::ZEROED;
    let state = black_box(&mut state);
    let gradient = black_box([0.1; PARAMETERS]);
    dispatch(Update { optimizer: black_box(&optimizer), state, parameters, gradient: black_box(&gradient) });
}
