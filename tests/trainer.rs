//! What `fit` can do besides: schedules, groups, averages, callbacks, early stopping, steps of one's own.

mod support;

use std::cell::RefCell;

use graven::schedule::{Constant, Exponential, Moment, ReduceOnPlateau, Schedule};
use graven::training::{BoxError, Callback, StepReport};
use graven::{
    Adam, EarlyStopping, Epoch, FitError, Flow, History, Lamb, Network, Optimizer, RowsError, Sgd, Standardize,
    Trainable, TrainingMemory, Zeroable, network,
};
use support::{Classifier, Counting, Flowers, Memory, iris};

fn scaled() -> (Flowers, Flowers) {
    let (mut training, mut test) = iris().split(0.8, 1).unwrap();
    let scaling = Standardize::fit(&training);
    scaling.apply(&mut training);
    scaling.apply(&mut test);
    (training, test)
}

#[test]
fn a_schedule_sets_the_rate_of_every_step() {
    let (training, _) = scaled();
    let mut rates = Vec::new();
    let mut model = Classifier::new(1);
    let fit = model.fit::<16>(&training).optimizer(Sgd::new(9.0)).epochs(2);
    let schedule = Exponential::new(0.1, 8, 0.5).warmup(4);
    fit.schedule(schedule).on_step(|step, _| rates.push(step.learning_rate)).run().unwrap();
    let expected: Vec<f32> = (0..16).map(|step| schedule.rate(Moment { step, epoch: 0 }) as f32).collect();
    assert_eq!(rates, expected);

    let mut by_hand = Classifier::new(1);
    let (mut memory, mut state) = (Memory::boxed(), <Sgd as Optimizer>::State::<Classifier>::boxed());
    memory.reseed(0);
    let mut fitted = Classifier::new(1);
    fitted.fit::<16>(&training).optimizer(Sgd::new(9.0)).shuffle(false).schedule(schedule).run().unwrap();
    for ((inputs, targets), rate) in training.batches(16).zip(expected) {
        by_hand.train_rows::<16, Sgd>(&mut memory, &Sgd::new(rate), &mut state, inputs, targets, &mut []).unwrap();
    }
    assert_eq!(fitted.weights_hash(), by_hand.weights_hash());
}

#[test]
fn a_plateau_lowers_the_rate_by_the_validation_loss() {
    let (training, test) = scaled();
    let mut model = Classifier::new(1);
    let plateau = ReduceOnPlateau::new(1e-9).factor(0.5).patience(2);
    let history =
        model.fit::<16>(&training).optimizer(Sgd::new(0.1)).epochs(5).validation(&test).schedule(plateau).run();
    let rates: Vec<f32> = history.unwrap().epochs.iter().map(|epoch| epoch.learning_rate).collect();
    assert_eq!(rates, [1e-9, 1e-9, 1e-9, 5e-10, 5e-10]);
}

#[test]
fn a_rate_that_is_not_finite_is_refused() {
    let data = iris();
    let mut model = Classifier::new(1);
    let before = model.weights_hash();
    let error = model.fit::<16>(&data).schedule(|_: Moment| f64::NAN).run().unwrap_err();
    assert!(matches!(error, FitError::Rate { steps: 0, .. }), "{error}");
    assert_eq!(model.weights_hash(), before);
}

fn tensor(model: &impl Network, name: &str) -> Vec<f32> {
    let info = Classifier::tensors().iter().find(|info| info.name == name).unwrap();
    let mut values = vec![0.0; info.len()];
    model.tensor(name, &mut values).unwrap();
    values
}

