//! `fit`, `evaluate` and predictions on a network written by hand.

mod support;

use graven::training::Quantity;
use graven::{
    Accumulate, Adam, Confusion, Dataset, Epoch, FitError, History, Network, RowsError, Score, Sgd, Standardize,
    Trainable, TrainingMemory, Zeroable,
};
use support::{Classifier, Counting, Flowers, Memory, iris};

fn scaled() -> (Flowers, Flowers) {
    let (mut training, mut test) = iris().split(0.8, 1).unwrap();
    let scaling = Standardize::fit(&training);
    scaling.apply(&mut training);
    scaling.apply(&mut test);
    (training, test)
}

fn seen(model: &Counting) -> [f32; 2] {
    let mut seen = [0.0; 2];
    model.tensor("seen", &mut seen).unwrap();
    seen
}

#[test]
fn iris_is_learnt_and_reported() {
    let (training, test) = scaled();
    let mut model = Classifier::new(1);
    let before = model.evaluate::<16>(&test).unwrap();
    let history =
        model.fit::<16>(&training).optimizer(Adam::new(0.05)).epochs(30).validation(&test).seed(3).run().unwrap();
    let after = model.evaluate::<7>(&test).unwrap();
    assert!(after.accuracy >= 0.9 && after.loss < 0.3 && before.loss > 0.5, "{before:?} {after:?}");

    assert_eq!((history.epochs.len(), history.rows, history.batch_size, history.seed), (30, 120, 16, 3));
    let numbers: Vec<usize> = history.epochs.iter().map(|epoch| epoch.number).collect();
    assert_eq!(numbers, (1..=30).collect::<Vec<_>>());
    let last = history.last().unwrap();
    assert!((last.validation.unwrap().loss - after.loss).abs() < 1e-6);
    assert_eq!(last.validation.unwrap().accuracy, after.accuracy);
    assert!(last.training.loss < history.epochs[0].training.loss);
    assert!(history.optimizer.contains("Adam") && history.optimizer.contains("0.05"));
}

#[test]
fn a_seed_decides_everything() {
    let (training, test) = scaled();
    let train = |seed: u64, shuffle: bool| {
        let mut model = Classifier::new(1);
        model.fit::<8>(&training).epochs(3).seed(seed).shuffle(shuffle).validation(&test).run().unwrap();
        model.weights_hash()
    };
    assert_eq!(train(5, true), train(5, true));
    assert_ne!(train(5, true), train(6, true));
    assert_ne!(train(5, true), train(5, false));
    assert_eq!(train(5, false), train(6, false));
}

#[test]
fn every_epoch_sees_every_row_once_in_another_order() {
    let rows = 50;
    let inputs: Vec<[f32; 4]> = (0..rows).map(|row| [row as f32, 0.0, 0.0, 0.0]).collect();
    let data: Flowers = Dataset::new(inputs, vec![0usize; rows]).unwrap();
    let mut model = Counting::new(1);
    model.fit::<16>(&data).optimizer(Sgd::new(1e-6)).epochs(3).run().unwrap();
    assert_eq!(seen(&model), [150.0, 12.0], "four steps an epoch, the last of two rows");
}

#[test]
fn the_last_short_batch_is_a_step_over_its_rows() {
    let data = iris().select(0..10).unwrap();
    let mut model = Classifier::new(1);
    let mut by_hand = Classifier::new(1);
    model.fit::<4>(&data).optimizer(Sgd::new(0.1)).shuffle(false).run().unwrap();
    let (mut memory, mut state) = (Memory::boxed(), <Sgd as graven::Optimizer>::State::<Classifier>::boxed());
    memory.reseed(0);
    for (inputs, targets) in data.batches(4) {
        by_hand.train_rows::<4, Sgd>(&mut memory, &Sgd::new(0.1), &mut state, inputs, targets, &mut []).unwrap();
    }
    assert_eq!(memory.step(), 3);
    assert_eq!(model.weights_hash(), by_hand.weights_hash());
}

#[test]
fn divergence_names_the_step_and_keeps_good_weights() {
    let data = iris();
    let mut model = Counting::new(1);
    let error = model.fit::<8>(&data).optimizer(Sgd::new(1e38)).run().unwrap_err();
    let FitError::Diverged { quantity: Quantity::Loss, value, epoch: 1, step } = error else { panic!("{error}") };
    assert!(!value.is_finite() && step > 1, "{value} at step {step}");
    assert!(model.parameters().iter().all(|value| value.is_finite()));
    assert!(model.evaluate::<8>(&data).unwrap().loss.is_finite());
    assert!(error.to_string().contains(&format!("at epoch 1, step {step}")), "{error}");
}

#[test]
fn weights_from_before_the_divergence_are_not_those_of_the_start() {
    let (training, _) = scaled();
    let mut model = Counting::new(1);
    let start = model.weights_hash();
    let fit = model.fit::<8>(&training).optimizer(Sgd::new(0.1)).epochs(5);
    let error = fit.learning_rate(|done| if done < 3 { 0.1 } else { f32::MAX }).run().unwrap_err();
    assert!(matches!(error, FitError::Diverged { epoch: 4, .. }), "{error}");
    assert_ne!(model.weights_hash(), start);
    let [rows, steps] = seen(&model);
    assert!(rows >= 360.0 && steps >= 45.0, "statistics go back with the weights: {rows} {steps}");
    assert!(model.evaluate::<8>(&training).unwrap().accuracy > 0.8);
}

