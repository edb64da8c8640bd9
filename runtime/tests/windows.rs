//! Convolutions, pools and their adjoints against sums in f64, at round and ragged sizes, at every level.

mod common;

use std::marker::PhantomData;

use common::matrix::{Matrix, collect};
use common::{assert_close, at_levels, numbers};
use graven_runtime::tensors::panel_place;
use graven_runtime::{
    Run, Simd, Window, Windowed, average_pool, average_pool_gradient, convolution, convolution_input_gradient,
    convolution_weight_gradient, depthwise, depthwise_input_gradient, depthwise_weight_gradient, max_pool,
    max_pool_gradient,
};

const TOLERANCE: f64 = 3e-6;

/// A window over images of `size` with a border of `padding` on all sides, and as much more at the ends as `more` says.
#[derive(Clone, Copy)]
struct Case {
    size: [usize; 2],
    channels: usize,
    filters: usize,
    kernel: [usize; 2],
    stride: [usize; 2],
    dilation: [usize; 2],
    padding: [usize; 2],
    groups: usize,
    more: usize,
}

const PLAIN: Case = Case {
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
    const fn window(self) -> Window {
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
struct Call<'a, W>([&'a [f32]; 3], usize, PhantomData<W>);

/// A matrix of a row of pixels a row, with or without border, or of weights.
#[derive(Clone, Copy)]
enum Shape {
    Results,
    Images,
    Weights(usize),
}

