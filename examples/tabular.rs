//! Five small tables, cross-validated: five stratified folds, three seeds, everything fitted on the training part only.
//!
//! `cargo run --release --example tabular`; `benches/tabular.py` runs scikit-learn's networks the same way.

use std::error::Error;
use std::path::{Path, PathBuf};

use graven::data::csv::Table;
use graven::metrics::R2;
use graven::prelude::*;
use graven::report::RunReport;

graven::network! {
    /// 8×8 digits.
    pub struct Optdigits;
    fn forward(pixels: [64]) -> [10] { dense(dense(pixels, 32, activation = relu), 10) }
    fn loss(logits, digit: index<10>) { cross_entropy(logits, digit) }
}

graven::network! {
    /// Three species from four measurements.
    pub struct Iris;
    fn forward(measurements: [4]) -> [3] { dense(dense(measurements, 32, activation = relu), 3) }
    fn loss(logits, species: index<3>) { cross_entropy(logits, species) }
}

graven::network! {
    /// Three growers from thirteen chemical measurements.
    pub struct Wine;
    fn forward(measurements: [13]) -> [3] { dense(dense(measurements, 32, activation = relu), 3) }
    fn loss(logits, grower: index<3>) { cross_entropy(logits, grower) }
}

graven::network! {
    /// Malignant (0) or benign (1) from thirty measurements of cell nuclei.
    pub struct BreastCancer;
    fn forward(measurements: [30]) -> [1] { dense(dense(measurements, 32, activation = relu), 1) }
    fn loss(logit, benign: [1]) { binary_cross_entropy_with_logits(logit, benign) }
}

graven::network! {
    /// Progress of diabetes from ten measurements.
    pub struct Diabetes;
    fn forward(measurements: [10]) -> [1] { dense(dense(measurements, 32, activation = relu), 1) }
    fn loss(progress, target: [1]) { mse(progress, target) }
}

const FOLDS: usize = 5;
const SEEDS: [u64; 3] = [1, 2, 3];

type Scores = Result<Vec<f64>, Box<dyn Error>>;

/// Accuracies of a classifier: one for each fold of each seed.
macro_rules! accuracies {
    ($network:ty, $data:expr) => {{
        let data = $data;
        let mut scores = Vec::new();
        for seed in SEEDS {
            for (mut training, mut test) in data.stratified_k_fold(FOLDS, seed)? {
                let scaling = Standardize::fit(&training);
                scaling.apply(&mut training);
                scaling.apply(&mut test);
                let mut model = <$network>::new(seed);
                model.fit::<32>(&training).optimizer(Adam::new(1e-3)).epochs(100).seed(seed).progress(false).run()?;
                scores.push(f64::from(model.evaluate::<32>(&test)?.accuracy));
            }
        }
        scores
    }};
}

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)
}

fn table(name: &str) -> Result<Table, DataError> {
    Csv::new().read(file(name))
}

fn optdigits() -> Scores {
    let table = Csv::new().headers(false).read(file("digits.csv.gz"))?;
    Ok(accuracies!(Optdigits, Dataset::new(table.values::<[f32; 64]>(0..64)?, table.values::<Index<10>>(64)?)?))
}

fn iris() -> Scores {
    let table = table("iris.csv")?;
    Ok(accuracies!(Iris, Dataset::new(table.values::<[f32; 4]>(0..4)?, table.values::<Index<3>>(4)?)?))
}

fn wine() -> Scores {
    let table = table("wine_data.csv")?;
    Ok(accuracies!(Wine, Dataset::new(table.values::<[f32; 13]>(0..13)?, table.values::<Index<3>>(13)?)?))
}

fn breast_cancer() -> Scores {
    let table = table("breast_cancer.csv")?;
    Ok(accuracies!(BreastCancer, Dataset::new(table.values::<[f32; 30]>(0..30)?, table.values::<[f32; 1]>(30)?)?))
}

/// R² on five plain folds; the targets are standardised by the training part too.
fn diabetes() -> Scores {
    let tables = Csv::new().headers(false).delimiter(b' ');
    let inputs = tables.read(file("diabetes_data_raw.csv.gz"))?.values::<[f32; 10]>(0..10)?;
    let data = Dataset::new(inputs, tables.read(file("diabetes_target.csv.gz"))?.values::<[f32; 1]>(0)?)?;
    let mut scores = Vec::new();
    for seed in SEEDS {
        for (mut training, mut test) in data.k_fold(FOLDS, seed)? {
            let (inputs, targets) = (Standardize::fit(&training), Standardize::fit_targets(&training));
            for part in [&mut training, &mut test] {
                inputs.apply(part);
                targets.apply_targets(part);
            }
            let mut model = Diabetes::new(seed);
            let fit = model.fit::<32>(&training).optimizer(Adam::new(1e-3)).epochs(40).seed(seed).progress(false);
            let history = fit.run()?;
            let mut r2 = R2::new();
            model.evaluate_with::<32>(&test, &mut [&mut r2])?;
            scores.push(r2.value());
            if scores.len() == SEEDS.len() * FOLDS {
                RunReport::new(&*model, &history)
                    .seed("folds", seed)
                    .save(std::env::temp_dir().join("diabetes.json"))?;
            }
        }
    }
    Ok(scores)
}

fn show(name: &str, score: &str, scores: &[f64]) {
    let count = scores.len() as f64;
    let mean = scores.iter().sum::<f64>() / count;
    let deviation = (scores.iter().map(|score| (score - mean).powi(2)).sum::<f64>() / count).sqrt();
    println!("{name:<14} {score:<9} {mean:.4} ± {deviation:.4}");
}

fn main() -> Result<(), Box<dyn Error>> {
    show("optdigits", "accuracy", &optdigits()?);
    show("iris", "accuracy", &iris()?);
    show("wine", "accuracy", &wine()?);
    show("breast cancer", "accuracy", &breast_cancer()?);
    show("diabetes", "R²", &diabetes()?);
    Ok(())
}
