//! The primer's network: 784-128-2 with softmax, categorical cross-entropy and Adam, on odd against even digits.
//!
//! `cargo run --release --example primer -- DIR`, where `DIR` holds the four idx files of MNIST, plain or `.gz`.

use std::error::Error;
use std::path::PathBuf;

use graven::prelude::*;

graven::network! {
    /// The primer's classifier: 784 pixels, one hidden layer, two classes.
    pub struct Primer;

    fn forward(pixels: [784]) -> [2] {
        let hidden = dense(pixels, 128, activation = relu);
        dense(hidden, 2, activation = softmax)
    }

    fn loss(probabilities, target: [2]) {
        categorical_cross_entropy(probabilities, target)
    }
}

type Images = Dataset<[f32; 784], [f32; 2]>;

fn parities(digits: &Dataset<[f32; 784], Index<10>>) -> Result<Images, DataError> {
    let parity = |digit: &Index<10>| if digit.get().is_multiple_of(2) { [1.0, 0.0] } else { [0.0, 1.0] };
    let parities: Vec<[f32; 2]> = digits.targets().iter().map(parity).collect();
    Dataset::new(digits.inputs(), parities)?.map_inputs(|pixel| pixel / 255.0)
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from).ok_or("usage: primer DIR")?;
    let [data, test] = idx::folder(folder)?;
    let (data, test) = (parities(&data)?, parities(&test)?);
    let (training, validation) = data.split(0.95, 1)?;

    let mut model = Primer::new(1);
    let history =
        model.fit::<32>(&training).optimizer(Adam::new(1e-3)).epochs(10).validation(&validation).seed(1).run()?;
    println!("{history}");
    println!("weights hash {:016x}", model.weights_hash());
    println!("test accuracy {:.4}", model.evaluate::<128>(&test)?.accuracy);
    Ok(())
}
