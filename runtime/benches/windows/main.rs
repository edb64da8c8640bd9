//! Convolutions and pools as shares of what the processor can do, measured in the same process at every SIMD level:
//! `cargo bench -p graven-runtime --bench windows [-- LEVEL [KERNEL [SHAPE]]]`, best bound to one core.

#[path = "../kernels/machine.rs"]
mod machine;
mod passes;
#[path = "../kernels/timing.rs"]
mod timing;

use std::env;

use fearless_simd::{Level, Simd};
use graven_runtime::dispatch::{Run, run_with};
use graven_runtime::{Window, Windowed};
use passes::Layer;
use timing::race;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let wanted =
        |number: usize, name: &str| arguments.get(number).is_none_or(|argument| name.contains(argument.as_str()));
    let level = Level::new();
    let report = |name| Report { level: name, wanted: &wanted };
    #[cfg(target_arch = "x86_64")]
    {
        level.as_avx512().filter(|_| wanted(0, "avx512")).inspect(|&simd| run_with(simd, report("avx512")));
        level.as_avx2().filter(|_| wanted(0, "avx2")).inspect(|&simd| run_with(simd, report("avx2")));
        level.as_sse2().filter(|_| wanted(0, "sse2")).inspect(|&simd| run_with(simd, report("sse2")));
    }
    #[cfg(target_arch = "aarch64")]
    level.as_neon().inspect(|&simd| run_with(simd, report("neon")));
}

/// Measures everything at one level.
#[derive(Clone, Copy)]
struct Report<'a> {
    level: &'static str,
    wanted: &'a dyn Fn(usize, &str) -> bool,
}

/// A square image of `size` pixels with a border, a square kernel, as many results as the stride leaves.
struct Square<
    const SIZE: usize,
    const CHANNELS: usize,
    const FILTERS: usize,
    const KERNEL: usize,
    const STRIDE: usize,
    const GROUPS: usize,
>;

impl<
    const SIZE: usize,
    const CHANNELS: usize,
    const FILTERS: usize,
    const KERNEL: usize,
    const STRIDE: usize,
    const GROUPS: usize,
> Windowed for Square<SIZE, CHANNELS, FILTERS, KERNEL, STRIDE, GROUPS>
{
    const WINDOW: Window = Window {
        height: SIZE + KERNEL - 1,
        width: SIZE + KERNEL - 1,
        channels: CHANNELS,
        size: [SIZE; 2],
        padding: [(KERNEL - 1) / 2; 2],
        kernel: [KERNEL; 2],
        stride: [STRIDE; 2],
        dilation: [1; 2],
        output: [(SIZE - 1) / STRIDE + 1; 2],
        filters: FILTERS,
        groups: GROUPS,
    };
}

impl Run for Report<'_> {
    type Output = ();

    fn run<S: Simd>(self, simd: S) {
        let (chain, burst) = race(machine::count, || machine::multiply_add(simd));
        let cycle = chain / machine::CYCLES as f64;
        println!("\n{}: {:.2} GHz", self.level, 1e-9 / cycle);
        println!("  multiply-adds a cycle  {:6.2}", machine::multiply_adds::<S>() as f64 * cycle / burst);
        self.convolution::<S, Square<32, 3, 16, 3, 1, 1>>(simd, 2);
        self.convolution::<S, Square<32, 16, 16, 3, 1, 1>>(simd, 2);
        self.convolution::<S, Square<32, 16, 32, 3, 2, 1>>(simd, 2);
        self.convolution::<S, Square<16, 32, 32, 3, 1, 1>>(simd, 4);
        self.convolution::<S, Square<8, 64, 64, 3, 1, 1>>(simd, 8);
        self.convolution::<S, Square<56, 64, 64, 3, 1, 1>>(simd, 1);
        self.convolution::<S, Square<28, 128, 128, 3, 1, 1>>(simd, 1);
        self.convolution::<S, Square<7, 512, 512, 3, 1, 1>>(simd, 4);
        self.convolution::<S, Square<224, 3, 64, 7, 2, 1>>(simd, 1);
        self.convolution::<S, Square<28, 1, 32, 3, 1, 1>>(simd, 4);
        self.convolution::<S, Square<14, 32, 64, 5, 1, 1>>(simd, 4);
        self.convolution::<S, Square<13, 33, 70, 3, 1, 1>>(simd, 4);
        self.depthwise::<S, Square<48, 8, 8, 3, 1, 8>>(simd, 1);
        self.depthwise::<S, Square<48, 16, 16, 3, 2, 16>>(simd, 1);
        self.depthwise::<S, Square<24, 32, 32, 3, 1, 32>>(simd, 2);
        self.depthwise::<S, Square<12, 64, 64, 3, 1, 64>>(simd, 4);
        self.depthwise::<S, Square<12, 64, 64, 5, 2, 64>>(simd, 4);
        self.depthwise::<S, Square<6, 128, 128, 3, 1, 128>>(simd, 4);
        self.pools::<S, Square<28, 64, 64, 2, 2, 1>>(simd, 2);
        self.pools::<S, Square<56, 64, 64, 3, 2, 1>>(simd, 1);
    }
}

