//! Times training steps on one and on several threads in turn, and checks that they leave the same weights.

#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "what the macro emits beside the documented types")]

use std::error::Error;
use std::time::{Duration, Instant};

use clap::Parser;
use graven::{Adam, Dataset, Trainable, Zeroable};
use graven_bench::cells::{Tensor, Workload};
use graven_bench::machine;
use graven_bench::suite::{Autoencoder, Mlp, Mlp2};

graven::network! {
    /// 1024-2048-2048-1000 with relu and cross-entropy.
    pub struct Wide;

    fn forward(x: [1024]) -> [1000] {
        let first = dense(x, 2048, activation = relu);
        let second = dense(first, 2048, activation = relu);
        dense(second, 1000)
    }

    fn loss(logits, label: index<1000>) {
        cross_entropy(logits, label)
    }
}

/// Times training steps on one and on several threads in turn.
#[derive(Parser)]
struct Options {
    /// The number of threads to compare with one.
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Measuring time for each line.
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
}

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let options = Options::parse();
    eprintln!("load average before: {:?}", machine::load());
    println!("| network | rows | fused µs | 1 thread µs | {} threads µs | speed-up | same bits |", options.threads);
    println!("| --- | ---: | ---: | ---: | ---: | ---: | --- |");
    line::<Mlp, 32>(&options)?;
    line::<Mlp, 256>(&options)?;
    line::<Mlp2, 32>(&options)?;
    line::<Mlp2, 128>(&options)?;
    line::<Autoencoder, 32>(&options)?;
    line::<Autoencoder, 128>(&options)?;
    line::<Wide, 64>(&options)?;
    line::<Wide, 256>(&options)?;
    eprintln!("load average after: {:?}", machine::load());
    Ok(())
}

fn line<N, const B: usize>(options: &Options) -> Outcome<()>
where
    N: Workload + Trainable<Training<B>: Send, Gradients: Send> + Sync,
    Vec<N::Input>: graven::data::IntoRows<N::Input>,
    Vec<N::Target>: graven::data::IntoRows<N::Target>,
{
    let data = Dataset::new(N::Input::examples(B), N::Target::examples(B))?;
    let mut models = [model::<N>(), model::<N>(), model::<N>()];
    let [fused, one, several] = &mut models;
    let fit = |model| graven::Fit::<N, Adam, B>::new(model, &data).optimizer(Adam::new(1e-4)).progress(false);
    let mut fused = fit(fused).trainer()?;
    let mut one = fit(one).threads(1).trainer()?;
    let mut several = fit(several).threads(options.threads).trainer()?;
    let mut least = [f64::INFINITY; 3];
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs_f64(options.seconds) {
        let mut time = |number: usize, step: &mut dyn FnMut() -> Outcome<()>| -> Outcome<()> {
            for _ in 0..10 {
                let start = Instant::now();
                step()?;
                least[number] = least[number].min(start.elapsed().as_secs_f64() * 1e6);
            }
            Ok(())
        };
        time(0, &mut || Ok(fused.step(data.inputs(), data.targets()).map(drop)?))?;
        time(1, &mut || Ok(one.step(data.inputs(), data.targets()).map(drop)?))?;
        time(2, &mut || Ok(several.step(data.inputs(), data.targets()).map(drop)?))?;
    }
    let same = one.model().parameters() == several.model().parameters();
    let [fused, one, several] = least;
    let (name, ratio) = (N::NAME, one / several);
    println!(
        "| {name} | {B} | {fused:.1} | {one:.1} | {several:.1} | {ratio:.2} | {} |",
        if same { "yes" } else { "no" }
    );
    Ok(())
}

fn model<N: Trainable + Zeroable>() -> Box<N> {
    let mut model = N::boxed();
    model.init(0);
    model
}
