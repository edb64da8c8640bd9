//! Twenty residual blocks and a tower of narrowing layers: what repeats is written once.
//!
//! `cargo run --release --example residual`

use std::error::Error;
use std::path::Path;

use graven::data::csv::Csv;
use graven::prelude::*;

graven::network! {
    /// 8×8 digits through twenty residual blocks.
    pub struct Residual;

    const WIDTH = 32;
    const BLOCKS = 20;

    /// What it adds starts small, so that a deep stack starts close to the identity.
    fn block(x, rate = 0.1) {
        let branch = dense(relu(layer_norm(x)), x.channels);
        x + rate * dense(relu(branch), x.channels)
    }

    fn forward(image: [64]) -> [10] {
        let mut x = dense(image / 16.0, WIDTH);
        for _ in 0..BLOCKS {
            x = block(x);
        }
        dense(layer_norm(x), 10)
    }

    fn loss(logits, label: index<10>) {
        cross_entropy(logits, label)
    }
}

graven::network! {
    /// The same digits through layers that halve their width, each followed by a dropout that fades.
    pub struct Tower;

    const WIDTHS = [128, 64, 32];

    fn stage(x, units, rate) {
        dropout(relu(batch_norm(dense(x, units, use_bias = false))), rate)
    }

    fn forward(image: [64]) -> [10] {
        let mut x = image / 16.0;
        let mut rate = 0.2;
        for units in WIDTHS {
            x = stage(x, units, rate);
            rate = rate / 2.0;
        }
        dense(x, 10)
    }

    fn loss(logits, label: index<10>) {
        cross_entropy(logits, label)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/digits.csv.gz");
    let table = Csv::new().headers(false).read(path)?;
    let data = Dataset::new(table.values::<[f32; 64]>(0..64)?, table.values::<Index<10>>(64)?)?;
    let (training, test) = data.split(0.8, 1)?;

    println!("{}", Residual::SUMMARY);
    let mut residual = Residual::new(1);
    residual.fit::<32>(&training).optimizer(Adam::new(1e-3)).epochs(20).seed(1).run()?;

    println!("{}", Tower::SUMMARY);
    let mut tower = Tower::new(1);
    tower.fit::<32>(&training).optimizer(Adam::new(1e-3)).epochs(20).seed(1).run()?;

    println!("residual test accuracy {:.4}", residual.evaluate::<32>(&test)?.accuracy);
    println!("tower test accuracy {:.4}", tower.evaluate::<32>(&test)?.accuracy);
    Ok(())
}
