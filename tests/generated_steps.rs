//! Rows, micro-batches, seeds and tensors of emitted code.

mod reference;

use graven::{
    Accumulate, Adam, GlobalNorm, Network, Optimizer, RowsError, Sgd, TensorError, Trainable, TrainingMemory, Zeroable,
    network,
};
use reference::sample;

network! {
    #[derive(Clone)]
    struct Dropping;

    fn forward(x: [13]) -> [5] {
        let x = dropout(gaussian_noise(x, 0.5), 0.4);
        let hidden = layer_norm(dense(x, 35, activation = tanh));
        dense(hidden, 5)
    }

    fn loss(y, t: [5]) { mse(y, t) + l2(1e-2) }
}

network! {
    struct Normal;

    fn forward(x: [13]) -> [5] { dense(batch_norm(dense(x, 6)), 5) }

    fn loss(y, t: [5]) { mse(y, t) }
}

type Rows = Vec<[f32; 13]>;
type Answers = Vec<[f32; 5]>;

fn rows(count: usize) -> (Rows, Answers) {
    (sample::<[f32; 13]>(count, 1), sample::<[f32; 5]>(count, 2))
}

/// What steps leave behind.
#[derive(Debug, PartialEq)]
struct Trace {
    losses: Vec<f32>,
    outputs: Answers,
    parameters: Vec<f32>,
}

impl Trace {
    fn assert_close(&self, other: &Self) {
        let close = |what: &str, a: &[f32], b: &[f32]| {
            assert_eq!(a.len(), b.len(), "{what}");
            for (position, (a, b)) in a.iter().zip(b).enumerate() {
                assert!((a - b).abs() <= 1e-6 * (1.0 + b.abs()), "{what}[{position}]: {a} is not {b}");
            }
        };
        close("losses", &self.losses, &other.losses);
        close("outputs", self.outputs.as_flattened(), other.outputs.as_flattened());
        close("parameters", &self.parameters, &other.parameters);
    }
}

/// Three steps over the same rows.
fn train<N, const B: usize>(optimizer: &impl Optimizer, count: usize) -> Result<Trace, RowsError>
where
    N: Trainable<Input = [f32; 13], Output = [f32; 5], Target = [f32; 5]>,
{
    let mut model = N::boxed();
    model.init(7);
    train_on::<N, B>(&mut model, optimizer, count)
}

fn train_on<N, const B: usize>(model: &mut N, optimizer: &impl Optimizer, count: usize) -> Result<Trace, RowsError>
where
    N: Trainable<Input = [f32; 13], Output = [f32; 5], Target = [f32; 5]>,
{
    let (inputs, targets) = rows(count);
    let mut memory = N::Training::<B>::boxed();
    memory.reseed(3);
    let mut state = optimizer_state(optimizer);
    let mut outputs = vec![[0.0; 5]; count];
    let step = |_| model.train_rows::<B, _>(&mut memory, optimizer, &mut state, &inputs, &targets, &mut outputs);
    let losses = (0..3).map(step).collect::<Result<_, _>>()?;
    assert_eq!(memory.step(), 3);
    Ok(Trace { losses, outputs, parameters: model.parameters().to_vec() })
}

fn optimizer_state<N: Trainable, O: Optimizer>(_: &O) -> Box<O::State<N>> {
    O::State::<N>::boxed()
}

#[test]
fn a_short_batch_is_a_step_over_the_rows_that_are_there() {
    let adam = Adam::new(1e-2);
    assert_eq!(train::<Dropping, 8>(&adam, 3), train::<Dropping, 3>(&adam, 3));
    assert_eq!(train::<Normal, 8>(&adam, 3), train::<Normal, 3>(&adam, 3));
}

#[test]
fn gathered_micro_batches_are_one_batch() {
    for count in [8, 7, 4] {
        let whole = train::<Dropping, 8>(&Sgd::new(0.1), count).expect("rows that fit");
        let gathered = train::<Dropping, 3>(&Accumulate::new(Sgd::new(0.1)), count).expect("an owned gradient");
        gathered.assert_close(&whole);
        let limited = train::<Dropping, 3>(&GlobalNorm::new(Sgd::new(0.1), 1e6), count).expect("an owned gradient");
        limited.assert_close(&whole);
    }
}

