//! PyTorch's goldens and how a network is compared with one.
#![allow(dead_code, unused_macros, unused_imports, reason = "not every test file uses every helper")]

use std::path::{Path, PathBuf};

use graven::{Index, Network};
use safetensors::SafeTensors;

pub const ROWS: usize = 4;

/// The folder of the goldens, which is not part of the repository.
pub fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/peers/goldens");
    folder.is_dir().then_some(folder)
}

pub struct Golden(Vec<u8>);

impl Golden {
    pub fn open(folder: &Path, name: &str) -> Self {
        Self(std::fs::read(folder.join(format!("{name}.golden.safetensors"))).expect("the golden is readable"))
    }

    pub fn names(&self) -> Vec<String> {
        let tensors = SafeTensors::deserialize(&self.0).expect("the golden is whole");
        tensors.names().into_iter().map(ToOwned::to_owned).collect()
    }

    pub fn reals(&self, name: &str) -> Vec<f32> {
        let tensors = SafeTensors::deserialize(&self.0).expect("the golden is whole");
        let view = tensors.tensor(name).unwrap_or_else(|_| panic!("the golden has {name}"));
        view.data().as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
    }

    pub fn rows<const N: usize>(&self, name: &str) -> [[f32; N]; ROWS] {
        let values = self.reals(name);
        let (rows, rest) = values.as_chunks::<N>();
        assert!(rest.is_empty());
        rows.try_into().expect("four rows")
    }

    /// Images, which PyTorch has channel by channel.
    pub fn images<const H: usize, const W: usize, const C: usize>(&self, name: &str) -> [[[[f32; C]; W]; H]; ROWS] {
        let values = self.reals(name);
        assert_eq!(values.len(), ROWS * H * W * C, "{name}");
        let value = |row, line, column, channel| values[((row * C + channel) * H + line) * W + column];
        std::array::from_fn(|row| {
            std::array::from_fn(|line| {
                std::array::from_fn(|column| std::array::from_fn(|channel| value(row, line, column, channel)))
            })
        })
    }

    /// The target as classes.
    pub fn labels<const CLASSES: usize>(&self) -> [Index<CLASSES>; ROWS] {
        let tensors = SafeTensors::deserialize(&self.0).expect("the golden is whole");
        let bytes = tensors.tensor("target").expect("a target").data().to_vec();
        let labels: Vec<Index<CLASSES>> = (bytes.as_chunks::<8>().0.iter())
            .map(|bytes| Index::new(i64::from_le_bytes(*bytes) as usize).expect("a class"))
            .collect();
        labels.try_into().expect("four rows")
    }
}

/// `max|a − b| ≤ tolerance·max|b|`
pub fn assert_close(what: &str, found: &[f32], expected: &[f32], tolerance: f32) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let scale = expected.iter().fold(0.0f32, |scale, value| scale.max(value.abs()));
    assert_within(what, found, expected, tolerance * scale);
}

pub fn assert_within(what: &str, found: &[f32], expected: &[f32], bound: f32) {
    for (position, (a, b)) in found.iter().zip(expected).enumerate() {
        assert!((a - b).abs() <= bound, "{what}[{position}]: {a} is not within {bound} of {b}");
    }
}

/// Every tensor of the golden whose name starts with `prefix`, beside the model's under its own name.
pub fn model_name<'a>(golden_name: &'a str, prefix: &str) -> Option<&'a str> {
    golden_name.strip_prefix(prefix)
}

pub fn check_gradients(
    golden: &Golden,
    gradient: impl Fn(&str) -> Option<Vec<f32>>,
    before_norm: impl Fn(&str) -> bool,
) {
    let mut compared = 0;
    for golden_name in golden.names() {
        if let Some(name) = model_name(&golden_name, "grad.") {
            let found = gradient(name).unwrap_or_else(|| panic!("a gradient of {name}"));
            let expected = golden.reals(&golden_name);
            if before_norm(name) {
                assert_within(name, &found, &expected, 1e-6);
            } else {
                assert_close(name, &found, &expected, 1e-4);
            }
            compared += 1;
        } else if let Some(name) = model_name(&golden_name, "grad_sample.") {
            let found = gradient(name).unwrap_or_else(|| panic!("a gradient of {name}"));
            let step = found.len() / 1024;
            let sample: Vec<f32> = found.iter().copied().step_by(step).take(1024).collect();
            assert_close(name, &sample, &golden.reals(&golden_name), 1e-4);
            let norm = found.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt() as f32;
            assert_close(name, &[norm], &golden.reals(&format!("grad_norm.{name}")), 1e-4);
            compared += 1;
        }
    }
    assert!(compared >= 4, "only {compared} gradients compared");
}

