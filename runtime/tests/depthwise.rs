//! Depthwise convolutions and their gradients against sums in f64, at round and ragged sizes, at every level.

mod common;
#[path = "common/window.rs"]
mod window;

use std::marker::PhantomData;

use common::{assert_close, at_levels, numbers};
use graven_runtime::tensors::panel_place;
use graven_runtime::{Run, Simd, Window, Windowed, depthwise, depthwise_input_gradient, depthwise_weight_gradient};
use window::{Call, Case, PLAIN, Shape, check, compare, depthwise_weights, kernels, lengths, terms};

const TOLERANCE: f64 = 3e-6;

kernels! {
    Depthwise: |_| Shape::Results, Window::depthwise_scratch, |simd, [x, w, _], rows, scratch, out|
        depthwise::<_, _, W>(simd, x, w, rows, scratch, out);
    DepthwiseInput: |_| Shape::Images, Window::depthwise_input_gradient_scratch, |simd, [dy, w, _], rows, scratch, out|
        depthwise_input_gradient::<_, _, W>(simd, dy, w, rows, scratch, out);
    DepthwiseWeight: |window| Shape::Weights(depthwise_weights(window)), Window::depthwise_weight_gradient_scratch,
        |simd, [x, dy, _], rows, scratch, out| depthwise_weight_gradient::<_, _, W>(simd, x, dy, rows, scratch, out);
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
    depthwise_four_across false: channels = 17, filters = 17, kernel = [3, 4], padding = [1, 1], size = [6, 17];
    depthwise_six_across false: channels = 16, filters = 16, kernel = [2, 6], padding = [0, 2], size = [6, 17];
    depthwise_of_stride_three false: channels = 20, filters = 20, stride = [3, 3], kernel = [2, 2], padding = [0, 0], size = [9, 8];
}
