//! Training graphs in 64 bits against PyTorch's losses, gradients, running statistics and Adam steps, where its files
//! are at hand: what a graph means, without the rounding of generated code.

mod flow_common;
mod golden_networks;

use std::path::{Path, PathBuf};

use flow_common::{AUTOENCODER, MLP, MLP2};
use golden_networks::{CNN, DSCNN, MOBILENET, RESNET8};
use graven_compiler::ir::op::Op;
use graven_compiler::ir::{Graph, Purpose};
use graven_compiler::passes;
use graven_compiler::rules::eval::{Environment, evaluate};
use half::f16;
use ndarray::{ArrayD, IxDyn, Zip};
use safetensors::{Dtype, SafeTensors};

const ROWS: usize = 4;

/// The folder of the goldens, which is not part of the repository.
fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/peers/goldens");
    folder.is_dir().then_some(folder)
}

struct File(Vec<u8>);

impl File {
    fn open(folder: &Path, name: &str) -> Self {
        Self(std::fs::read(folder.join(format!("{name}.safetensors"))).expect("the file is readable"))
    }

    fn tensors(&self) -> SafeTensors<'_> {
        SafeTensors::deserialize(&self.0).expect("the file is whole")
    }

    fn names(&self) -> Vec<String> {
        self.tensors().names().into_iter().map(ToOwned::to_owned).collect()
    }

    fn get(&self, name: &str) -> ArrayD<f64> {
        let tensors = self.tensors();
        let view = tensors.tensor(name).unwrap_or_else(|_| panic!("the file has {name}"));
        let values: Vec<f64> = match view.dtype() {
            Dtype::F16 => view.data().as_chunks().0.iter().map(|bytes| f16::from_le_bytes(*bytes).to_f64()).collect(),
            Dtype::F32 => view.data().as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes).into()).collect(),
            Dtype::I64 => view.data().as_chunks().0.iter().map(|bytes| i64::from_le_bytes(*bytes) as f64).collect(),
            other => panic!("{name} is of {other:?}"),
        };
        ArrayD::from_shape_vec(IxDyn(view.shape()), values).expect("as many values as the shape says")
    }
}

/// The name in PyTorch's files: `dense_1.weight` is `layers.1.weight` if `dense` is called `layers` there.
fn file_name(name: &str, kinds: &[(&str, &str)]) -> String {
    let (layer, leaf) = name.rsplit_once('.').expect("a layer and a leaf");
    let (kind, count) = match layer.rsplit_once('_') {
        Some((kind, count)) if count.parse::<usize>().is_ok() => (kind, count),
        _ => (layer, "0"),
    };
    let renamed = kinds.iter().find(|(own, _)| *own == kind);
    renamed.map_or_else(|| name.to_owned(), |(_, theirs)| format!("{theirs}.{count}.{leaf}"))
}

/// `max|a − b| ≤ relative·max|b| + absolute`
fn assert_close(what: &str, found: &ArrayD<f64>, expected: &ArrayD<f64>, [relative, absolute]: [f64; 2]) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let scale = expected.iter().fold(0.0_f64, |scale, value| scale.max(value.abs()));
    for (position, (a, b)) in found.iter().zip(expected).enumerate() {
        assert!((a - b).abs() <= relative * scale + absolute, "{what}[{position}]: {a} is not {b}");
    }
}

/// Adam as the paper and PyTorch have it: the epsilon behind the corrected root.
struct Adam {
    steps: i32,
    moments: Vec<[ArrayD<f64>; 2]>,
}

impl Adam {
    const RATE: f64 = 1e-3;
    const DECAY: [f64; 2] = [0.9, 0.999];
    const EPSILON: f64 = 1e-7;

    fn new(parameters: &[ArrayD<f64>]) -> Self {
        let zeros = |values: &ArrayD<f64>| ArrayD::zeros(values.raw_dim());
        Self { steps: 0, moments: parameters.iter().map(|values| [zeros(values), zeros(values)]).collect() }
    }

    fn update(&mut self, position: usize, values: &mut ArrayD<f64>, gradient: &ArrayD<f64>) {
        let [first, second] = Self::DECAY;
        let corrections = Self::DECAY.map(|decay| 1.0 - decay.powi(self.steps));
        let [mean, square] = &mut self.moments[position];
        Zip::from(values).and(mean).and(square).and(gradient).for_each(|value, mean, square, &gradient| {
            *mean = first * *mean + (1.0 - first) * gradient;
            *square = second * *square + (1.0 - second) * gradient * gradient;
            let root = (*square / corrections[1]).sqrt();
            *value -= Self::RATE * (*mean / corrections[0]) / (root + Self::EPSILON);
        });
    }

    /// Takes a step with what the graph gives, and returns the loss before it.
    fn step(&mut self, graph: &Graph, environment: &mut Environment) -> f64 {
        self.steps += 1;
        let mut loss = f64::NAN;
        for (purpose, result) in evaluate(graph, environment) {
            match purpose {
                Purpose::Loss => loss = result.sum(),
                Purpose::Gradient(position) => self.update(position, &mut environment.parameters[position], &result),
                Purpose::Assign(position) => environment.parameters[position] = result,
                Purpose::Output(_) => {}
            }
        }
        loss
    }
}

