//! LeNet-5 (LeCun et al. 1998) on MNIST.
//!
//! `cargo run --release --example lenet -- DIR`, where `DIR` holds the four idx files, plain or `.gz`.

use std::error::Error;
use std::path::{Path, PathBuf};

use graven::prelude::*;

graven::network! {
    /// Two convolutions with tanh and averages between them, and three dense layers.
    pub struct LeNet5;

    fn forward(image: [28, 28]) -> [10] {
        let image = reshape(image, [28, 28, 1]);
        let c1 = tanh(conv2d(image, 6, kernel = 5, padding = same));
        let c3 = tanh(conv2d(avg_pool2d(c1), 16, kernel = 5));
        let c5 = tanh(dense(flatten(avg_pool2d(c3)), 120));
        let f6 = tanh(dense(c5, 84));
        dense(f6, 10)
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
    let folder = std::env::args_os().nth(1).map(PathBuf::from).ok_or("usage: lenet DIR")?;
    let [training, test] = read(&folder)?;
    println!("{}", LeNet5::SUMMARY);
    let mut model = LeNet5::new(1);
    let history = model.fit::<32>(&training).optimizer(Adam::new(1e-3)).epochs(6).seed(1).run()?;
    println!("{history}");
    println!("test accuracy {:.4}", model.evaluate::<128>(&test)?.accuracy);
    Ok(())
}