#[test]
fn rows_that_cannot_be_are_refused() {
    let adam = Adam::new(1e-2);
    assert_eq!(train::<Dropping, 3>(&adam, 0), Err(RowsError::Empty));
    assert_eq!(train::<Dropping, 3>(&adam, 4), Err(RowsError::TooManyRows { rows: 4, capacity: 3 }));
    let gathering = Accumulate::new(adam);
    assert_eq!(train::<Normal, 3>(&gathering, 8), Err(RowsError::BatchStatistics { rows: 8, capacity: 3 }));

    let mut model = Dropping::new(7);
    let (inputs, targets) = rows(3);
    let mut outputs = [[0.0; 5]; 3];
    let mut memory = DroppingForward::<8>::boxed();
    let short = model.forward_rows::<8>(&mut memory, &inputs, &mut outputs[..2]);
    assert_eq!(short, Err(RowsError::Mismatch { expected: 3, found: 2 }));
    assert_eq!(model.forward_rows::<8>(&mut memory, &[], &mut []), Err(RowsError::Empty));

    let mut memory = DroppingTraining::<8>::boxed();
    let mut gradients = DroppingGradients::boxed();
    let short = model.gradients_rows::<8>(&mut memory, &inputs, &targets[..2], &mut gradients);
    assert_eq!(short, Err(RowsError::Mismatch { expected: 3, found: 2 }));
    let (inputs, targets) = rows(9);
    let many = model.gradients_rows::<8>(&mut memory, &inputs, &targets, &mut gradients);
    assert_eq!(many, Err(RowsError::TooManyRows { rows: 9, capacity: 8 }));
    assert_eq!(memory.step(), 0);
    assert!(gradients.as_slice().iter().all(|value| *value == 0.0));
}

#[test]
fn what_is_dropped_does_not_depend_on_the_batch() {
    let all = train::<Dropping, 8>(&Sgd::new(0.0), 8).expect("rows that fit");
    let some = train::<Dropping, 3>(&Sgd::new(0.0), 2).expect("rows that fit");
    for (a, b) in all.outputs.as_flattened().iter().zip(some.outputs.as_flattened()) {
        assert!((a - b).abs() <= 1e-6, "{a} is not {b}");
    }
    assert_ne!(all.losses[0], all.losses[1], "steps draw anew");
}

#[test]
fn seeds_replay() {
    let mut model = Dropping::new(7);
    let (inputs, targets) = rows(8);
    let mut memory = DroppingTraining::<8>::boxed();
    let mut gradients = DroppingGradients::boxed();
    let mut draw = |memory: &mut DroppingTraining<8>| {
        let loss = model.gradients_rows::<8>(memory, &inputs, &targets, &mut gradients).expect("rows that fit");
        (loss, gradients.as_slice().to_vec())
    };
    memory.reseed(5);
    let first = [draw(&mut memory), draw(&mut memory)];
    memory.reseed(5);
    assert_eq!([draw(&mut memory), draw(&mut memory)], first);
    memory.reseed(6);
    assert_ne!(draw(&mut memory).0, first[0].0);
}

#[test]
fn more_rows_than_memory_run_in_parts() {
    let mut model = Normal::new(7);
    train_on::<Normal, 8>(&mut model, &Sgd::new(0.1), 8).expect("rows that fit");
    let (inputs, targets) = rows(8);
    let evaluate = |model: &Normal| {
        let (mut whole, mut parts) = (vec![[0.0; 5]; 8], vec![[0.0; 5]; 8]);
        model.forward_rows::<8>(&mut NormalForward::boxed(), &inputs, &mut whole).expect("rows");
        model.forward_rows::<3>(&mut NormalForward::boxed(), &inputs, &mut parts).expect("rows");
        for (a, b) in whole.as_flattened().iter().zip(parts.as_flattened()) {
            assert!((a - b).abs() <= 1e-6, "{a} is not {b}");
        }
        let loss = model.evaluate_rows::<3>(&mut NormalTraining::boxed(), &inputs, &targets, &mut parts).expect("rows");
        let squares = parts.as_flattened().iter().zip(targets.as_flattened()).map(|(y, t)| (y - t) * (y - t));
        let mean = squares.sum::<f32>() / 40.0;
        assert!((loss - mean).abs() <= 1e-6 * mean, "{loss} is not {mean}");
        whole
    };
    assert_eq!(evaluate(&model), evaluate(&model));
}