fn check_gradient(golden: &File, name: &str, found: &ArrayD<f64>) {
    let bounds = [1e-5, 1e-9];
    if golden.names().contains(&format!("grad.{name}")) {
        return assert_close(name, found, &golden.get(&format!("grad.{name}")), bounds);
    }
    let sample: Vec<f64> = found.iter().copied().step_by(found.len() / 1024).take(1024).collect();
    assert_close(name, &ndarray::arr1(&sample).into_dyn(), &golden.get(&format!("grad_sample.{name}")), bounds);
    let norm = found.iter().map(|value| value * value).sum::<f64>().sqrt();
    assert_close(name, &ndarray::arr1(&[norm]).into_dyn(), &golden.get(&format!("grad_norm.{name}")), bounds);
}

/// Weights that read flattened images, which PyTorch flattens channel by channel.
type Flattened = [(String, [usize; 3])];

fn flattened_image(flattened: &Flattened, name: &str) -> Option<[usize; 3]> {
    flattened.iter().find(|(known, _)| known == name).map(|(_, image)| *image)
}

fn standard(values: ArrayD<f64>) -> ArrayD<f64> {
    values.as_standard_layout().into_owned()
}

fn channels_last(values: ArrayD<f64>, [height, width, channels]: [usize; 3]) -> ArrayD<f64> {
    let shape = values.raw_dim();
    let split = values.into_shape_with_order(vec![shape[0], channels, height, width]).expect("a column a pixel");
    standard(split.permuted_axes(vec![0, 2, 3, 1])).into_shape_with_order(shape).expect("the same columns")
}

fn channels_first(values: ArrayD<f64>, [height, width, channels]: [usize; 3]) -> ArrayD<f64> {
    let shape = values.raw_dim();
    let split = values.into_shape_with_order(vec![shape[0], height, width, channels]).expect("a column a pixel");
    standard(split.permuted_axes(vec![0, 3, 1, 2])).into_shape_with_order(shape).expect("the same columns")
}

/// The first step, against what the golden says of it.
fn check_first_step(
    graph: &Graph,
    environment: &Environment,
    golden: &File,
    kinds: &[(&str, &str)],
    flattened: &Flattened,
) {
    let name = |position: usize| file_name(&graph.parameters[position].name, kinds);
    let mut gradients = 0;
    for (purpose, result) in evaluate(graph, environment) {
        match purpose {
            Purpose::Output(_) => assert_close("output", &result, &golden.get("train.output"), [1e-6, 0.0]),
            Purpose::Loss => assert_close("loss", &result, &golden.get("train.loss"), [1e-6, 0.0]),
            Purpose::Gradient(position) => {
                let image = flattened_image(flattened, &graph.parameters[position].name);
                let result = image.map_or(result.clone(), |image| channels_first(result, image));
                check_gradient(golden, &name(position), &result);
                gradients += 1;
            }
            Purpose::Assign(position) => {
                let name = name(position);
                assert_close(&name, &result, &golden.get(&format!("train.stat.{name}")), [1e-6, 0.0]);
            }
        }
    }
    assert_eq!(gradients, graph.parameters.iter().filter(|parameter| parameter.is_trainable()).count());
    let sinks = |wanted: fn(&Purpose) -> bool| graph.sinks.iter().filter(|sink| wanted(&sink.purpose)).count();
    let statistics = golden.names().iter().filter(|name| name.starts_with("train.stat.")).count();
    assert_eq!(sinks(|purpose| matches!(purpose, Purpose::Assign(_))), statistics);
}

fn check(source: &str, file: &str, kinds: &[(&str, &str)]) {
    let Some(folder) = folder() else { return };
    let golden = File::open(&folder, &format!("{file}.golden"));
    let weights = File::open(&folder, &format!("{file}.weights"));
    let network = flow_common::network(source);
    let graph = passes::train(network.training.clone().expect("the network has a loss"));
    assert!(!graph.values().any(|value| matches!(graph.op(value), Op::Random(_))));
    let flattened = &network.flattened;
    let parameters = graph.parameters.iter().map(|parameter| {
        let values = weights.get(&file_name(&parameter.name, kinds));
        flattened_image(flattened, &parameter.name).map_or(values.clone(), |image| channels_last(values, image))
    });
    let input = golden.get("in.x");
    let input = if input.ndim() == 4 { standard(input.permuted_axes(vec![0, 2, 3, 1])) } else { input };
    let mut environment = Environment {
        inputs: vec![input],
        targets: vec![golden.get("target")],
        parameters: parameters.collect(),
        rows: ROWS,
        inverse_total: 1.0 / ROWS as f64,
        ..Environment::default()
    };
    check_first_step(&graph, &environment, &golden, kinds, flattened);
    let mut adam = Adam::new(&environment.parameters);
    for (step, expected) in golden.get("adam_losses").iter().enumerate() {
        let loss = adam.step(&graph, &mut environment);
        assert!((loss - expected).abs() <= 1e-6 * expected.abs(), "step {step}: {loss} is not {expected}");
    }
}

#[test]
fn mlp() {
    check(MLP, "mlp", &[("dense", "layers")]);
}

#[test]
fn mlp2() {
    check(MLP2, "mlp2", &[("dense", "layers")]);
}

#[test]
fn autoencoder() {
    check(AUTOENCODER, "autoencoder", &[("dense", "fc"), ("batch_norm", "bn")]);
}

#[test]
fn cnn() {
    check(CNN, "cnn", &[]);
}

#[test]
fn dscnn() {
    check(DSCNN, "dscnn", &[]);
}

#[test]
fn resnet8() {
    check(RESNET8, "resnet8", &[]);
}

#[test]
fn mobilenet_v1_025() {
    check(MOBILENET, "mobilenet_v1_025", &[]);
}
