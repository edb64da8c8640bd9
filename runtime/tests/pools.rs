//! Pools and their gradients against values in f64, at round and ragged sizes, at every level.

mod common;
#[path = "common/window.rs"]
mod window;

use std::marker::PhantomData;

use common::{assert_close, at_levels, numbers};
use graven_runtime::{
    Run, Simd, Window, Windowed, max_pool, max_pool_at, max_pool_gradient, sum_pool, sum_pool_gradient,
};
use window::{Call, Case, PLAIN, Shape, check, compare, kernels, lengths};

const TOLERANCE: f64 = 3e-6;

kernels! {
    MaxPool: |_| Shape::Results, |_| 0, |simd, [x, _, _], rows, _, out| max_pool::<_, _, W>(simd, x, rows, out);
    MaxPoolGradient: |_| Shape::Images, Window::max_pool_gradient_scratch, |simd, [x, dy, _], rows, scratch, out|
        max_pool_gradient::<_, _, W>(simd, x, dy, rows, scratch, out);
    MaxPoolAt: |_| Shape::Results, |_| 0, |simd, [x, other, _], rows, _, out|
        max_pool_at::<_, _, W>(simd, x, other, rows, out);
    SumPool: |_| Shape::Results, |_| 0, |simd, [x, _, _], rows, _, out| sum_pool::<_, _, W>(simd, x, rows, out);
    SumPoolGradient: |_| Shape::Images, |_| 0, |simd, [dy, _, _], rows, _, out|
        sum_pool_gradient::<_, _, W>(simd, dy, rows, out);
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
        let (dy, other) = (numbers(2, results), numbers(3, images));
        let (mut y, mut dx, mut chosen) = (vec![0.0_f32; results], vec![0.0; images], vec![0.0; results]);
        let (mut sums, mut spread) = (vec![0.0; results], vec![0.0; images]);
        window_pixels(window, rows, |place, pixels| {
            y[place] = pixels.iter().map(|&[_, at]| x[at]).fold(f32::NEG_INFINITY, f32::max);
            if let Some([first, _]) = pixels.iter().find(|[_, at]| x[*at] == y[place]) {
                dx[*first] += f64::from(dy[place]);
                chosen[place] = f64::from(other[*first]);
            }
            for &[inside, at] in &pixels {
                sums[place] += f64::from(x[at]);
                spread[inside] += f64::from(dy[place]);
            }
        });
        let largest: Vec<f64> = y.iter().map(|&value| f64::from(value)).collect();
        compare!(MaxPool, [&x, &[], &[]], rows, &largest);
        compare!(MaxPoolGradient, [&x, &dy, &[]], rows, &dx);
        compare!(MaxPoolAt, [&x, &other, &[]], rows, &chosen);
        compare!(SumPool, [&x, &[], &[]], rows, &sums);
        compare!(SumPoolGradient, [&dy, &[], &[]], rows, &spread);
    }
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

/// Two windows of two pixels each; the first has two NaNs.
#[test]
fn nan_propagates_and_takes_the_gradient() {
    #[derive(Clone)]
    struct Pair;
    impl Windowed for Pair {
        const WINDOW: Window =
            Case { size: [1, 4], channels: 1, filters: 1, kernel: [1, 2], stride: [1, 2], padding: [0, 0], ..PLAIN }
                .window();
    }
    let (x, dy) = ([f32::NAN, f32::NAN, 2.0, 2.0], [3.0, 5.0]);
    for (level, found) in at_levels::<true, _>(MaxPool(Call::<Pair>([&x, &[], &[]], 1, PhantomData))) {
        assert!(found[0].is_nan() && found[1] == 2.0, "{level}: {found:?}");
    }
    for (level, found) in at_levels::<true, _>(MaxPoolGradient(Call::<Pair>([&x, &dy, &[]], 1, PhantomData))) {
        assert_eq!(found, [3.0, 0.0, 5.0, 0.0], "{level}");
    }
}
