//! The primer's network: 784-128-2 with softmax, categorical cross-entropy and Adam, on odd against even digits. The
//! README has it beside its Keras program.
//!
//! `cargo run --release --example primer -- DIR`, where `DIR` holds the four idx files of MNIST, plain or `.gz`.

use graven::prelude::*;

// network and loss
graven::network! {
    /// The primer's classifier: 784 pixels, one hidden layer, two classes.
    pub struct Primer;
    fn forward(pixels: [784]) -> [2] { pixels.dense(128, activation = relu).dense(2, activation = softmax) }
    fn loss(probabilities, parity: index<2>) { categorical_cross_entropy(probabilities, parity) }
}

// data
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let [data, test] = idx::folder(std::env::args().nth(1).ok_or("usage: primer DIR")?)?;
    let data = data.map_inputs(|pixel| pixel / 255.0)?.with_targets(|digit: Index<10>| digit.get() % 2)?;
    let test = test.map_inputs(|pixel| pixel / 255.0)?.with_targets(|digit: Index<10>| digit.get() % 2)?;
    let (training, validation) = data.split(0.95, 1)?;

    // training
    let mut model = Primer::new(1);
    let fit = model.fit::<32>(&training).optimizer(Adam::new(1e-3)).epochs(10).validation(&validation).seed(1);
    println!("{}", fit.run()?);

    // score
    println!("test accuracy {:.4}", model.evaluate::<128>(&test)?.accuracy);
    Ok(())
}