pub fn tensor_length<N: Network>(name: &str) -> Option<usize> {
    N::tensors().iter().find(|info| info.name == name).map(|info| info.len())
}

/// A weight that reads flattened images, with its columns in PyTorch's order.
pub fn channels_first<N: Network>(name: &str, values: Vec<f32>) -> Vec<f32> {
    let Some((_, [height, width, channels])) = N::FLATTENED.iter().find(|(known, _)| *known == name) else {
        return values;
    };
    let pixels = height * width;
    let column = |place: usize| place % pixels * channels + place / pixels;
    let row = |row: &[f32]| (0..row.len()).map(|place| row[column(place)]).collect::<Vec<f32>>();
    values.chunks(pixels * channels).flat_map(row).collect()
}

/// A test of a network with the golden of a file: its inputs, outputs and targets, the name of a tensor of the file, whether
/// its gradient is zero but for rounding, and the steps of Adam that are compared.
macro_rules! golden_test {
    ($test:ident, $model:ident, $file:literal, $input:expr, $output:literal, $target:expr, $from_file:expr, $before_norm:expr, $steps:literal) => {
        #[test]
        fn $test() {
            let Some(folder) = folder() else { return };
            let golden = Golden::open(&folder, $file);
            let from_file: fn(&str) -> String = $from_file;
            #[allow(clippy::redundant_closure_call, reason = "each network has its own kind of input")]
            let inputs = ($input)(&golden);
            #[allow(clippy::redundant_closure_call, reason = "each network has its own kind of target")]
            let targets = ($target)(&golden);
            let load = || {
                let mut model = $model::new(1);
                let path = folder.join(concat!($file, ".weights.safetensors"));
                let weights = Weights::open(path).expect("the file is readable").rename(from_file).channels_first();
                weights.load_into(&mut *model).expect("the weights fit");
                model
            };

            let model = load();
            let output = model.predict(&inputs);
            assert_close("output", output.as_flattened(), &golden.reals("eval.output"), 1e-5);
            let mut memory = <$model as Trainable>::Training::<ROWS>::boxed();
            let mut outputs = [[0.0; $output]; ROWS];
            let loss = model.evaluate_rows::<ROWS>(&mut memory, &inputs, &targets, &mut outputs).expect("four rows");
            assert_within("loss", &[loss], &golden.reals("eval.loss"), 1e-6);

            let mut model = load();
            let mut gradients = <$model as Trainable>::Gradients::boxed();
            let loss = model.gradients(&mut memory, &inputs, &targets, &mut gradients);
            assert_within("training loss", &[loss], &golden.reals("train.loss"), 1e-6);
            let gradient = |file_name: &str| {
                let name = from_file(file_name);
                let mut values = vec![0.0; tensor_length::<$model>(&name)?];
                gradients.tensor(&name, &mut values).ok()?;
                Some(channels_first::<$model>(&name, values))
            };
            check_gradients(&golden, gradient, $before_norm);
            for golden_name in golden.names() {
                let Some(file_name) = model_name(&golden_name, "train.stat.") else { continue };
                let name = from_file(file_name);
                let mut values = vec![0.0; tensor_length::<$model>(&name).expect("the model has the statistic")];
                model.tensor(&name, &mut values).expect("the model has the statistic");
                assert_close(&name, &values, &golden.reals(&golden_name), 1e-5);
            }

            let mut model = load();
            let adam = Adam::new(1e-3);
            let mut state = <Adam as Optimizer>::State::<$model>::boxed();
            let losses: Vec<f32> =
                (0..10).map(|_| model.train_step(&mut memory, &adam, &mut state, &inputs, &targets)).collect();
            for (found, expected) in losses.iter().zip(golden.reals("adam_losses")).take($steps) {
                assert!((found - expected).abs() <= 1e-4 * expected.abs(), "{losses:?}");
            }
        }
    };
}

/// `layers.1.weight` to `dense_1.weight`, `layers.0.weight` to `dense.weight`.
pub fn counted(prefix: &str, kind: &str, name: &str) -> Option<String> {
    let (count, leaf) = name.strip_prefix(prefix)?.strip_prefix('.')?.split_once('.')?;
    Some(if count == "0" { format!("{kind}.{leaf}") } else { format!("{kind}_{count}.{leaf}") })
}

pub fn never(_: &str) -> bool {
    false
}

pub(crate) use golden_test;