/// Every tensor of a model.
fn tensors<N: Network>(model: &N) -> Vec<Vec<f32>> {
    let read = |info: &graven::TensorInfo| {
        let mut values = vec![0.0; info.len()];
        model.tensor(info.name, &mut values).expect("a tensor of that name and length");
        values
    };
    N::tensors().iter().map(read).collect()
}

#[test]
fn inference_changes_nothing_and_training_does() {
    let mut model = Normal::new(7);
    let before = tensors(&*model);
    let (inputs, targets) = rows(8);
    let mut outputs = vec![[0.0; 5]; 8];
    model.forward_rows::<8>(&mut NormalForward::boxed(), &inputs, &mut outputs).expect("rows");
    let mut memory = NormalTraining::<8>::boxed();
    model.evaluate_rows::<8>(&mut memory, &inputs, &targets, &mut outputs).expect("rows");
    assert_eq!((tensors(&*model), memory.step()), (before.clone(), 0));

    let mut gradients = NormalGradients::boxed();
    model.gradients_rows::<8>(&mut memory, &inputs, &targets, &mut gradients).expect("rows");
    for ((info, before), after) in Normal::tensors().iter().zip(&before).zip(&tensors(&*model)) {
        assert_eq!(before != after, !info.trainable, "{}", info.name);
    }
}

#[test]
fn a_seed_decides_the_start() {
    let (mut one, two, other) = (Dropping::new(7), Dropping::new(7), Dropping::new(8));
    assert_eq!(tensors(&*one), tensors(&*two));
    assert_ne!(tensors(&*one), tensors(&*other));
    one.init(8);
    assert_eq!(tensors(&*one), tensors(&*other));
    assert_eq!(one.clone().parameters(), other.parameters());
}

#[test]
fn tensors_are_read_and_set_by_name() {
    let mut model = Normal::new(7);
    let before = tensors(&*model);
    let names: Vec<&str> = Normal::tensors().iter().map(|info| info.name).collect();
    let norm = ["weight", "bias", "running_mean", "running_var"].map(|leaf| format!("batch_norm.{leaf}"));
    let dense = ["dense.weight", "dense.bias", "dense_1.weight", "dense_1.bias"];
    assert!(norm.iter().map(String::as_str).chain(dense).all(|name| names.contains(&name)), "{names:?}");

    let wrong = TensorError::WrongLength { expected: 6, found: 5 };
    assert_eq!(model.tensor("dense.bias", &mut [0.0; 5]), Err(wrong));
    assert_eq!(model.set_tensor("dense.bias", &[0.0; 5]), Err(wrong));
    assert_eq!(model.set_tensor("bias", &[0.0; 6]), Err(TensorError::UnknownName));
    let infinite = [1.0, 2.0, f32::INFINITY, 0.0, f32::NAN, 0.0];
    assert_eq!(model.set_tensor("dense.bias", &infinite), Err(TensorError::NotFinite { position: 2 }));
    assert_eq!(tensors(&*model), before);

    let values: Vec<f32> = (0..78).map(|i| i as f32).collect();
    model.set_tensor("dense.weight", &values).expect("78 scalars");
    let mut found = [0.0; 78];
    model.tensor("dense.weight", &mut found).expect("78 scalars");
    assert_eq!(found[..], values[..]);
    let gradients = NormalGradients::boxed();
    let statistic = gradients.tensor("batch_norm.running_mean", &mut [0.0; 6]);
    assert_eq!(statistic, Err(TensorError::UnknownName));
}
