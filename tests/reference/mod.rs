//! Compares generated models with the reference evaluator on the same declaration: outputs, losses, gradients and
//! running statistics, for several numbers of rows.
#![allow(dead_code, unused_imports, unused_macros, reason = "not every test file uses every helper")]

use graven::{Element, Network, Sample, Trainable, TrainingMemory, Zeroable};
use graven_compiler::ir::{Graph, Port, Purpose};
use graven_compiler::rules::eval::{Environment, evaluate};
use graven_compiler::{network, passes, stage, syntax};
use ndarray::{ArrayD, IxDyn};

/// Rows that every memory holds.
const CAPACITY: usize = 8;
const SEED: u64 = 11;

/// Declares a network and a test that compares it with the evaluator.
macro_rules! compare {
    ($test:ident { $($declaration:tt)* }) => {
        mod $test {
            graven::network! { pub struct Net; $($declaration)* }

            #[test]
            fn equals_the_evaluator() {
                let text = concat!("pub struct Net;", stringify!($($declaration)*));
                let gradient = |gradients: &NetGradients, name: &str, values: &mut [f32]| {
                    gradients.tensor(name, values).is_ok()
                };
                for rows in [1, 3, 8] {
                    crate::reference::check::<Net>(text, rows, gradient);
                }
            }
        }
    };
}
pub(crate) use compare;

/// Rows of one tensor, or of several.
pub trait Fill {
    /// Other numbers for every salt.
    fn fill(&mut self, salt: usize);
}

impl<T: Element> Fill for Vec<T> {
    fn fill(&mut self, salt: usize) {
        for (position, value) in T::reals_mut(self).iter_mut().enumerate() {
            *value = number(position + 1000 * salt);
        }
        let indices: Vec<f32> = (0..self.len() * T::WIDTH).map(|i| ((i * 5 + salt) % 3) as f32).collect();
        T::set_indices(self, &indices);
    }
}

macro_rules! fill_tuple {
    ($($name:ident $place:tt)+) => {
        impl<$($name: Element),+> Fill for ($(Vec<$name>,)+) {
            fn fill(&mut self, salt: usize) {
                $(self.$place.fill(10 * salt + $place);)+
            }
        }
    };
}

fill_tuple!(A 0 C 1);
fill_tuple!(A 0 C 1 D 2);

/// A number of [-1, 1) for a position.
fn number(position: usize) -> f32 {
    let word = (position as u32 + 1).wrapping_mul(0x9e37_79b9);
    let word = (word ^ (word >> 15)).wrapping_mul(0x85eb_ca6b);
    (word >> 8) as f32 / (1 << 23) as f32 - 1.0
}

/// Makes rows of other numbers for every salt.
pub fn sample<T: Sample<Rows: Fill>>(rows: usize, salt: usize) -> T::Rows {
    let mut made = T::zeros(rows);
    made.fill(salt);
    made
}

/// Samples as the evaluator sees them.
fn arrays<T: Sample>(slices: T::Slices<'_>, ports: &[Port], rows: usize) -> Vec<ArrayD<f64>> {
    let mut ports = ports.iter();
    let mut arrays = Vec::new();
    T::visit(slices, &mut |flat, _| {
        let values = match flat {
            graven::rt::sample::Flat::Reals(reals) => widened(reals),
            graven::rt::sample::Flat::Indices(indices) => indices.iter().map(|index| f64::from(*index)).collect(),
        };
        let dims = ports.next().expect("a port for each tensor").ty.shape.at(rows);
        arrays.push(ArrayD::from_shape_vec(IxDyn(&dims), values).expect("a value for each element"));
    });
    arrays
}

fn widened(values: &[f32]) -> Vec<f64> {
    values.iter().map(|value| f64::from(*value)).collect()
}

/// Sets every tensor to other numbers, variances to positive ones, and gives them to the evaluator.
fn set_parameters<N: Network>(model: &mut N, graph: &Graph) -> Vec<ArrayD<f64>> {
    let set = |(salt, parameter): (usize, &graven_compiler::ir::Parameter)| {
        let base = if parameter.name.ends_with("running_var") { 1.0 } else { 0.0 };
        let values: Vec<f32> = (0..parameter.len()).map(|i| base + 0.5 * number(i + 7000 * (salt + 1))).collect();
        model.set_tensor(&parameter.name, &values).expect("a tensor of that name and length");
        ArrayD::from_shape_vec(IxDyn(&parameter.shape), widened(&values)).expect("a value for each element")
    };
    graph.parameters.iter().enumerate().map(set).collect()
}

/// Fails unless both are close in proportion to the largest value.
fn assert_close(what: &str, found: &[f32], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len(), "length of {what}");
    let largest = expected.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    for (position, (found, expected)) in widened(found).iter().zip(expected).enumerate() {
        let difference = (found - expected).abs();
        assert!(difference <= tolerance * largest + 1e-6, "{what}[{position}] is {found}, not {expected}");
    }
}

/// What a graph keeps, by purpose.
struct Kept(Vec<(Purpose, ArrayD<f64>)>);

impl Kept {
    fn of(graph: &Graph, environment: &Environment) -> Self {
        Self(evaluate(graph, environment))
    }

    fn get(&self, purpose: Purpose) -> Option<Vec<f64>> {
        let (_, values) = self.0.iter().find(|(kept, _)| *kept == purpose)?;
        Some(values.iter().copied().collect())
    }