#[test]
fn groups_are_frozen_and_have_rates() {
    let (training, _) = scaled();
    let start = Classifier::new(1);
    let mut frozen = Classifier::new(1);
    let mut fit = frozen.fit::<16>(&training).optimizer(Adam::new(0.1)).rates([("*.weight", 0.0)]);
    fit = fit.epochs(2);
    fit.run().unwrap();
    assert_eq!(tensor(&*frozen, "dense.weight"), tensor(&*start, "dense.weight"));
    assert_ne!(tensor(&*frozen, "dense.bias"), tensor(&*start, "dense.bias"));

    let one_step = |rates: Vec<(String, f32)>| {
        let mut model = Classifier::new(1);
        model.fit::<120>(&training).optimizer(Sgd::new(0.1)).rates(rates).run().unwrap();
        tensor(&*model, "dense.weight")
    };
    let (whole, half) = (one_step(vec![]), one_step(vec![("dense.*".to_owned(), 0.5)]));
    for ((start, whole), half) in tensor(&*start, "dense.weight").iter().zip(whole).zip(half) {
        assert!(((whole - start) - 2.0 * (half - start)).abs() < 1e-6);
    }
}

#[test]
fn a_group_thaws_while_training() {
    let (training, _) = scaled();
    let mut model = Classifier::new(1);
    let start = tensor(&*model, "dense.weight");
    let mut trainer =
        model.fit::<16>(&training).optimizer(Sgd::new(0.1)).rates([("*.weight", 0.0)]).epochs(2).trainer().unwrap();
    trainer.epoch().unwrap();
    assert_eq!(tensor(trainer.model(), "dense.weight"), start);
    trainer.optimizer_mut().rates = [("*.weight", 1.0)];
    trainer.epoch().unwrap();
    assert_ne!(tensor(trainer.model(), "dense.weight"), start);
}

#[test]
fn batches_are_accumulated() {
    let (training, _) = scaled();
    let mut whole = Classifier::new(1);
    whole.fit::<32>(&training).optimizer(Sgd::new(0.1)).epochs(2).run().unwrap();
    let mut parts = Classifier::new(1);
    let history = parts.fit::<8>(&training).optimizer(Sgd::new(0.1)).accumulate(4).epochs(2).run().unwrap();
    assert_eq!(history.batch_size, 32);
    assert!(whole.parameters().iter().zip(parts.parameters()).all(|(a, b)| (a - b).abs() < 1e-5));
    let mut model = Classifier::new(1);
    model.fit::<8>(&training).optimizer(Lamb::new(0.1)).batch_size(32).run().unwrap();
}

#[test]
fn weights_are_averaged() {
    let (training, test) = scaled();
    let mut model = Classifier::new(1);
    let mut average: Vec<f64> = model.parameters().iter().map(|&value| value.into()).collect();
    let last = RefCell::new(Vec::new());
    let fit = model.fit::<16>(&training).optimizer(Sgd::new(0.1)).epochs(3).validation(&test).average(0.9);
    let history = fit
        .on_step(|_, model| {
            average.iter_mut().zip(model.parameters()).for_each(|(a, &w)| *a = 0.9 * *a + 0.1 * f64::from(w));
            *last.borrow_mut() = model.parameters().to_vec();
        })
        .run()
        .unwrap();
    assert!(average.iter().zip(model.parameters()).all(|(a, &w)| (a - f64::from(w)).abs() < 1e-6));
    assert_ne!(*last.borrow(), model.parameters());
    assert_eq!(model.evaluate::<16>(&test).unwrap().loss, history.last().unwrap().validation.unwrap().loss);
}

#[test]
fn the_average_is_looked_at_on_request() {
    let (training, test) = scaled();
    let mut model = Counting::new(1);
    let mut trainer = model.fit::<16>(&training).optimizer(Sgd::new(0.1)).average(0.99).epochs(2).trainer().unwrap();
    trainer.epoch().unwrap();
    let weights = trainer.model().parameters().to_vec();
    let average = trainer.averaged(|model| model.parameters().to_vec());
    assert_ne!(weights, average);
    assert_eq!(trainer.model().parameters(), weights);
    let expected = trainer.averaged(|model| model.evaluate::<16>(&test).unwrap());
    assert_eq!(trainer.evaluate(&test).unwrap(), expected);
}

