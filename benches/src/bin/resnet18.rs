//! Compares ResNet-18 with PyTorch's, whose weights, images and logits `benches/resnet18.py` writes into a folder:
//! `cargo run --release -p graven-bench --features images --bin resnet18 -- FOLDER`.

#![forbid(unsafe_code)]

use std::error::Error;
use std::fs;
use std::path::PathBuf;

use clap::Parser;
use graven::{Network, Weights, Zeroable};
use graven_bench::images::ResNet18;
use safetensors::SafeTensors;

/// Compares ResNet-18's logits with PyTorch's and fails if one differs by more than 1e-4 of the largest.
#[derive(Parser)]
struct Options {
    /// The folder that `benches/resnet18.py` wrote.
    folder: PathBuf,
}

type Outcome<T> = Result<T, Box<dyn Error>>;
type Image = [[[f32; 3]; SIDE]; SIDE];

const ROWS: usize = 4;
const SIDE: usize = 224;
const CLASSES: usize = 1000;
/// As a part of the largest logit.
const TOLERANCE: f32 = 1e-4;

fn main() -> Outcome<()> {
    let Options { folder } = Options::parse();
    let mut model = ResNet18::boxed();
    Weights::open(folder.join("resnet18.weights.safetensors"))?.rename(own_name).load_into(&mut *model)?;
    let file = fs::read(folder.join("resnet18.golden.safetensors"))?;
    let golden = SafeTensors::deserialize(&file)?;
    let images = images(&reals(&golden, "in.x", ROWS * 3 * SIDE * SIDE)?);
    let expected = reals(&golden, "eval.output", ROWS * CLASSES)?;

    let mut memory = <ResNet18 as Network>::Forward::<ROWS>::boxed();
    let mut logits = vec![[0.0; CLASSES]; ROWS];
    model.forward_rows::<ROWS>(&mut memory, &images, &mut logits)?;

    let scale = expected.iter().fold(0.0f32, |scale, value| scale.max(value.abs()));
    let differences = logits.as_flattened().iter().zip(&expected).map(|(found, expected)| (found - expected).abs());
    // a logit that is no number counts as infinitely far
    let largest = differences.fold(0.0f32, |most, one| most.max(if one.is_nan() { f32::INFINITY } else { one }));
    let relative = largest / scale;
    println!(
        "{} logits, largest {scale:.4}: they differ by {largest:.3e} at most, {relative:.2e} of it",
        expected.len()
    );
    if relative <= TOLERANCE { Ok(()) } else { Err(format!("more than {TOLERANCE:e}").into()) }
}

fn reals(file: &SafeTensors<'_>, name: &str, length: usize) -> Outcome<Vec<f32>> {
    let bytes = file.tensor(name)?.data();
    let values: Vec<f32> = bytes.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    if values.len() == length { Ok(values) } else { Err(format!("{name} has {} numbers", values.len()).into()) }
}

/// PyTorch has images channel by channel.
fn images(values: &[f32]) -> Vec<Image> {
    let mut images = vec![[[[0.0; 3]; SIDE]; SIDE]; values.len() / (3 * SIDE * SIDE)];
    for (image, planes) in images.iter_mut().zip(values.chunks_exact(3 * SIDE * SIDE)) {
        for (place, pixel) in image.as_flattened_mut().iter_mut().enumerate() {
            *pixel = std::array::from_fn(|channel| planes[channel * SIDE * SIDE + place]);
        }
    }
    images
}

/// `body.2.down.1.weight` is `block_2.norm_2.batch_norm.weight` here.
fn own_name(theirs: &str) -> String {
    let (scope, layer) = match theirs.strip_prefix("body.").and_then(|rest| rest.split_once('.')) {
        Some(("0", layer)) => ("block.".to_owned(), layer),
        Some((number, layer)) => (format!("block_{number}."), layer),
        None => (String::new(), theirs),
    };
    let layers = [
        ("c1.", "conv2d."),
        ("b1.", "norm.batch_norm."),
        ("c2.", "conv2d_1."),
        ("b2.", "norm_1.batch_norm."),
        ("down.0.", "conv2d_2."),
        ("down.1.", "norm_2.batch_norm."),
        ("fc.", "dense."),
    ];
    let leaf = layers.iter().find_map(|(theirs, own)| Some(format!("{own}{}", layer.strip_prefix(theirs)?)));
    scope + leaf.as_deref().unwrap_or(layer)
}
