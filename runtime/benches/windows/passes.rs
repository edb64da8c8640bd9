//! The kernels of a layer of windows, each with the epilogue that training and inference give it.

use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use fearless_simd::{Simd, prelude::*};
use graven_runtime::{
    Epilogue, Vector, Window, Windowed, convolution, convolution_input_gradient, convolution_weight_gradient,
    depthwise, depthwise_input_gradient, depthwise_weight_gradient, load, math, max_pool, max_pool_gradient, splat,
    store, sum_pool, sum_pool_gradient,
};

/// Floats that begin at a line of the cache, as a model's memory does.
struct Aligned {
    memory: Vec<f32>,
    first: usize,
    count: usize,
}

impl Aligned {
    fn new(count: usize) -> Self {
        let memory: Vec<f32> = (0..count + 48).map(|i| (i % 17) as f32 * 0.1 - 0.8).collect();
        let first = memory.as_ptr().align_offset(64).min(16);
        Self { memory, first, count }
    }
}

impl Deref for Aligned {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.memory[self.first..self.first + self.count]
    }
}

impl DerefMut for Aligned {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.memory[self.first..self.first + self.count]
    }
}

/// Inputs and outputs of a layer.
pub struct Layer<W> {
    rows: usize,
    x: Aligned,
    w: Aligned,
    bias: Aligned,
    y: Aligned,
    dy: Aligned,
    dx: Aligned,
    scratch: Aligned,
    window: PhantomData<W>,
}

/// Adds the bias and cuts off below zero.
struct Activate<'a, W> {
    bias: &'a [f32],
    y: &'a mut [f32],
    window: PhantomData<W>,
}

impl<S: Simd, W: Windowed> Epilogue<S> for Activate<'_, W> {
    #[inline(always)]
    fn store(&mut self, simd: S, row: usize, column: usize, lanes: usize, value: Vector<S>) {
        let Window { filters, output, .. } = const { W::WINDOW };
        let value = value + load(simd, self.bias, column % filters, lanes);
        store(self.y, row * output[1] * filters + column, lanes, math::max(simd, value, splat(simd, 0.0)));
    }
}

/// Lets the gradient pass where the activation was positive.
struct Slope<'a, W> {
    activation: &'a [f32],
    gradient: &'a mut [f32],
    window: PhantomData<W>,
}

impl<S: Simd, W: Windowed> Epilogue<S> for Slope<'_, W> {
    #[inline(always)]
    fn store(&mut self, simd: S, row: usize, column: usize, lanes: usize, value: Vector<S>) {
        let at = row * const { W::WINDOW.size[1] * W::WINDOW.channels } + column;
        let zero = splat(simd, 0.0);
        let passes = load(simd, self.activation, at, lanes).simd_gt(zero);
        store(self.gradient, at, lanes, passes.select(value, zero));
    }
}

struct Plain<'a>(&'a mut [f32], usize);

impl<S: Simd> Epilogue<S> for Plain<'_> {
    #[inline(always)]
    fn store(&mut self, _simd: S, row: usize, column: usize, lanes: usize, value: Vector<S>) {
        store(self.0, row * self.1 + column, lanes, value);
    }
}

impl<W: Windowed> Layer<W> {
    pub fn new(rows: usize) -> Self {
        let window = W::WINDOW;
        let results = rows * window.output[0] * window.output[1] * window.filters;
        let x = Aligned::new(rows * window.height * window.width * window.channels);
        let weights = window.kernel[0] * window.kernel[1] * window.channels / window.groups * window.filters;
        let [w, bias, y, dy] = [weights, window.filters, results, results].map(Aligned::new);
        let dx = Aligned::new(rows * window.size[0] * window.size[1] * window.channels);
        let scratch = window
            .input_gradient_scratch()
            .max(window.weight_gradient_scratch())
            .max(window.depthwise_scratch())
            .max(window.depthwise_input_gradient_scratch())
            .max(window.depthwise_weight_gradient_scratch())
            .max(window.max_pool_gradient_scratch());
        Self { rows, x, w, bias, y, dy, dx, scratch: Aligned::new(scratch), window: PhantomData }
    }

    pub fn input(&self) -> &[f32] {
        &self.x
    }

    const fn window() -> Window {
        W::WINDOW
    }

    fn activate(&mut self) -> (&[f32], &[f32], &mut [f32], Activate<'_, W>) {
        (&self.x, &self.w, &mut self.scratch, Activate { bias: &self.bias, y: &mut self.y, window: PhantomData })
    }

    fn slope(&mut self) -> (&[f32], &[f32], &mut [f32], Slope<'_, W>) {
        let slope = Slope { activation: &self.x, gradient: &mut self.dx, window: PhantomData };
        (&self.dy, &self.w, &mut self.scratch, slope)
    }

    pub fn convolution<S: Simd>(&mut self, simd: S) {
        let rows = self.rows;
        let (x, w, _, mut epilogue) = self.activate();
        convolution::<S, _, W>(simd, x, w, rows, &mut epilogue);
    }

    pub fn convolution_input_gradient<S: Simd>(&mut self, simd: S) {
        let rows = self.rows;
        let (dy, w, scratch, mut epilogue) = self.slope();
        convolution_input_gradient::<S, _, W>(simd, dy, w, rows, scratch, &mut epilogue);
    }

    pub fn convolution_weight_gradient<S: Simd>(&mut self, simd: S) {
        let mut epilogue = Plain(&mut self.w, 0);
        convolution_weight_gradient::<S, _, W>(simd, &self.x, &self.dy, self.rows, &mut self.scratch, &mut epilogue);
    }

    pub fn depthwise<S: Simd>(&mut self, simd: S) {
        let rows = self.rows;
        let (x, w, scratch, mut epilogue) = self.activate();
        depthwise::<S, _, W>(simd, x, w, rows, scratch, &mut epilogue);
    }

    pub fn depthwise_input_gradient<S: Simd>(&mut self, simd: S) {
        let rows = self.rows;
        let (dy, w, scratch, mut epilogue) = self.slope();
        depthwise_input_gradient::<S, _, W>(simd, dy, w, rows, scratch, &mut epilogue);
    }

    pub fn depthwise_weight_gradient<S: Simd>(&mut self, simd: S) {
        let mut epilogue = Plain(&mut self.w, 0);
        depthwise_weight_gradient::<S, _, W>(simd, &self.x, &self.dy, self.rows, &mut self.scratch, &mut epilogue);
    }

    pub fn max_pool<S: Simd>(&mut self, simd: S) {
        let columns = Self::window().output[1] * Self::window().filters;
        max_pool::<S, _, W>(simd, &self.x, self.rows, &mut Plain(&mut self.y, columns));
    }

    pub fn max_pool_gradient<S: Simd>(&mut self, simd: S) {
        let columns = Self::window().size[1] * Self::window().channels;
        let mut epilogue = Plain(&mut self.dx, columns);
        max_pool_gradient::<S, _, W>(simd, &self.x, &self.dy, self.rows, &mut self.scratch, &mut epilogue);
    }

    pub fn sum_pool<S: Simd>(&mut self, simd: S) {
        let columns = Self::window().output[1] * Self::window().filters;
        sum_pool::<S, _, W>(simd, &self.x, self.rows, &mut Plain(&mut self.y, columns));
    }

    pub fn sum_pool_gradient<S: Simd>(&mut self, simd: S) {
        let columns = Self::window().size[1] * Self::window().channels;
        sum_pool_gradient::<S, _, W>(simd, &self.dy, self.rows, &mut Plain(&mut self.dx, columns));
    }
}
