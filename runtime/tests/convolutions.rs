//! Convolutions and their gradients against sums in f64, at round and ragged sizes, at every level.

mod common;
#[path = "common/window.rs"]
mod window;

use std::marker::PhantomData;

use common::{assert_close, at_levels, numbers};
use graven_runtime::{
    Run, Simd, Window, Windowed, convolution, convolution_input_gradient, convolution_weight_gradient,
};
use window::{Call, Case, PLAIN, Shape, check, compare, kernels, lengths, terms, weights};

const TOLERANCE: f64 = 3e-6;

kernels! {
    Convolution: |_| Shape::Results, |_| 0, |simd, [x, w, _], rows, _, out| convolution::<_, _, W>(simd, x, w, rows, out);
    ConvolutionInput: |_| Shape::Images, Window::input_gradient_scratch, |simd, [dy, w, _], rows, scratch, out|
        convolution_input_gradient::<_, _, W>(simd, dy, w, rows, scratch, out);
    ConvolutionWeight: |window| Shape::Weights(weights(window)), Window::weight_gradient_scratch,
        |simd, [x, dy, _], rows, scratch, out| convolution_weight_gradient::<_, _, W>(simd, x, dy, rows, scratch, out);
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

check! { check_convolution:
    plain true: size = [5, 6];
    ragged false: channels = 7, filters = 17, size = [4, 9];
    one_channel false: channels = 1, filters = 33, kernel = [5, 5], padding = [2, 2];
    three_channels false: channels = 3, filters = 64, kernel = [7, 7], stride = [2, 2], padding = [3, 3], size = [11, 14];
    one_filter false: channels = 17, filters = 1, kernel = [2, 3], padding = [0, 1];
    sixteen false: channels = 16, filters = 16, size = [8, 16];
    four_across false: channels = 3, filters = 16, kernel = [2, 4], padding = [0, 1], size = [5, 11];
    six_across false: channels = 7, filters = 16, kernel = [3, 6], padding = [1, 2], size = [5, 11];
    seven_across false: channels = 3, filters = 16, kernel = [1, 7], padding = [0, 3], size = [5, 11];
    eight_across false: channels = 3, filters = 16, kernel = [1, 8], padding = [0, 3], size = [5, 11];
    thirty_two false: channels = 32, filters = 32, size = [8, 8];
    wide false: channels = 64, filters = 33, size = [3, 7];
    stride_two false: channels = 7, filters = 16, stride = [2, 2], size = [7, 8];
    strides_and_dilations_differ false: channels = 3, filters = 7, kernel = [3, 2], stride = [2, 3], dilation = [3, 2], size = [13, 12];
    groups_of_stride_two false: channels = 6, filters = 8, groups = 2, stride = [2, 2], kernel = [2, 3];
    flat false: channels = 7, filters = 17, size = [1, 40], kernel = [1, 5], padding = [0, 2], stride = [1, 2];
    narrow false: channels = 16, filters = 33, size = [9, 1], padding = [1, 0], kernel = [3, 1];
    memory_is_wider false: channels = 3, filters = 7, padding = [0, 0], stride = [4, 4], kernel = [2, 2], size = [9, 9];
}
