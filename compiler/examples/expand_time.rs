//! Prints how long the compiler takes from parsing to tokens, the least of ten runs, and how much it emits: for two networks
//! of its own, or for those that the Rust files given as arguments declare.
//!
//! Procedural macros are built without optimisation, so run it with `CARGO_PROFILE_DEV_OPT_LEVEL=0`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use graven_compiler::{emit, passes, plan, stage, syntax};
use proc_macro2::{TokenStream, TokenTree};

const MLP: &str = "
    pub struct Mlp;
    fn forward(image: [784]) -> [10] {
        let hidden = dense(image, 128, activation = relu);
        dense(hidden, 10)
    }
    fn loss(logits, label: index<10>) {
        cross_entropy(logits, label)
    }
";

/// Sixty dense layers: a stem, 29 blocks of two, a head.
const TOWER: &str = "
    pub struct Tower;
    const WIDTH = 64;
    fn residual(x) {
        let y = relu(batch_norm(dense(x, WIDTH)));
        let y = batch_norm(dense(y, WIDTH));
        relu(x + y)
    }
    fn forward(image: [784]) -> [10] {
        let mut x = dense(image, WIDTH, activation = relu);
        for _ in 0..29 {
            x = residual(x);
        }
        dense(x, 10)
    }
    fn loss(logits, label: index<10>) {
        cross_entropy(logits, label) + l2(1e-4)
    }
";

fn count(tokens: TokenStream) -> usize {
    let tokens = tokens.into_iter().map(|token| match token {
        TokenTree::Group(group) => 2 + count(group.stream()),
        _ => 1,
    });
    tokens.sum()
}

/// The least time of ten runs, without that of freeing the result.
fn least<T>(mut run: impl FnMut() -> T) -> Duration {
    let time = |_| {
        let start = Instant::now();
        let result = black_box(run());
        let time = start.elapsed();
        drop(result);
        time
    };
    (0..10).map(time).min().unwrap_or_default()
}

fn print_time(what: &str, time: Duration) {
    println!("  {what:<20} {:6.1} ms", time.as_secs_f64() * 1e3);
}

fn measure(name: &str, tokens: TokenStream) -> Result<(), Box<dyn std::error::Error>> {
    let expanded = graven_compiler::expand(tokens.clone());
    println!("{name}: {} tokens, {} bytes", count(expanded.clone()), expanded.to_string().len());
    print_time("parse to tokens", least(|| graven_compiler::expand(tokens.clone())));
    print_time("parse", least(|| syntax::parse(tokens.clone())));
    let ast = syntax::parse(tokens).map_err(|_| "the network cannot be parsed")?;
    print_time("stage", least(|| stage::stage(&ast)));
    let network = stage::stage(&ast).map_err(|_| "the network has mistakes")?;
    print_time("passes, forward", least(|| passes::prepare(network.forward.clone())));
    let forward = passes::prepare(network.forward.clone());
    let evaluation = network.evaluation.clone().map(passes::prepare);
    print_time("passes, training", least(|| network.training.clone().map(passes::train)));
    let training = network.training.clone().map(passes::train);
    print_time("plan", least(|| plan::program(&forward, evaluation.as_ref(), training.as_ref())));
    let program = plan::program(&forward, evaluation.as_ref(), training.as_ref());
    print_time("emit", least(|| emit::emit(&network, &program)));
    Ok(())
}

/// The declarations of a Rust file.
fn networks(source: &str) -> Result<Vec<TokenStream>, syn::Error> {
    let items = syn::parse_file(source)?.items.into_iter().filter_map(|item| match item {
        syn::Item::Macro(item) => Some(item.mac),
        _ => None,
    });
    let is_network = |mac: &syn::Macro| mac.path.segments.last().is_some_and(|name| name.ident == "network");
    Ok(items.filter(is_network).map(|mac| mac.tokens).collect())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    if files.is_empty() {
        measure("two layers", MLP.parse()?)?;
        measure("sixty layers", TOWER.parse()?)?;
    }
    for file in files {
        for tokens in networks(&std::fs::read_to_string(file)?)? {
            let name =
                syntax::parse(tokens.clone()).map_err(|_| "the network cannot be parsed")?.model.name.to_string();
            measure(&name, tokens)?;
        }
    }
    Ok(())
}
