//! Three species of iris from four measurements.
//!
//! `cargo run --release --example iris`

use std::error::Error;
use std::path::Path;

use graven::data::csv::Csv;
use graven::prelude::*;

graven::network! {
    /// Four measurements, sixteen hidden units, three species.
    pub struct Iris;

    fn forward(measurements: [4]) -> [3] {
        let hidden = dense(measurements, 16, activation = tanh);
        dense(hidden, 3, activation = softmax)
    }

    fn loss(probabilities, species: index<3>) {
        categorical_cross_entropy(probabilities, species)
    }
}

const SPECIES: [&str; 3] = ["setosa", "versicolor", "virginica"];

fn main() -> Result<(), Box<dyn Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/iris.csv");
    let table = Csv::new().read(path)?;
    let data = Dataset::new(table.values::<[f32; 4]>(0..4)?, table.values::<Index<3>>(4)?)?;

    let (mut training, mut test) = data.split(0.8, 3)?;
    let scaling = Standardize::fit(&training);
    scaling.apply(&mut training);
    scaling.apply(&mut test);

    let mut model = Iris::new(3);
    model.fit::<8>(&training).optimizer(Adam::new(1e-2)).epochs(60).seed(3).run()?;

    let mut flower = [[6.1, 2.8, 4.7, 1.2]];
    scaling.apply_rows(&mut flower);
    let [probabilities] = *model.predict(&flower);
    for (species, probability) in SPECIES.iter().zip(probabilities) {
        println!("{species:>10} {probability:.3}");
    }
    println!("test accuracy {:.4}", model.evaluate::<8>(&test)?.accuracy);
    Ok(())
}