#[test]
fn training_stops_when_the_loss_no_longer_falls() {
    let (training, test) = scaled();
    let run = |early: EarlyStopping, late: f32| {
        let mut model = Classifier::new(1);
        let fit = model.fit::<8>(&training).optimizer(Sgd::new(0.1)).epochs(20).validation(&test);
        let rate = |done| if done < 3 { 0.1 } else { late };
        let history = fit.learning_rate(rate).early_stopping(early).run().unwrap();
        (history, model)
    };
    let (history, _) = run(EarlyStopping::new(4), 0.0);
    assert_eq!((history.epochs.len(), history.stopped, history.kept), (7, true, None));
    let (history, model) = run(EarlyStopping::new(2).restore_best(true), 1e4);
    assert_eq!((history.epochs.len(), history.stopped, history.kept), (5, true, Some(3)));
    assert_eq!(model.evaluate::<8>(&test).unwrap().loss, history.epochs[2].validation.unwrap().loss);
    let (history, _) = run(EarlyStopping::new(1).start_from_epoch(9), 0.0);
    assert_eq!(history.epochs.len(), 11, "the tenth is the first that counts");
    let (history, _) = run(EarlyStopping::new(2).min_delta(10.0), 0.0);
    assert_eq!(history.epochs.len(), 3, "the first loss counts, none after is that much lower");
    let refused = Classifier::new(1).fit::<8>(&training).early_stopping(EarlyStopping::new(1).restore_best(true)).run();
    assert_eq!(refused, Err(FitError::NoValidation));
}

/// Writes down what it is called with.
struct Diary<'a> {
    lines: &'a RefCell<Vec<String>>,
    stop_at: u64,
}

impl<N: Trainable> Callback<N> for Diary<'_> {
    fn on_start(&mut self, history: &History, _: &N) -> Result<(), BoxError> {
        self.lines.borrow_mut().push(format!("start {}", history.network));
        Ok(())
    }
    fn on_step(&mut self, step: &StepReport, _: &N) -> Result<Flow, BoxError> {
        let StepReport { epoch, step, steps, .. } = *step;
        self.lines.borrow_mut().push(format!("step {epoch}.{step} = {steps}"));
        Ok(if steps == self.stop_at { Flow::Stop } else { Flow::Continue })
    }
    fn on_epoch(&mut self, epoch: &Epoch, _: &N) -> Result<Flow, BoxError> {
        self.lines.borrow_mut().push(format!("epoch {}", epoch.number));
        Ok(Flow::Continue)
    }
    fn on_end(&mut self, history: &History, _: &N) -> Result<(), BoxError> {
        self.lines.borrow_mut().push(format!("end {}", history.epochs.len()));
        Ok(())
    }
}

#[test]
fn callbacks_are_called_in_order_and_may_stop() {
    let (training, _) = scaled();
    let lines = RefCell::default();
    let mut model = Classifier::new(1);
    let fit = model.fit::<60>(&training).epochs(3).callback(Diary { lines: &lines, stop_at: 3 });
    let history = fit.run().unwrap();
    let expected = ["start Softmax", "step 1.1 = 1", "step 1.2 = 2", "epoch 1", "step 2.1 = 3", "epoch 2", "end 2"];
    assert_eq!(*lines.borrow(), expected);
    assert!(history.stopped);

    let fit = model.fit::<60>(&training).epochs(9);
    let history = fit.on_epoch(|epoch, _| if epoch.number == 2 { Flow::Stop } else { Flow::Continue }).run().unwrap();
    assert_eq!((history.epochs.len(), history.stopped), (2, true));
}

#[test]
fn the_error_of_a_callback_ends_training() {
    let (training, _) = scaled();
    let mut model = Classifier::new(1);
    let fit = model.fit::<60>(&training).epochs(3);
    let error = fit.on_step(|step, _| if step.steps == 2 { Err("no more paper") } else { Ok(()) }).run().unwrap_err();
    assert_eq!(error.to_string(), "a callback failed: no more paper");
    assert!(matches!(error, FitError::Callback(_)));
}