impl Report<'_> {
    fn convolution<S: Simd, W: Windowed>(self, simd: S, rows: usize) {
        let mut layer = Layer::<W>::new(rows);
        self.share::<S, W>("convolution", simd, rows, || layer.convolution(simd));
        self.share::<S, W>("input gradient", simd, rows, || layer.convolution_input_gradient(simd));
        self.share::<S, W>("weight gradient", simd, rows, || layer.convolution_weight_gradient(simd));
    }

    fn depthwise<S: Simd, W: Windowed>(self, simd: S, rows: usize) {
        let mut layer = Layer::<W>::new(rows);
        self.share::<S, W>("depthwise", simd, rows, || layer.depthwise(simd));
        self.share::<S, W>("depthwise input", simd, rows, || layer.depthwise_input_gradient(simd));
        self.share::<S, W>("depthwise weight", simd, rows, || layer.depthwise_weight_gradient(simd));
    }

    /// As a share of the rate at which the input is read again and again.
    fn pools<S: Simd, W: Windowed>(self, simd: S, rows: usize) {
        let mut layer = Layer::<W>::new(rows);
        self.rate::<S, W>("max pool", simd, rows, |layer| layer.max_pool(simd), &mut layer);
        self.rate::<S, W>("max gradient", simd, rows, |layer| layer.max_pool_gradient(simd), &mut layer);
        self.rate::<S, W>("sum pool", simd, rows, |layer| layer.sum_pool(simd), &mut layer);
        self.rate::<S, W>("sum gradient", simd, rows, |layer| layer.sum_pool_gradient(simd), &mut layer);
    }

    fn wanted<W: Windowed>(self, what: &str, rows: usize) -> Option<String> {
        let Window { size, channels, filters, kernel, stride, .. } = W::WINDOW;
        let shape = format!("{rows}×{}²×{channels}→{filters} {}²/{}", size[0], kernel[0], stride[0]);
        ((self.wanted)(1, what) && (self.wanted)(2, &shape)).then_some(shape)
    }

    fn share<S: Simd, W: Windowed>(self, what: &str, simd: S, rows: usize, subject: impl FnMut()) {
        if let Some(shape) = self.wanted::<W>(what, rows) {
            let (burst, time) = race(|| machine::multiply_add(simd), subject);
            let peak = machine::multiply_adds::<S>() as f64 / burst;
            let window = W::WINDOW;
            let pixels = rows * window.output[0] * window.output[1] * window.filters;
            let work = pixels * window.kernel[0] * window.kernel[1] * window.channels / window.groups;
            println!("  {what:<16} {shape:<24} {:5.1} % of the peak", work as f64 / time / peak * 100.0);
        }
    }

    fn rate<S: Simd, W: Windowed>(
        self,
        what: &str,
        simd: S,
        rows: usize,
        mut subject: impl FnMut(&mut Layer<W>),
        layer: &mut Layer<W>,
    ) {
        if let Some(shape) = self.wanted::<W>(what, rows) {
            let memory = Layer::<W>::new(rows);
            let (read, time) = race(|| machine::read(simd, memory.input()), || subject(layer));
            let rate = (4 * memory.input().len()) as f64 / read * 1e-9;
            println!("  {what:<16} {shape:<24} {:5.1} % of {rate:.0} GB/s read", read / time * 100.0);
        }
    }
}
