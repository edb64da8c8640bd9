//! How time grows with width, depth and batch, against the floor. `--help` lists the flags.

#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "a program, and what `network!` emits in it")]

use std::error::Error;

use clap::Parser;
use graven_bench::cells::{Workload, counts, infer, train};
use graven_bench::floor::{Counts, Floor};
use graven_bench::limits::{self, Limits};
use graven_bench::machine;
use graven_bench::measure::Timing;
use graven_bench::mode::Mode;
use graven_bench::report::{self, Line, Row};

/// Times dense networks of growing width, depth and batch on one core.
#[derive(Parser)]
#[command(name = "sweep")]
struct Options {
    /// What grows, separated by commas: width, depth, batch.
    #[arg(long, value_delimiter = ',', default_value = "width,depth,batch")]
    axes: Vec<String>,
    /// The core to run on.
    #[arg(long, default_value_t = 0)]
    core: usize,
    /// Measuring time for each point.
    #[arg(long, default_value_t = 0.3)]
    seconds: f64,
    /// Prints tables for the performance page.
    #[arg(long)]
    markdown: bool,
}

/// One point of an axis.
struct Point {
    row: Row,
    counts: Counts,
}

impl Point {
    fn of(model: &str, mode: Mode, timing: Timing, counts: Counts) -> Self {
        eprintln!("{model} {mode} {} {}", timing.min, timing.median);
        Self { row: Row::ours(model, mode, timing), counts }
    }

    fn line(&self, limits: &Limits) -> Line<'_> {
        Line { row: &self.row, floor: Floor::of(limits, &self.counts, self.row.mode), bar: None }
    }
}

/// Declares a network of `$depth` layers of `$width` and one of 10, and its points.
macro_rules! stack {
    ($module:ident, $function:ident, $name:literal, $width:literal, $depth:literal) => {
        mod $module {
            graven::network! {
                pub struct Stack;

                fn forward(x: [$width]) -> [10] {
                    let mut x = x;
                    for layer in 0..$depth {
                        x = dense(x, $width, activation = relu);
                    }
                    dense(x, 10)
                }

                fn loss(logits, label: index<10>) {
                    cross_entropy(logits, label)
                }
            }
        }

        fn $function(seconds: f64) -> Vec<Point> {
            points::<$module::Stack>($name, $width, seconds)
        }
    };
}

fn points<N: Workload>(name: &str, width: usize, seconds: f64) -> Vec<Point> {
    let counts = counts::<N>((N::Input::WIDTH * width) as u64);
    vec![
        Point::of(name, Mode::infer(1), infer::<N, 1>(seconds), counts),
        Point::of(name, Mode::infer(32), infer::<N, 32>(seconds), counts),
        Point::of(name, Mode::train(32), train::<N, 32>(seconds), counts),
    ]
}

stack!(width_64, at_width_64, "width 64", 64, 1);
stack!(width_128, at_width_128, "width 128", 128, 1);
stack!(width_256, at_width_256, "width 256", 256, 1);
stack!(width_512, at_width_512, "width 512", 512, 1);
stack!(width_1024, at_width_1024, "width 1024", 1024, 1);
stack!(width_2048, at_width_2048, "width 2048", 2048, 1);
stack!(width_4096, at_width_4096, "width 4096", 4096, 1);
stack!(depth_1, at_depth_1, "depth 1", 128, 1);
stack!(depth_4, at_depth_4, "depth 4", 128, 4);
stack!(depth_16, at_depth_16, "depth 16", 128, 16);
stack!(depth_64, at_depth_64, "depth 64", 128, 64);

const WIDTHS: [fn(f64) -> Vec<Point>; 7] =
    [at_width_64, at_width_128, at_width_256, at_width_512, at_width_1024, at_width_2048, at_width_4096];
const DEPTHS: [fn(f64) -> Vec<Point>; 4] = [at_depth_1, at_depth_4, at_depth_16, at_depth_64];

macro_rules! batches {
    ($($batch:literal)*) => {
        fn batches(seconds: f64) -> Vec<Point> {
            use graven_bench::suite::Mlp;
            let counts = counts::<Mlp>(784 * 128);
            let inference = [$(Point::of("mlp", Mode::infer($batch), infer::<Mlp, $batch>(seconds), counts)),*];
            let training = [$(Point::of("mlp", Mode::train($batch), train::<Mlp, $batch>(seconds), counts)),*];
            inference.into_iter().chain(training).collect()
        }
    };
}

batches!(1 2 4 8 16 32 64 128 256 512 1024);

fn axis(name: &str, seconds: f64) -> Result<Vec<Point>, String> {
    match name {
        "width" => Ok(WIDTHS.iter().flat_map(|points| points(seconds)).collect()),
        "depth" => Ok(DEPTHS.iter().flat_map(|points| points(seconds)).collect()),
        "batch" => Ok(batches(seconds)),
        _ => Err(format!("`{name}` is no axis: width, depth and batch are")),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    machine::settle(options.core)?;
    let limits = Limits::measure(4.0)?;
    if options.markdown {
        println!("{}", report::markdown_limits(&limits, &limits::level_name()));
    }
    for name in &options.axes {
        let mut points = axis(name, options.seconds)?;
        points.sort_by_key(|point| point.row.mode.order());
        let lines: Vec<Line> = points.iter().map(|point| point.line(&limits)).collect();
        println!("{}", if options.markdown { report::markdown_growth(&lines) } else { report::text(&lines) });
    }
    Ok(())
}