    fn assert(&self, purpose: Purpose, found: &[f32], tolerance: f64) {
        let expected = self.get(purpose).unwrap_or_else(|| panic!("{purpose:?} is kept"));
        assert_close(&format!("{purpose:?}"), found, &expected, tolerance);
    }
}

/// One declaration, its model and the numbers it is run on.
struct Case<N: Trainable> {
    declared: network::Network,
    model: Box<N>,
    inputs: <N::Input as Sample>::Rows,
    targets: <N::Target as Sample>::Rows,
    outputs: <N::Output as Sample>::Rows,
    environment: Environment,
}

impl<N: Trainable> Case<N>
where
    N::Input: Sample<Rows: Fill>,
    N::Target: Sample<Rows: Fill>,
{
    fn new(text: &str, rows: usize) -> Self {
        let ast = syntax::parse(text.parse().expect("tokens")).expect("no syntax error");
        let declared = stage::stage(&ast).expect("no mistake");
        let training = declared.training.as_ref().expect("a loss");
        let mut model = N::boxed();
        let (inputs, targets) = (sample::<N::Input>(rows, 1), sample::<N::Target>(rows, 2));
        let environment = Environment {
            parameters: set_parameters(&mut *model, training),
            inputs: arrays::<N::Input>(N::Input::slices(&inputs), &training.inputs, rows),
            targets: arrays::<N::Target>(N::Target::slices(&targets), &training.targets, rows),
            rows,
            inverse_total: 1.0 / rows as f64,
            seed: SEED,
            ..Environment::default()
        };
        Self { declared, model, inputs, targets, outputs: N::Output::zeros(rows), environment }
    }

    fn assert_outputs(&self, kept: &Kept) {
        let mut position = 0;
        N::Output::visit(N::Output::slices(&self.outputs), &mut |flat, _| {
            if let graven::rt::sample::Flat::Reals(reals) = flat {
                kept.assert(Purpose::Output(position), reals, 2e-5);
            }
            position += 1;
        });
    }

    fn check_forward(&mut self) {
        let mut memory = N::Forward::<CAPACITY>::boxed();
        let (inputs, outputs) = (N::Input::slices(&self.inputs), N::Output::slices_mut(&mut self.outputs));
        self.model.forward_rows::<CAPACITY>(&mut memory, inputs, outputs).expect("rows that fit");
        self.assert_outputs(&Kept::of(&self.declared.forward, &self.environment));
    }

    fn check_evaluation(&mut self, memory: &mut N::Training<CAPACITY>) {
        self.outputs = N::Output::zeros(self.environment.rows);
        let (inputs, targets) = (N::Input::slices(&self.inputs), N::Target::slices(&self.targets));
        let outputs = N::Output::slices_mut(&mut self.outputs);
        let loss = self.model.evaluate_rows::<CAPACITY>(memory, inputs, targets, outputs).expect("rows that fit");
        let kept = Kept::of(self.declared.evaluation.as_ref().expect("a loss"), &self.environment);
        self.assert_outputs(&kept);
        kept.assert(Purpose::Loss, &[loss], 1e-5);
    }

    /// Two steps, so that random numbers change.
    fn check_training(
        &mut self,
        memory: &mut N::Training<CAPACITY>,
        gradient: impl Fn(&N::Gradients, &str, &mut [f32]) -> bool,
    ) {
        let graph = passes::train(self.declared.training.clone().expect("a loss"));
        let mut gradients = N::Gradients::boxed();
        for step in 0..2 {
            self.environment.parameters = set_parameters(&mut *self.model, &graph);
            self.environment.step = step;
            let (inputs, targets) = (N::Input::slices(&self.inputs), N::Target::slices(&self.targets));
            let loss = self.model.gradients_rows::<CAPACITY>(memory, inputs, targets, &mut gradients);
            let kept = Kept::of(&graph, &self.environment);
            kept.assert(Purpose::Loss, &[loss.expect("rows that fit")], 1e-5);
            self.check_tensors(&graph, &kept, |name, values| gradient(&gradients, name, values));
        }
    }

    fn check_tensors(&self, graph: &Graph, kept: &Kept, gradient: impl Fn(&str, &mut [f32]) -> bool) {
        for (position, parameter) in graph.parameters.iter().enumerate() {
            let mut values = vec![0.0; parameter.len()];
            assert_eq!(gradient(&parameter.name, &mut values), parameter.is_trainable(), "{}", parameter.name);
            match kept.get(Purpose::Gradient(position)) {
                Some(expected) => {
                    assert_close(&format!("the gradient of {}", parameter.name), &values, &expected, 1e-4);
                }
                None => assert!(values.iter().all(|value| *value == 0.0), "{} has a gradient", parameter.name),
            }
            self.model.tensor(&parameter.name, &mut values).expect("a tensor of that name and length");
            let before: Vec<f64> = self.environment.parameters[position].iter().copied().collect();
            let expected = kept.get(Purpose::Assign(position)).unwrap_or(before);
            assert_close(&parameter.name, &values, &expected, 1e-5);
        }
    }
}

/// Runs a model and the evaluator side by side.
pub fn check<N: Trainable>(text: &str, rows: usize, gradient: impl Fn(&N::Gradients, &str, &mut [f32]) -> bool)
where
    N::Input: Sample<Rows: Fill>,
    N::Target: Sample<Rows: Fill>,
{
    let mut case = Case::<N>::new(text, rows);
    case.check_forward();
    let mut memory = N::Training::<CAPACITY>::boxed();
    memory.reseed(SEED);
    case.check_evaluation(&mut memory);
    case.check_training(&mut memory, gradient);
}
