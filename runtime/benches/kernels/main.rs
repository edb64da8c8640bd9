//! The kernels as shares of what the processor can do, measured in the same process at every SIMD level:
//! `cargo bench -p graven-runtime --bench kernels [-- LEVEL [KERNEL [SHAPE]]]`, best bound to one core.

mod machine;
mod passes;
mod timing;

use std::env;
use std::hint::black_box;

use fearless_simd::{Level, Simd, prelude::*};
use graven_runtime::dispatch::{Run, run_with};
use graven_runtime::lanes::{LANES, load_whole};
use graven_runtime::math;
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

impl Run for Report<'_> {
    type Output = ();

    fn run<S: Simd>(self, simd: S) {
        let (chain, burst) = race(machine::count, || machine::multiply_add(simd));
        let cycle = chain / machine::CYCLES as f64;
        println!("\n{}: {:.2} GHz", self.level, 1e-9 / cycle);
        println!("  multiply-adds a cycle  {:6.2}", machine::multiply_adds::<S>() as f64 * cycle / burst);
        self.exponential(simd);
        self.layers(simd);
    }
}

impl Report<'_> {
    fn layers<S: Simd>(self, simd: S) {
        self.training::<S, 784, 128>(simd, 32);
        self.training::<S, 512, 512>(simd, 32);
        self.training::<S, 1024, 1024>(simd, 64);
        self.training::<S, 27, 32>(simd, 1024);
        self.training::<S, 128, 10>(simd, 32);
        self.training::<S, 100, 70>(simd, 30);
        self.training::<S, 65, 130>(simd, 33);
        self.training::<S, 300, 50>(simd, 7);
        self.line::<S, 784, 128>(simd);
        self.line::<S, 512, 256>(simd);
    }

    fn exponential<S: Simd>(self, simd: S) {
        let (x, mut y) = ([0.3_f32; 1024], [0.0_f32; 1024]);
        let work = || {
            let (x, y) = (black_box(&x), black_box(&mut y));
            simd.vectorize(
                #[inline(always)]
                || {
                    for (x, y) in x.as_chunks::<LANES>().0.iter().zip(y.as_chunks_mut::<LANES>().0) {
                        math::exp(simd, load_whole(simd, x)).store_array(y);
                    }
                },
            );
        };
        let (chain, time) = race(machine::count, work);
        let cycle = chain / machine::CYCLES as f64;
        println!("  exp, elements a cycle  {:6.2}", 1024.0 * cycle / time);
    }

    /// The three contractions of a layer as shares of the peak of multiply-adds; the columns of the forward pass count
    /// up to whole vectors.
    fn training<S: Simd, const K: usize, const N: usize>(self, simd: S, rows: usize) {
        let mut layer = Layer::<K, N>::new(rows);
        let work = rows * K * N;
        self.share("forward", (rows, K, N), simd, rows * K * N.next_multiple_of(LANES), || layer.forward(simd));
        self.share("input gradient", (rows, K, N), simd, work, || layer.input_gradient(simd));
        self.share("weight gradient", (rows, K, N), simd, work, || layer.weight_gradient(simd));
    }

    fn share<S: Simd>(self, what: &str, shape: (usize, usize, usize), simd: S, work: usize, subject: impl FnMut()) {
        let name = format!("{shape:?}");
        if (self.wanted)(1, what) && (self.wanted)(2, &name) {
            let (burst, time) = race(|| machine::multiply_add(simd), subject);
            let peak = machine::multiply_adds::<S>() as f64 / burst;
            println!("  {what:<16} {name:<18} {:5.1} % of the peak", work as f64 / time / peak * 100.0);
        }
    }

    /// One row as share of the rate at which memory of the size of the weights is read again and again.
    fn line<S: Simd, const K: usize, const N: usize>(self, simd: S) {
        let name = format!("{:?}", (1, K, N));
        if (self.wanted)(1, "line") && (self.wanted)(2, &name) {
            let (memory, mut layer) = (Layer::<K, N>::new(1), Layer::<K, N>::new(1));
            let (read, time) = race(|| machine::read(simd, memory.weights()), || layer.forward(simd));
            let rate = (4 * K * N) as f64 / read * 1e-9;
            println!("  {:<16} {name:<18} {:5.1} % of {rate:.0} GB/s read", "forward", read / time * 100.0);
        }
    }
}