impl<W: Windowed> Call<'_, W> {
    /// Runs a kernel with as much scratch memory as it needs.
    #[inline(always)]
    fn collect(&self, shape: Shape, scratch: usize, kernel: impl FnOnce(&mut [f32], &mut Matrix)) -> Vec<f32> {
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

kernels! {
    Convolution: |_| Shape::Results, |_| 0, |simd, [x, w, _], rows, _, out| convolution::<_, _, W>(simd, x, w, rows, out);
    ConvolutionInput: |_| Shape::Images, Window::input_gradient_scratch, |simd, [dy, w, _], rows, scratch, out|
        convolution_input_gradient::<_, _, W>(simd, dy, w, rows, scratch, out);
    ConvolutionWeight: |window| Shape::Weights(weights(window)), Window::weight_gradient_scratch,
        |simd, [x, dy, _], rows, scratch, out| convolution_weight_gradient::<_, _, W>(simd, x, dy, rows, scratch, out);
    Depthwise: |_| Shape::Results, Window::depthwise_scratch, |simd, [x, w, _], rows, scratch, out|
        depthwise::<_, _, W>(simd, x, w, rows, scratch, out);
    DepthwiseInput: |_| Shape::Images, Window::depthwise_input_gradient_scratch, |simd, [dy, w, _], rows, scratch, out|
        depthwise_input_gradient::<_, _, W>(simd, dy, w, rows, scratch, out);
    DepthwiseWeight: |window| Shape::Weights(depthwise_weights(window)), Window::depthwise_weight_gradient_scratch,
        |simd, [x, dy, _], rows, scratch, out| depthwise_weight_gradient::<_, _, W>(simd, x, dy, rows, scratch, out);
    MaxPool: |_| Shape::Results, |_| 0, |simd, [x, _, _], rows, _, out| max_pool::<_, _, W>(simd, x, rows, out);
    MaxPoolGradient: |_| Shape::Images, Window::max_pool_gradient_scratch, |simd, [x, y, dy], rows, scratch, out|
        max_pool_gradient::<_, _, W>(simd, x, y, dy, rows, scratch, out);
    MeanOfAll: |_| Shape::Results, |_| 0, |simd, [x, _, _], rows, _, out|
        average_pool::<_, _, W, true>(simd, x, rows, out);
    MeanInside: |_| Shape::Results, |_| 0, |simd, [x, _, _], rows, _, out|
        average_pool::<_, _, W, false>(simd, x, rows, out);
    MeanOfAllGradient: |_| Shape::Images, |_| 0, |simd, [dy, _, _], rows, _, out|
        average_pool_gradient::<_, _, W, true>(simd, dy, rows, out);
    MeanInsideGradient: |_| Shape::Images, |_| 0, |simd, [dy, _, _], rows, _, out|
        average_pool_gradient::<_, _, W, false>(simd, dy, rows, out);
}

const fn weights(window: Window) -> usize {
    window.kernel[0] * window.kernel[1] * window.channels / window.groups * window.filters
}

const fn depthwise_weights(window: Window) -> usize {
    window.kernel[0] * window.kernel[1] * window.filters
}

/// A product of a forward pass: result `y` has the product of input `x` and weight `w`.
struct Term {
    x: usize,
    w: usize,
    y: usize,
    inside: Option<usize>,
}

/// Every product of a convolution; `inside` is the place in images without border.
fn terms(window: Window, rows: usize, mut each: impl FnMut(Term)) {
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

fn lengths(window: Window, rows: usize) -> [usize; 4] {
    [
        rows * window.height * window.width * window.channels,
        rows * window.output[0] * window.output[1] * window.filters,
        rows * window.size[0] * window.size[1] * window.channels,
        weights(window),
    ]
}

fn check_convolution<const SCALAR: bool, W: Windowed + Clone>() {
    let window = W::WINDOW;
    for rows in [0, 1, 2, 5] {
        let [inputs, results, images, weights] = lengths(window, rows);
        let (x, dy) = (numbers(1, inputs), numbers(3, results));
        let mut w = numbers(2, weights + 32);
        // What lies behind the last panel must not matter, not even NaN.
        w[weights..].fill(f32::NAN);
        let (mut y, mut dx, mut dw) = (vec![0.0; results], vec![0.0; images], vec![0.0; weights]);
        terms(window, rows, |term| {
            let (x, w, dy) = (f64::from(x[term.x]), f64::from(w[term.w]), f64::from(dy[term.y]));
            y[term.y] += x * w;
            dw[term.w] += x * dy;
            if let Some(place) = term.inside {
                dx[place] += w * dy;
            }
        });
        compare!(Convolution, [&x, &w, &[]], rows, &y);
        compare!(ConvolutionInput, [&dy, &w, &[]], rows, &dx);
        compare!(ConvolutionWeight, [&x, &dy, &[]], rows, &dw);
    }
}

fn check_depthwise<const SCALAR: bool, W: Windowed + Clone>() {
    let window = W::WINDOW;
    let multiplier = window.filters / window.channels;
    for rows in [0, 1, 2] {
        let [inputs, results, images, _] = lengths(window, rows);
        let weights = window.kernel[0] * window.kernel[1] * window.filters;
        let (x, dy) = (numbers(1, inputs), numbers(3, results));
        let mut w = numbers(2, weights + 32);
        w[weights..].fill(f32::NAN);
        let (mut y, mut dx, mut dw) = (vec![0.0; results], vec![0.0; images], vec![0.0; weights]);
        // The same terms as a convolution of one group whose weights are zero where the channel is another one.
        let dense = Window { groups: 1, ..window };
        let depth = window.kernel[0] * window.kernel[1] * window.channels;
        let mut places = vec![(0, 0); depth * window.filters];
        for place in 0..places.len() {
            let (row, filter) = (place / window.filters, place % window.filters);
            places[panel_place(depth, window.filters, row, filter)] = (row, filter);
        }
        terms(dense, rows, |term| {
            let (row, filter) = places[term.w];
            if row % window.channels != filter / multiplier {
                return;
            }
            let place = row / window.channels * window.filters + filter;
            let (x, w, dy) = (f64::from(x[term.x]), f64::from(w[place]), f64::from(dy[term.y]));
            y[term.y] += x * w;
            dw[place] += x * dy;
            if let Some(place) = term.inside {
                dx[place] += w * dy;
            }
        });
        compare!(Depthwise, [&x, &w, &[]], rows, &y);
        compare!(DepthwiseInput, [&dy, &w, &[]], rows, &dx);
        compare!(DepthwiseWeight, [&x, &dy, &[]], rows, &dw);
    }
}

/// The places of the pixels of each window in the images without border and in memory.
fn window_pixels(window: Window, rows: usize, mut each: impl FnMut(usize, Vec<[usize; 2]>)) {
    for place in 0..rows * window.output[0] * window.output[1] * window.channels {
        let (pixel, channel) = (place / window.channels, place % window.channels);
        let (line, across) = (pixel / window.output[1], pixel % window.output[1]);
        let (image, down) = (line / window.output[0], line % window.output[0]);
        let mut pixels = Vec::new();
        for tap in 0..window.kernel[0] * window.kernel[1] {
            let i =
                (down * window.stride[0] + tap / window.kernel[1] * window.dilation[0]).wrapping_sub(window.padding[0]);
            let j = (across * window.stride[1] + tap % window.kernel[1] * window.dilation[1])
                .wrapping_sub(window.padding[1]);
            if i < window.size[0] && j < window.size[1] {
                let at = |height, width| ((image * height + i) * width + j) * window.channels + channel;
                pixels.push([at(window.size[0], window.size[1]), at(window.height, window.width)]);
            }
        }
        each(place, pixels);
    }
}

fn check_pools<const SCALAR: bool, W: Windowed + Clone>() {
    let window = W::WINDOW;
    for rows in [0, 1, 2] {
        let [inputs, results, images, _] = lengths(window, rows);
        // Few distinct values, so that windows have several largest pixels.
        let x: Vec<f32> = numbers(1, inputs).iter().map(|value| (value * 3.0).round()).collect();
        let dy = numbers(2, results);
        let (mut y, mut dx) = (vec![0.0_f32; results], vec![0.0; images]);
        let taps = (window.kernel[0] * window.kernel[1]) as f64;
        let [mut means, mut shares] = [(); 2].map(|()| [vec![0.0; results], vec![0.0; images]]);
        window_pixels(window, rows, |place, pixels| {
            y[place] = pixels.iter().map(|&[_, at]| x[at]).fold(f32::NEG_INFINITY, f32::max);
            if let Some([first, _]) = pixels.iter().find(|[_, at]| x[*at] == y[place]) {
                dx[*first] += f64::from(dy[place]);
            }
            for (means, count) in [(&mut means, taps), (&mut shares, pixels.len() as f64)] {
                for &[inside, at] in &pixels {
                    means[0][place] += f64::from(x[at]) / count;
                    means[1][inside] += f64::from(dy[place]) / count;
                }
            }
        });
        let largest: Vec<f64> = y.iter().map(|&value| f64::from(value)).collect();
        compare!(MaxPool, [&x, &[], &[]], rows, &largest);
        compare!(MaxPoolGradient, [&x, &y, &dy], rows, &dx);
        compare!(MeanOfAll, [&x, &[], &[]], rows, &means[0]);
        compare!(MeanInside, [&x, &[], &[]], rows, &shares[0]);
        compare!(MeanOfAllGradient, [&dy, &[], &[]], rows, &means[1]);
        compare!(MeanInsideGradient, [&dy, &[], &[]], rows, &shares[1]);
    }
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

check! { check_convolution:
    plain true: size = [5, 6];
    ragged false: channels = 7, filters = 17, size = [4, 9];
    one_channel false: channels = 1, filters = 33, kernel = [5, 5], padding = [2, 2];
    three_channels false: channels = 3, filters = 64, kernel = [7, 7], stride = [2, 2], padding = [3, 3], size = [11, 14];
    one_filter false: channels = 17, filters = 1, kernel = [2, 3], padding = [0, 1];
    sixteen false: channels = 16, filters = 16, size = [8, 16];
    thirty_two false: channels = 32, filters = 32, size = [8, 8];
    wide false: channels = 64, filters = 33, size = [3, 7];
    odd_wide false: channels = 33, filters = 64, size = [3, 13], kernel = [1, 3], padding = [0, 1];
    point false: channels = 17, filters = 7, kernel = [1, 1], padding = [0, 0];
    point_of_stride_two false: channels = 16, filters = 33, kernel = [1, 1], padding = [0, 0], stride = [2, 2], size = [7, 8];
    stride_two true: channels = 7, filters = 16, stride = [2, 2], size = [7, 8];
    stride_two_padded_at_the_end false: channels = 3, filters = 7, stride = [2, 2], padding = [0, 0], size = [8, 6], more = 1;
    stride_three false: channels = 3, filters = 7, kernel = [5, 2], stride = [3, 3], padding = [1, 0], size = [9, 10];
    strides_and_dilations_differ false: channels = 3, filters = 7, kernel = [3, 2], stride = [2, 3], dilation = [3, 2], size = [13, 12];
    dilation_two false: channels = 7, filters = 17, dilation = [2, 2], padding = [2, 2];
    dilation_and_stride_two false: channels = 3, filters = 7, dilation = [2, 2], stride = [2, 2], padding = [2, 1], size = [9, 8];
    groups true: channels = 12, filters = 6, groups = 3;
    wide_groups false: channels = 34, filters = 66, groups = 2, size = [3, 5];
    groups_of_stride_two false: channels = 6, filters = 8, groups = 2, stride = [2, 2], kernel = [2, 3];
    flat false: channels = 7, filters = 17, size = [1, 40], kernel = [1, 5], padding = [0, 2], stride = [1, 2];
    narrow false: channels = 16, filters = 33, size = [9, 1], padding = [1, 0], kernel = [3, 1];
    memory_is_wider false: channels = 3, filters = 7, padding = [0, 0], stride = [4, 4], kernel = [2, 2], size = [9, 9];
    whole_image false: channels = 3, filters = 20, kernel = [5, 6], padding = [0, 0];
    tall false: channels = 33, filters = 16, size = [40, 20], padding = [2, 2], kernel = [5, 5];
}

check! { check_depthwise:
    depthwise_of_8 false: channels = 8, filters = 8;
    depthwise_of_3 false: channels = 3, filters = 3, stride = [2, 2], size = [7, 8];
    depthwise_of_17 false: channels = 17, filters = 17, kernel = [5, 5], padding = [2, 2], size = [6, 17];
    depthwise_of_64 false: channels = 64, filters = 64, size = [5, 25];
    depthwise_of_33 false: channels = 33, filters = 33, dilation = [2, 2], padding = [2, 2];
    depthwise_twice true: channels = 7, filters = 14, stride = [2, 1];
    depthwise_of_one_channel false: channels = 1, filters = 33;
    depthwise_three_times false: channels = 17, filters = 51, kernel = [2, 3], padding = [0, 1];
    depthwise_flat false: channels = 16, filters = 16, size = [1, 30], kernel = [1, 7], padding = [0, 3];
    depthwise_of_stride_three false: channels = 20, filters = 20, stride = [3, 3], kernel = [2, 2], padding = [0, 0], size = [9, 8];
}

check! { check_pools:
    pool_two_by_two false: kernel = [2, 2], stride = [2, 2], padding = [0, 0], size = [6, 8], channels = 16, filters = 16;
    pool_leaves_a_row_over false: kernel = [2, 2], stride = [2, 2], padding = [0, 0], size = [7, 5], channels = 33, filters = 33;
    pool_overlaps true: stride = [2, 2], size = [9, 8], channels = 7, filters = 7;
    pool_of_stride_one false: size = [6, 7], channels = 64, filters = 64;
    pool_skips_pixels false: kernel = [2, 2], stride = [3, 3], padding = [0, 0], size = [8, 10], channels = 3, filters = 3;
    pool_dilated false: dilation = [2, 2], padding = [1, 1], size = [7, 8], channels = 17, filters = 17;
    pool_everything false: kernel = [5, 6], padding = [0, 0], channels = 20, filters = 20;
    pool_flat false: size = [1, 30], kernel = [1, 3], stride = [1, 2], padding = [0, 1], channels = 5, filters = 5;
    pool_of_memory_with_a_border false: kernel = [2, 2], stride = [2, 2], padding = [0, 0], size = [5, 6], more = 1, channels = 8, filters = 8;
}