#[test]
fn steps_of_ones_own_are_those_of_fit() {
    let (training, _) = scaled();
    let mut fitted = Classifier::new(1);
    fitted.fit::<16>(&training).optimizer(Adam::new(0.05)).shuffle(false).epochs(2).run().unwrap();
    let mut model = Classifier::new(1);
    let mut trainer = model.fit::<16>(&training).optimizer(Adam::new(0.05)).trainer().unwrap();
    for _ in 0..2 {
        for (inputs, targets) in training.batches(16) {
            trainer.step(inputs, targets).unwrap();
        }
    }
    assert_eq!(trainer.steps(), 16);
    assert_eq!(trainer.step(&[], &[]), Err(FitError::Rows(RowsError::Empty)));
    let short = training.select(0..3).unwrap();
    let mismatch = FitError::Rows(RowsError::Mismatch { expected: 3, found: 0 });
    assert_eq!(trainer.step(short.inputs(), &[]), Err(mismatch));
    assert!(trainer.finish().unwrap().epochs.is_empty());
    assert_eq!(model.weights_hash(), fitted.weights_hash());
}

#[test]
fn a_step_of_ones_own_that_diverges_is_taken_back() {
    let data = iris();
    let mut model = Counting::new(1);
    let mut trainer = model.fit::<8>(&data).optimizer(Sgd::new(1e38)).trainer().unwrap();
    let error = data.batches(8).find_map(|(inputs, targets)| trainer.step(inputs, targets).err()).unwrap();
    assert!(matches!(error, FitError::Diverged { .. }), "{error}");
    assert!(trainer.model().parameters().iter().all(|value| value.is_finite()));
}

network! {
    struct Weighted;

    fn forward(x: [4]) -> [3] {
        dense(x, 3)
    }

    fn loss(logits, label: index<3>, weight: []) {
        cross_entropy(logits, label) * weight
    }
}

#[test]
fn weights_of_samples_are_a_target() {
    let (training, _) = scaled();
    let data = |weights: Vec<f32>| {
        graven::Dataset::<[f32; 4], (graven::Index<3>, f32)>::new(
            training.inputs().to_vec(),
            (training.targets().to_vec(), weights),
        )
        .unwrap()
    };
    let constant = Constant(0.1);
    let train = |weights: Vec<f32>| {
        let mut model = Weighted::new(1);
        model.fit::<120>(&data(weights)).optimizer(Sgd::new(9.0)).schedule(constant).epochs(5).run().unwrap();
        model
    };
    let rows = training.len();
    let mut plain = Classifier::new(1);
    let (mut weight, mut bias) = ([0.0; 12], [0.0; 3]);
    let start = Weighted::new(1);
    start.tensor("dense.weight", &mut weight).unwrap();
    start.tensor("dense.bias", &mut bias).unwrap();
    plain.set_tensor("dense.weight", &weight).unwrap();
    plain.set_tensor("dense.bias", &bias).unwrap();
    plain.fit::<120>(&training).optimizer(Sgd::new(0.1)).epochs(5).run().unwrap();
    let one = train(vec![1.0; rows]);
    one.tensor("dense.weight", &mut weight).unwrap();
    assert!(tensor(&*plain, "dense.weight").iter().zip(weight).all(|(a, b)| (a - b).abs() < 1e-5));

    let balanced = graven::training::class_weights(training.targets());
    let heavier = [1.0, 5.0, 1.0];
    assert!(balanced.iter().all(|weight| (0.8..1.3).contains(weight)), "{balanced:?}");
    let weights = graven::training::sample_weights(training.targets(), heavier);
    let model = train(weights);
    let share = |model: &Weighted, class: usize| {
        let outputs = model.predict_rows::<8>(training.inputs()).unwrap();
        outputs.iter().filter(|scores| graven::training::Class::class(*scores) == class).count()
    };
    assert!(share(&model, 1) > share(&one, 1), "a heavier class is predicted more often");
}
