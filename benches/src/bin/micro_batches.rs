//! Times 32 rows whole and a few at a time, beside the memory that they use.

#![forbid(unsafe_code)]

use clap::Parser;
use graven::{Accumulate, Adam};
use graven_bench::cells::{Workload, infer_in_parts, train_rows};
use graven_bench::images::{Cnn, DsCnn, MobileNetV1, ResNet8};
use graven_bench::machine;
use graven_bench::suite::{Mlp, Mlp2};

/// Times 32 rows whole and a few at a time; networks with batch statistics cannot train in parts.
#[derive(Parser)]
struct Options {
    /// Measuring time for each line and turn.
    #[arg(long, default_value_t = 1.0)]
    seconds: f64,
    /// Turns, of which the least counts.
    #[arg(long, default_value_t = 3)]
    turns: usize,
}

/// Rows of a call.
const ROWS: usize = 32;

/// How many rows go through at a time, what memory they use, and how long a call takes.
struct Line {
    at_once: usize,
    bytes: usize,
    time: Box<dyn Fn(f64) -> f64>,
}

/// Memory for all rows, of which parts use what memory for the longest part has.
fn inference<N: Workload, const LONGEST: usize>(at_once: usize) -> Line {
    Line {
        at_once,
        bytes: size_of::<N::Forward<LONGEST>>(),
        time: Box::new(move |seconds| infer_in_parts::<N, ROWS>(at_once, seconds).best()),
    }
}

fn whole<N: Workload>() -> Line {
    Line {
        at_once: ROWS,
        bytes: size_of::<N::Training<ROWS>>(),
        time: Box::new(|seconds| train_rows::<N, Adam, ROWS>(Adam::new(1e-3), ROWS, seconds).best()),
    }
}

/// Parts of a batch, and the sum of their gradients.
fn parts<N: Workload, const B: usize>() -> Line {
    let optimizer = Accumulate::new(Adam::new(1e-3));
    Line {
        at_once: B,
        bytes: size_of::<N::Training<B>>() + size_of::<N::Gradients>(),
        time: Box::new(move |seconds| train_rows::<N, _, B>(optimizer, ROWS, seconds).best()),
    }
}

fn infer<N: Workload>(options: &Options) {
    let lines = [
        inference::<N, 32>(32),
        inference::<N, 16>(16),
        inference::<N, 8>(8),
        inference::<N, 6>(6),
        inference::<N, 4>(4),
        inference::<N, 4>(3),
    ];
    eprintln!("{} takes {} rows at once", N::NAME, N::ROWS_AT_ONCE.min(ROWS));
    print::<N>(&lines, options);
}

fn train<N: Workload>(options: &Options) {
    print::<N>(&[whole::<N>(), parts::<N, 16>(), parts::<N, 8>(), parts::<N, 4>()], options);
}

/// The lines are timed in turn, so that a slow minute is everybody's.
fn print<N: Workload>(lines: &[Line], options: &Options) {
    let mut least = vec![f64::INFINITY; lines.len()];
    for _ in 0..options.turns.max(1) {
        for (least, line) in least.iter_mut().zip(lines) {
            *least = least.min((line.time)(options.seconds));
        }
    }
    for (line, time) in lines.iter().zip(&least) {
        println!("| {} | {} | {} | {time:.0} | {:.2} |", N::NAME, line.at_once, line.bytes, time / least[0]);
    }
}

fn print_head() {
    println!("\n| network | rows at once | bytes | µs | of whole |");
    println!("| --- | ---: | ---: | ---: | ---: |");
}

fn main() {
    let options = Options::parse();
    eprintln!("load average before: {:?}", machine::load());
    println!("Inference:");
    print_head();
    infer::<Mlp2>(&options);
    infer::<Cnn>(&options);
    infer::<DsCnn>(&options);
    infer::<ResNet8>(&options);
    infer::<MobileNetV1>(&options);
    println!("\nTraining:");
    print_head();
    train::<Mlp>(&options);
    train::<Mlp2>(&options);
    train::<Cnn>(&options);
    eprintln!("load average after: {:?}", machine::load());
}
