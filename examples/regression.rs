//! Progress of diabetes after a year from ten measurements, with an L2 penalty.
//!
//! `cargo run --release --example regression`

use std::error::Error;
use std::path::Path;

use graven::metrics::{Meters, R2, RootMeanSquaredError};
use graven::prelude::*;

graven::network! {
    /// Ten measurements, one number.
    pub struct Diabetes;

    fn forward(measurements: [10]) -> [1] {
        let hidden = dense(measurements, 16, activation = relu);
        dense(hidden, 1)
    }

    fn loss(progress, target: [1]) {
        mse(progress, target) + l2(5e-3)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let tables = Csv::new().headers(false).delimiter(b' ');
    let measurements = tables.read(folder.join("diabetes_data_raw.csv.gz"))?.values::<[f32; 10]>(0..10)?;
    let progress = tables.read(folder.join("diabetes_target.csv.gz"))?.values::<[f32; 1]>(0)?;

    let (mut training, mut test) = Dataset::new(measurements, progress)?.split(0.8, 5)?;
    let (inputs, targets) = (Standardize::fit(&training), Standardize::fit_targets(&training));
    for part in [&mut training, &mut test] {
        inputs.apply(part);
        targets.apply_targets(part);
    }

    let mut model = Diabetes::new(5);
    let history = model.fit::<32>(&training).optimizer(Adam::new(3e-3)).epochs(60).seed(5).run()?;
    println!("{history}");

    let mut predicted = model.predict_rows::<32>(test.inputs())?;
    let mut measured = test.targets().to_vec();
    targets.invert_rows(&mut predicted);
    targets.invert_rows(&mut measured);
    let mut meters: Meters<'_, [f32; 1], [f32; 1]> = Meters::new().with(RootMeanSquaredError::new()).with(R2::new());
    meters.update(&predicted, &measured);
    for score in meters.measured() {
        println!("{score}");
    }
    Ok(())
}
