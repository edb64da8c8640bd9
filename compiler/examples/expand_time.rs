//! Prints how long the compiler takes from parsing to tokens, the least of ten runs, and how many tokens it emits.

use std::time::{Duration, Instant};

use proc_macro2::{TokenStream, TokenTree};

const NETWORK: &str = "
    pub struct Mlp;
    fn forward(image: [784]) -> [10] {
        let hidden = dense(image, 128, activation = relu);
        dense(hidden, 10)
    }
    fn loss(logits, label: index<10>) {
        cross_entropy(logits, label)
    }
";

fn count(tokens: TokenStream) -> usize {
    let tokens = tokens.into_iter().map(|token| match token {
        TokenTree::Group(group) => 2 + count(group.stream()),
        _ => 1,
    });
    tokens.sum()
}

fn timed(tokens: TokenStream) -> (Duration, TokenStream) {
    let start = Instant::now();
    let expanded = graven_compiler::expand(tokens);
    (start.elapsed(), expanded)
}

fn main() -> Result<(), proc_macro2::LexError> {
    let tokens: TokenStream = NETWORK.parse()?;
    let least = (0..10).map(|_| timed(tokens.clone()).0).min().unwrap_or_default();
    println!("{:.1} ms, {} tokens", least.as_secs_f64() * 1e3, count(timed(tokens).1));
    Ok(())
}
