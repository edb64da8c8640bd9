//! The contractions of a dense layer, each with the epilogue that training and inference give it.

use std::ops::{Deref, DerefMut};

use fearless_simd::{Simd, prelude::*};
use graven_runtime::{Epilogue, Vector, dense, dense_input_gradient, dense_weight_gradient, load, math, splat, store};

/// Floats that begin at a line of the cache, as a model's memory does.
struct Aligned {
    memory: Vec<f32>,
    first: usize,
}

impl Aligned {
    fn new(count: usize) -> Self {
        let memory: Vec<f32> = (0..count + 48).map(|i| (i % 17) as f32 * 0.1 - 0.8).collect();
        let first = memory.as_ptr().align_offset(64).min(16);
        Self { memory, first }
    }
}

impl Deref for Aligned {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.memory[self.first..]
    }
}

impl DerefMut for Aligned {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.memory[self.first..]
    }
}

/// Inputs and outputs of a layer of shape `[K, N]`.
pub struct Layer<const K: usize, const N: usize> {
    rows: usize,
    x: Aligned,
    w: Aligned,
    bias: Aligned,
    y: Aligned,
    activation: Aligned,
    scratch: Aligned,
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
        let [x, y, activation] = [rows * K.max(N), rows * K.max(N), rows * K].map(Aligned::new);
        let [w, bias, scratch] = [K * N, N, rows * N.max(32)].map(Aligned::new);
        Self { rows, x, w, bias, y, activation, scratch }
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
