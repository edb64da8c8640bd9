//! The convolutional network of Keras' MNIST example on Fashion-MNIST, or on MNIST.
//!
//! `cargo run --release --example fashion -- DIR [EPOCHS [CURVES]]`, where `DIR` holds the four idx files, plain or `.gz`,
//! and `CURVES` is a picture to write, say `curves.svg`.

use std::error::Error;
use std::path::{Path, PathBuf};

use graven::prelude::*;

graven::network! {
    /// Two convolutions, a pool, and two dense layers, with dropout.
    pub struct KerasCnn;

    fn forward(image: [28, 28]) -> [10] {
        let image = reshape(image, [28, 28, 1]);
        let conv1 = conv2d(image, 32, kernel = 3, activation = relu);
        let conv2 = conv2d(conv1, 64, kernel = 3, activation = relu);
        let features = dropout(max_pool2d(conv2, 2), 0.25);
        let hidden = dense(flatten(features), 128, activation = relu);
        dense(dropout(hidden, 0.5), 10)
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
    let mut arguments = std::env::args_os().skip(1);
    let folder = arguments.next().map(PathBuf::from).ok_or("usage: fashion DIR [EPOCHS [CURVES]]")?;
    let epochs = arguments.next().map_or(Ok(12), |epochs| epochs.to_string_lossy().parse())?;
    let curves = arguments.next();
    let [data, test] = read(&folder)?;
    let (training, validation) = data.split(0.95, 1)?;
    println!("{}", KerasCnn::SUMMARY);

    let mut model = KerasCnn::new(1);
    let history = model
        .fit::<64>(&training)
        .optimizer(Adam::new(1e-3))
        .epochs(epochs)
        .validation(&validation)
        .keep_best(true)
        .seed(1)
        .run()?;
    println!("{history}");
    if let Some(curves) = curves {
        history.plot(curves)?;
    }
    println!("test accuracy {:.4}", model.evaluate::<128>(&test)?.accuracy);
    Ok(())
}