#[test]
fn a_last_step_that_ruins_the_weights_is_noticed() {
    let data = iris().select(0..8).unwrap();
    let mut model = Classifier::new(1);
    let before = model.weights_hash();
    let error = model.fit::<8>(&data).optimizer(Sgd::new(f32::INFINITY)).run().unwrap_err();
    assert!(matches!(error, FitError::Diverged { quantity: Quantity::Weight, epoch: 1, step: 1, .. }), "{error}");
    assert_eq!(model.weights_hash(), before);
}

#[test]
fn larger_batches_than_the_memory_need_a_gradient_of_their_own() {
    let (training, _) = scaled();
    let mut whole = Classifier::new(1);
    whole.fit::<32>(&training).optimizer(Sgd::new(0.1)).epochs(2).run().unwrap();
    let mut parts = Classifier::new(1);
    parts.fit::<8>(&training).optimizer(Accumulate::new(Sgd::new(0.1))).batch_size(32).epochs(2).run().unwrap();
    for (a, b) in whole.parameters().iter().zip(parts.parameters()) {
        assert!((a - b).abs() < 1e-5);
    }

    let refused = Classifier::new(1).fit::<8>(&training).optimizer(Sgd::new(0.1)).batch_size(32).run();
    assert_eq!(refused, Err(FitError::Rows(RowsError::TooManyRows { rows: 32, capacity: 8 })));
    let statistics = Counting::new(1).fit::<8>(&training).optimizer(Accumulate::new(Sgd::new(0.1))).batch_size(9).run();
    assert_eq!(statistics, Err(FitError::Rows(RowsError::BatchStatistics { rows: 9, capacity: 8 })));
}

#[test]
fn settings_that_cannot_work_change_nothing() {
    let data = iris();
    let mut model = Classifier::new(1);
    let before = model.weights_hash();
    assert_eq!(model.fit::<8>(&data).batch_size(0).run(), Err(FitError::EmptyBatch));
    assert_eq!(model.fit::<8>(&data).keep_best(true).run(), Err(FitError::NoValidation));
    assert!(matches!(model.fit::<0>(&data).batch_size(1).run(), Err(FitError::Rows(_))));
    assert!(model.evaluate::<0>(&data).is_err());
    assert_eq!(model.weights_hash(), before);
}

#[test]
fn the_best_epoch_is_kept() {
    let (training, test) = scaled();
    let mut model = Counting::new(1);
    let fit = model.fit::<8>(&training).optimizer(Sgd::new(0.1)).epochs(6).validation(&test).keep_best(true);
    let history = fit.learning_rate(|done| if done < 3 { 0.1 } else { 1e4 }).run().unwrap();
    let best = history.best().unwrap();
    assert_eq!(history.kept, Some(best.number));
    assert!(best.number <= 3);
    assert_eq!(model.evaluate::<8>(&test).unwrap().loss, best.validation.unwrap().loss);
    assert_eq!(seen(&model)[1], 15.0 * best.number as f32, "running statistics are those of that epoch");
    let rates: Vec<f32> = history.epochs.iter().map(|epoch| epoch.learning_rate).collect();
    assert_eq!(rates, [0.1, 0.1, 0.1, 1e4, 1e4, 1e4]);
}

#[test]
fn scores_do_not_depend_on_how_rows_are_cut() {
    let (_, test) = scaled();
    let model = Classifier::new(3);
    let whole = model.evaluate::<64>(&test).unwrap();
    let cut = model.evaluate::<7>(&test).unwrap();
    assert!((whole.loss - cut.loss).abs() < 1e-6);
    assert_eq!(whole.accuracy, cut.accuracy);

    let outputs = model.predict_rows::<7>(test.inputs()).unwrap();
    assert_eq!(outputs, model.predict_rows::<64>(test.inputs()).unwrap());
    let confusion = model.confusion::<7>(&test).unwrap();
    assert_eq!(confusion, Confusion::new(&outputs, test.targets()));
    assert_eq!(confusion.accuracy(), whole.accuracy);
    assert_eq!(model.predict_rows::<7>(&[]).unwrap(), Vec::<[f32; 3]>::new());
}

#[test]
fn the_loss_of_an_epoch_is_the_mean_over_rows() {
    let data = iris().select(0..10).unwrap();
    let mut model = Classifier::new(1);
    let before = model.evaluate::<16>(&data).unwrap();
    let history = model.fit::<4>(&data).optimizer(Sgd::new(0.0)).run().unwrap();
    let score = history.epochs[0].training;
    assert!((score.loss - before.loss).abs() < 1e-6);
    assert_eq!(score.accuracy, before.accuracy);
}

#[test]
fn a_history_is_stored_and_printed() {
    let (training, test) = scaled();
    let mut model = Classifier::new(1);
    let history = model.fit::<32>(&training).epochs(2).validation(&test).run().unwrap();
    let text = serde_json::to_string(&history).unwrap();
    assert_eq!(serde_json::from_str::<History>(&text).unwrap(), history);
    let lines = history.to_string();
    assert_eq!(lines.lines().count(), 3);
    assert!(lines.contains("epoch   2: loss") && lines.contains("validation loss"), "{lines}");
}

#[test]
fn accuracy_without_meaning_is_null() {
    let score = Score { loss: 0.5, accuracy: f32::NAN };
    let epoch = Epoch { number: 1, training: score, validation: None, learning_rate: 0.1, seconds: 0.0 };
    let text = serde_json::to_string(&epoch).unwrap();
    assert!(text.contains(r#""accuracy":null"#), "{text}");
    assert!(serde_json::from_str::<Epoch>(&text).unwrap().training.accuracy.is_nan());
    assert_eq!(epoch.to_string(), "epoch   1: loss 0.5000");
}
