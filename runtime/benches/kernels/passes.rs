//! The contractions of a dense layer, each with the epilogue that training and inference give it.

use fearless_simd::{Simd, prelude::*};
use graven_runtime::{Epilogue, Vector, dense, dense_input_gradient, dense_weight_gradient, load, math, splat, store};

/// Inputs and outputs of a layer of shape `[K, N]`.
pub struct Layer<const K: usize, const N: usize> {
    rows: usize,
    x: Vec<f32>,
    w: Vec<f32>,
    bias: Vec<f32>,
    y: Vec<f32>,
    activation: Vec<f32>,
    scratch: Vec<f32>,
}

/// Adds the bias and cuts off below zero.
struct Activate<'a> {
    bias: &'a [f32],
    y: &'a mut [f32],
    columns: usize,
}

impl<S: Simd> Epilogue<S> for Activate<'_> {
    #[inline(always)]
    fn store(&mut self, simd: S, row: usize, column: usize, lanes: usize, value: Vector<S>) {
        let value = value + load(simd, self.bias, column, lanes);
        store(self.y, row * self.columns + column, lanes, math::max(simd, value, splat(simd, 0.0)));
    }
}

/// Lets the gradient pass where the activation was positive.
struct Slope<'a> {
    activation: &'a [f32],
    gradient: &'a mut [f32],
    columns: usize,
}

impl<S: Simd> Epilogue<S> for Slope<'_> {
    #[inline(always)]
    fn store(&mut self, simd: S, row: usize, column: usize, lanes: usize, value: Vector<S>) {
        let at = row * self.columns + column;
        let zero = splat(simd, 0.0);
        let passes = load(simd, self.activation, at, lanes).simd_gt(zero);
        store(self.gradient, at, lanes, passes.select(value, zero));
    }
}

struct Plain<'a>(&'a mut [f32]);

impl<S: Simd> Epilogue<S> for Plain<'_> {
    #[inline(always)]
    fn store(&mut self, _simd: S, _row: usize, column: usize, lanes: usize, value: Vector<S>) {
        store(self.0, column, lanes, value);
    }
}

impl<const K: usize, const N: usize> Layer<K, N> {
    pub fn new(rows: usize) -> Self {
        let numbers = |count: usize| (0..count + 32).map(|i| (i % 17) as f32 * 0.1 - 0.8).collect::<Vec<f32>>();
        let size = rows * K.max(N);
        let [x, y, activation] = [size, size, rows * K].map(numbers);
        Self { rows, x, w: numbers(K * N), bias: numbers(N), y, activation, scratch: vec![0.0; rows * N.max(32)] }
    }

    pub fn weights(&self) -> &[f32] {
        &self.w
    }

    pub fn forward<S: Simd>(&mut self, simd: S) {
        let mut epilogue = Activate { bias: &self.bias, y: &mut self.y, columns: N };
        dense::<S, _, K, N>(simd, &self.x, &self.w, self.rows, &mut epilogue);
    }

    pub fn input_gradient<S: Simd>(&mut self, simd: S) {
        let mut epilogue = Slope { activation: &self.activation, gradient: &mut self.y, columns: K };
        dense_input_gradient::<S, _, K, N>(simd, &self.x, &self.w, self.rows, &mut self.scratch, &mut epilogue);
    }

    pub fn weight_gradient<S: Simd>(&mut self, simd: S) {
        let mut epilogue = Plain(&mut self.w);
        dense_weight_gradient::<S, _, K, N>(simd, &self.x, &self.y, self.rows, &mut self.scratch, &mut epilogue);
    }
}
