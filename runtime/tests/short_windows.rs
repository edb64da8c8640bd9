//! Memory shorter than the shapes of windows say must not panic, whatever comes out.

mod common;

use common::matrix::Matrix;
use common::{at_levels, numbers};
use graven_runtime::{
    Run, Simd, Window, Windowed, convolution, convolution_input_gradient, convolution_weight_gradient, depthwise,
    depthwise_input_gradient, depthwise_weight_gradient, max_pool, max_pool_at, max_pool_gradient, sum_pool,
    sum_pool_gradient,
};

/// Twenty channels, three filters of which each channel has where it is depthwise.
#[derive(Clone)]
struct Shape<const STRIDE: usize>;

impl<const STRIDE: usize> Windowed for Shape<STRIDE> {
    const WINDOW: Window = Window {
        height: 9,
        width: 11,
        channels: 20,
        size: [7, 9],
        padding: [1; 2],
        kernel: [3; 2],
        stride: [STRIDE; 2],
        dilation: [1; 2],
        output: [6 / STRIDE + 1, 8 / STRIDE + 1],
        filters: 60,
        groups: 1,
    };
}

#[derive(Clone)]
struct Short<const STRIDE: usize>;

impl<const STRIDE: usize> Run for Short<STRIDE> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let (a, b) = (numbers(1, 700), numbers(2, 900));
        let mut values = vec![0.0; 100_000];
        let mut out = Matrix { values: &mut values, columns: 900, writes: vec![0; 100_000] };
        for (x, w) in [(&a[..], &b[..]), (&a[..10], &b), (&a, &b[..5]), (&[], &[])] {
            for scratch in [0, 10, 3000, 100_000] {
                let mut scratch = vec![0.0; scratch];
                convolution::<_, _, Shape<STRIDE>>(simd, x, w, 2, &mut out);
                convolution_input_gradient::<_, _, Shape<STRIDE>>(simd, x, w, 2, &mut scratch, &mut out);
                convolution_weight_gradient::<_, _, Shape<STRIDE>>(simd, x, w, 2, &mut scratch, &mut out);
                depthwise::<_, _, Shape<STRIDE>>(simd, x, w, 2, &mut scratch, &mut out);
                depthwise_input_gradient::<_, _, Shape<STRIDE>>(simd, x, w, 2, &mut scratch, &mut out);
                depthwise_weight_gradient::<_, _, Shape<STRIDE>>(simd, x, w, 2, &mut scratch, &mut out);
                max_pool::<_, _, Shape<STRIDE>>(simd, x, 2, &mut out);
                max_pool_gradient::<_, _, Shape<STRIDE>>(simd, x, w, 2, &mut scratch, &mut out);
                max_pool_at::<_, _, Shape<STRIDE>>(simd, x, w, 2, &mut out);
                sum_pool::<_, _, Shape<STRIDE>>(simd, x, 2, &mut out);
                sum_pool_gradient::<_, _, Shape<STRIDE>>(simd, x, 2, &mut out);
                out.writes.fill(0);
            }
        }
    }
}

#[test]
fn short_memory_is_clamped() {
    at_levels::<false, _>(Short::<2>);
}
