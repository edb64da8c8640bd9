//! Handwritten digits of 8×8 pixels: trains on five seeded splits, then saves, reloads and predicts.
//!
//! `cargo run --release --example digits`

use std::error::Error;
use std::path::Path;

use graven::data::csv::Csv;
use graven::prelude::*;

graven::network! {
    /// 64 pixels, two hidden layers, ten classes.
    pub struct Digits;

    fn forward(image: [64]) -> [10] {
        let first = dropout(dense(image, 128, activation = relu), 0.2);
        let second = dense(first, 64, activation = relu);
        dense(second, 10)
    }

    fn loss(logits, label: index<10>) {
        cross_entropy(logits, label) + l2(1e-4)
    }
}

type Images = Dataset<[f32; 64], Index<10>>;

const SPLITS: u64 = 5;

fn read() -> Result<Images, Box<dyn Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/digits.csv.gz");
    let table = Csv::new().headers(false).read(path)?;
    Ok(Dataset::new(table.values::<[f32; 64]>(0..64)?, table.values::<Index<10>>(64)?)?)
}

/// A fifth of the data is held out for the test, a tenth of the rest for validation.
fn train(data: &Images, seed: u64) -> Result<(Box<Digits>, Images), Box<dyn Error>> {
    let (training, mut test) = data.split(0.8, seed)?;
    let (mut training, mut validation) = training.split(0.9, seed)?;
    let scaling = MinMax::fit(&training);
    for part in [&mut training, &mut validation, &mut test] {
        scaling.apply(part);
    }
    let mut model = Digits::new(seed);
    model
        .fit::<32>(&training)
        .optimizer(Adam::new(2e-3))
        .epochs(60)
        .validation(&validation)
        .keep_best(true)
        .seed(seed)
        .run()?;
    Ok((model, test))
}

fn main() -> Result<(), Box<dyn Error>> {
    let data = read()?;
    println!("{} digits\n\n{}", data.len(), Digits::SUMMARY);

    let mut accuracies = Vec::new();
    let mut last = None;
    for seed in 1..=SPLITS {
        let (model, test) = train(&data, seed)?;
        let score = model.evaluate::<64>(&test)?;
        println!("split {seed}: loss {:.4}, accuracy {:.4}", score.loss, score.accuracy);
        accuracies.push(score.accuracy);
        last = Some((model, test));
    }
    let (model, test) = last.ok_or("no split")?;

    let predictions = model.predict_rows::<64>(test.inputs())?;
    println!("\n{}", Confusion::new(&predictions, test.targets()));

    let path = std::env::temp_dir().join("graven-digits.safetensors");
    model.save(&path)?;
    let mut reloaded = Digits::new(0);
    reloaded.load(&path)?;
    let same = reloaded.predict_rows::<64>(test.inputs())? == predictions;
    println!("saved, reloaded: {}", if same { "the same predictions" } else { "the predictions differ" });
    std::fs::remove_file(&path)?;

    println!("\ntest accuracy {:.4}", accuracies.iter().sum::<f32>() / accuracies.len() as f32);
    Ok(())
}
