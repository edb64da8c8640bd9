//! What the tests of windows share: shapes, calls of kernels, products of a convolution.

#![allow(dead_code, reason = "every test file uses a part")]

use std::marker::PhantomData;

use graven_runtime::tensors::panel_place;
use graven_runtime::{Window, Windowed};

use crate::common::matrix::{Matrix, collect};

/// A window over images of `size` with a border of `padding` on all sides, and as much more at the ends as `more` says.
#[derive(Clone, Copy)]
pub struct Case {
    pub size: [usize; 2],
    pub channels: usize,
    pub filters: usize,
    pub kernel: [usize; 2],
    pub stride: [usize; 2],
    pub dilation: [usize; 2],
    pub padding: [usize; 2],
    pub groups: usize,
    pub more: usize,
}

pub const PLAIN: Case = Case {
    size: [5, 6],
    channels: 3,
    filters: 4,
    kernel: [3, 3],
    stride: [1, 1],
    dilation: [1, 1],
    padding: [1, 1],
    groups: 1,
    more: 0,
};

impl Case {
    pub const fn window(self) -> Window {
        let [height, width] =
            [self.size[0] + 2 * self.padding[0] + self.more, self.size[1] + 2 * self.padding[1] + self.more];
        let output = [
            (height - (self.kernel[0] - 1) * self.dilation[0] - 1) / self.stride[0] + 1,
            (width - (self.kernel[1] - 1) * self.dilation[1] - 1) / self.stride[1] + 1,
        ];
        Window {
            height,
            width,
            channels: self.channels,
            size: self.size,
            padding: self.padding,
            kernel: self.kernel,
            stride: self.stride,
            dilation: self.dilation,
            output,
            filters: self.filters,
            groups: self.groups,
        }
    }
}

/// What every call of a kernel needs: inputs and the number of images.
#[derive(Clone)]
pub struct Call<'a, W>(pub [&'a [f32]; 3], pub usize, pub PhantomData<W>);

/// A matrix of a row of pixels a row, with or without border, or of weights.
#[derive(Clone, Copy)]
pub enum Shape {
    Results,
    Images,
    Weights(usize),
}

impl<W: Windowed> Call<'_, W> {
    /// Runs a kernel with as much scratch memory as it needs.
    #[inline(always)]
    pub fn collect(&self, shape: Shape, scratch: usize, kernel: impl FnOnce(&mut [f32], &mut Matrix)) -> Vec<f32> {
        let window = W::WINDOW;
        let (rows, columns) = match shape {
            Shape::Results => (self.1 * window.output[0], window.output[1] * window.filters),
            Shape::Images => (self.1 * window.size[0], window.size[1] * window.channels),
            Shape::Weights(count) => (1, count),
        };
        collect(rows, columns, |out| kernel(&mut vec![f32::NAN; scratch], out))
    }
}

/// Names a kernel: the shape of its results, its scratch memory, and the call.
macro_rules! kernels {
    ($($name:ident: $shape:expr, $scratch:expr, |$simd:ident, $inputs:pat, $rows:ident, $memory:pat, $out:ident| $call:expr;)*) => {$(
        #[derive(Clone)]
        struct $name<'a, W>(Call<'a, W>);

        impl<W: Windowed + Clone> Run for $name<'_, W> {
            type Output = Vec<f32>;

            #[inline(always)]
            fn run<S: Simd>(self, $simd: S) -> Vec<f32> {
                let ($inputs, $rows) = (self.0.0, self.0.1);
                self.0.collect($shape(W::WINDOW), $scratch(W::WINDOW), |$memory, $out| $call)
            }
        }
    )*};
}

/// Compares a kernel with what it should give, at every level.
macro_rules! compare {
    ($kernel:ident, $inputs:expr, $rows:expr, $expected:expr) => {
        let call = Call::<W>($inputs, $rows, PhantomData);
        for (level, found) in at_levels::<SCALAR, _>($kernel(call)) {
            let what = format!("{} at {level}, {} rows, {:?}", stringify!($kernel), $rows, W::WINDOW);
            assert_close(&what, &found, $expected, TOLERANCE);
        }
    };
}

macro_rules! check {
    ($check:ident: $($name:ident $scalar:literal: $($field:ident = $value:expr),*;)*) => {$(
        #[test]
        fn $name() {
            #[derive(Clone)]
            struct Tested;
            impl Windowed for Tested {
                const WINDOW: Window = Case { $($field: $value,)* ..PLAIN }.window();
            }
            $check::<$scalar, Tested>();
        }
    )*};
}

pub(crate) use {check, compare, kernels};

pub const fn weights(window: Window) -> usize {
    window.kernel[0] * window.kernel[1] * window.channels / window.groups * window.filters
}

pub const fn depthwise_weights(window: Window) -> usize {
    window.kernel[0] * window.kernel[1] * window.filters
}

/// A product of a forward pass: result `y` has the product of input `x` and weight `w`.
pub struct Term {
    pub x: usize,
    pub w: usize,
    pub y: usize,
    pub inside: Option<usize>,
}

/// Every product of a convolution; `inside` is the place in images without border.
pub fn terms(window: Window, rows: usize, mut each: impl FnMut(Term)) {
    let [channels, filters] = [window.channels / window.groups, window.filters / window.groups];
    for place in 0..rows * window.output[0] * window.output[1] * window.filters {
        let (pixel, filter) = (place / window.filters, place % window.filters);
        let (line, across) = (pixel / window.output[1], pixel % window.output[1]);
        let (image, down) = (line / window.output[0], line % window.output[0]);
        for tap in 0..window.kernel[0] * window.kernel[1] {
            let i = down * window.stride[0] + tap / window.kernel[1] * window.dilation[0];
            let j = across * window.stride[1] + tap % window.kernel[1] * window.dilation[1];
            for c in 0..channels {
                let group = filter / filters;
                let channel = group * channels + c;
                let x = ((image * window.height + i) * window.width + j) * window.channels + channel;
                let row = tap * channels + c;
                let depth = window.kernel[0] * window.kernel[1] * channels;
                let w = group * depth * filters + panel_place(depth, filters, row, filter % filters);
                let (i, j) = (i.wrapping_sub(window.padding[0]), j.wrapping_sub(window.padding[1]));
                let inside = (i < window.size[0] && j < window.size[1])
                    .then(|| ((image * window.size[0] + i) * window.size[1] + j) * window.channels + channel);
                each(Term { x, w, y: place, inside });
            }
        }
    }
}

pub fn lengths(window: Window, rows: usize) -> [usize; 4] {
    [
        rows * window.height * window.width * window.channels,
        rows * window.output[0] * window.output[1] * window.filters,
        rows * window.size[0] * window.size[1] * window.channels,
        weights(window),
    ]
}
