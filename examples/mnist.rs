//! MNIST with one hidden layer.
//!
//! `cargo run --release --example mnist -- DIR`, where `DIR` holds the four idx files, plain or `.gz`.

use std::error::Error;
use std::path::{Path, PathBuf};

use graven::prelude::*;

graven::network! {
    /// 784 pixels, 128 hidden units, ten classes.
    pub struct Mnist;

    fn forward(image: [28, 28]) -> [10] {
        let hidden = dense(flatten(image), 128, activation = relu);
        dense(dropout(hidden, 0.1), 10)
    }

    fn loss(logits, label: index<10>) {
        cross_entropy(logits, label)
    }
}

type Images = Dataset<[[f32; 28]; 28], Index<10>>;

fn read(folder: &Path) -> Result<[Images; 2], DataError> {
    let [training, test] = idx::folder(folder)?;
    Ok([training.map_inputs(|pixel| pixel / 255.0)?, test.map_inputs(|pixel| pixel / 255.0)?])
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from).ok_or("usage: mnist DIR")?;
    let [data, test] = read(&folder)?;
    let (training, validation) = data.split(0.95, 1)?;
    println!("{}", Mnist::SUMMARY);

    let mut model = Mnist::new(1);
    let history = model
        .fit::<32>(&training)
        .optimizer(Adam::new(1e-3))
        .epochs(10)
        .validation(&validation)
        .keep_best(true)
        .seed(1)
        .run()?;
    println!("{history}");
    println!("weights hash {:016x}", model.weights_hash());
    println!("test accuracy {:.4}", model.evaluate::<128>(&test)?.accuracy);
    Ok(())
}
