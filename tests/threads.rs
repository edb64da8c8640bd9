//! Steps on several threads: the same bits on one, two or eight.

#[path = "support/parted.rs"]
mod parted;

use std::fmt::Debug;

use graven::{Accumulate, Adam, ClipValue, FitError, GlobalNorm, Groups, Lamb, Optimizer, RowsError, Sgd};
use parted::{Data, Noisy, Normed, bits, data};

/// Two epochs of 150 rows in batches of 64, the last of 22.
fn noisy<O: Optimizer + Debug + Sync>(optimizer: O, threads: usize, parts: Option<usize>) -> Box<Noisy> {
    let data = data(150);
    let mut model = Noisy::new(3);
    let fit = model.fit::<64>(&data).optimizer(optimizer).epochs(2).seed(4).threads(threads);
    match parts {
        Some(parts) => fit.parts(parts).run(),
        None => fit.run(),
    }
    .unwrap();
    model
}

fn check<O: Optimizer + Debug + Sync>(optimizer: O) {
    for parts in [None, Some(1), Some(3), Some(8)] {
        let one = bits(&*noisy(optimizer.clone(), 1, parts));
        for threads in [2, 3, 8] {
            assert_eq!(bits(&*noisy(optimizer.clone(), threads, parts)), one, "{optimizer:?} in {parts:?} parts");
        }
    }
}

#[test]
fn optimizers_that_share_a_step_give_the_same_bits() {
    check(Sgd { momentum: 0.9, ..Sgd::new(0.05) });
    check(Adam::new(0.01));
    check(ClipValue::new(Groups::new(Adam::new(0.01), [("*.bias", 0.5), ("dense_1.*", 0.0)]), 0.1));
}

#[test]
fn optimizers_that_own_a_gradient_give_the_same_bits() {
    check(GlobalNorm::new(Adam::new(0.01), 0.5));
    check(Accumulate::new(ClipValue::new(Adam::new(0.01), 0.01)));
    check(Lamb::new(0.01));
}

fn close(a: &[f32], b: &[f32], tolerance: f32) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < tolerance)
}

/// Only the order of sums differs: the same rows have the same random numbers in whatever part they are.
#[test]
fn parts_sum_to_the_step_on_one_thread() {
    let data = data(150);
    let mut fused = Noisy::new(3);
    fused.fit::<64>(&data).optimizer(Sgd::new(0.05)).epochs(2).seed(4).run().unwrap();
    for parts in [1, 2, 5, 8] {
        let model = noisy(Sgd::new(0.05), 2, Some(parts));
        assert!(close(fused.parameters(), model.parameters(), 1e-5), "{parts} parts");
    }
    let start = Noisy::new(3);
    assert!(!close(fused.parameters(), start.parameters(), 1e-2), "training changes something");
}

#[test]
fn parts_longer_than_the_memory_run_piece_by_piece() {
    let data = data(150);
    let mut model = Noisy::new(3);
    let fit = model.fit::<7>(&data).optimizer(Sgd::new(0.05)).batch_size(64).epochs(2).seed(4).threads(2);
    let history = fit.run().unwrap();
    let whole = noisy(Sgd::new(0.05), 2, None);
    assert!(close(whole.parameters(), model.parameters(), 1e-5));
    assert_eq!(history.batch_size, 64);
}

#[test]
fn scores_are_those_of_one_thread() {
    let data = data(150);
    let history = |threads: Option<usize>| {
        let mut model = Noisy::new(3);
        let fit = model.fit::<64>(&data).optimizer(Sgd::new(0.0)).validation(&data).seed(4);
        match threads {
            Some(threads) => fit.threads(threads).run().unwrap(),
            None => fit.run().unwrap(),
        }
    };
    let (one, two) = (history(None).epochs[0], history(Some(2)).epochs[0]);
    assert!((one.training.loss - two.training.loss).abs() < 1e-6, "{one} {two}");
    assert_eq!(one.training.accuracy, two.training.accuracy);
    assert_eq!(one.validation, two.validation);
}

/// 150 rows in batches of 16 are ten, the last of six: more batches than threads, and not a multiple of them.
#[test]
fn validation_has_the_same_bits_on_any_number_of_threads() {
    let data = data(150);
    let losses = |threads: usize| {
        let mut model = Noisy::new(3);
        let fit = model.fit::<16>(&data).batch_size(128).epochs(2).validation(&data).seed(4).average(0.9);
        let mut trainer = fit.threads(threads).parts(8).trainer().unwrap();
        let epochs = [trainer.epoch().unwrap(), trainer.epoch().unwrap()];
        let bits = epochs.map(|epoch| epoch.validation.map(|score| (score.loss.to_bits(), score.accuracy.to_bits())));
        let alone = trainer.averaged(|model| graven::training::evaluate::<Noisy, 16>(model, &data).unwrap());
        assert_eq!(epochs[1].validation, Some(alone), "on one thread, without a trainer");
        assert_eq!(trainer.evaluate(&data).unwrap(), alone);
        bits
    };
    let one = losses(1);
    assert_ne!(one[0], one[1]);
    [2, 3, 8].into_iter().for_each(|threads| assert_eq!(losses(threads), one, "{threads} threads"));
}

fn statistics(model: &Normed) -> Vec<f32> {
    let names = Normed::tensors().iter().filter(|info| info.name.contains("running"));
    names
        .flat_map(|info| {
            let mut values = vec![0.0; info.len()];
            model.tensor(info.name, &mut values).unwrap();
            values
        })
        .collect()
}

fn normed(data: &Data, threads: usize, parts: usize) -> Box<Normed> {
    let mut model = Normed::new(3);
    model.fit::<64>(data).optimizer(Adam::new(0.01)).seed(4).threads(threads).parts(parts).run().unwrap();
    model
}

#[test]
fn statistics_of_parts_are_averaged() {
    let all = data(150);
    for parts in [1, 2, 5] {
        let one = bits(&*normed(&all, 1, parts));
        [2, 8].into_iter().for_each(|threads| assert_eq!(bits(&*normed(&all, threads, parts)), one));
    }
    let frozen = |model: &Normed| {
        let mut values = vec![0.0; 20 * 12];
        model.tensor("frozen.weight", &mut values).unwrap();
        values
    };
    assert_eq!(frozen(&normed(&all, 2, 5)), frozen(&Normed::new(3)), "what is not trained keeps its bits");

    let mut fused = Normed::new(3);
    fused.fit::<64>(&all).optimizer(Adam::new(0.01)).seed(4).run().unwrap();
    let whole = normed(&all, 2, 1);
    assert!(close(fused.parameters(), whole.parameters(), 1e-5));
    assert!(close(&statistics(&fused), &statistics(&whole), 1e-6));

    // One step of two parts: the running statistics are the mean of those of a step on each.
    let rows = data(64);
    let step = |data: &Data, parts| {
        let mut model = Normed::new(3);
        model.fit::<64>(data).optimizer(Sgd::new(0.0)).shuffle(false).threads(2).parts(parts).run().unwrap();
        statistics(&model)
    };
    let halves = [0..32, 32..64].map(|half| step(&rows.select(half).unwrap(), 1));
    let mean: Vec<f32> = halves[0].iter().zip(&halves[1]).map(|(a, b)| (a + b) / 2.0).collect();
    assert!(close(&step(&rows, 2), &mean, 1e-6));
}

#[test]
fn what_cannot_be_divided_is_refused() {
    let data = data(100);
    let mut model = Normed::new(1);
    let refused = model.fit::<16>(&data).batch_size(64).threads(2).parts(2).run();
    assert_eq!(refused, Err(FitError::Rows(RowsError::BatchStatistics { rows: 32, capacity: 16 })));
    assert!(model.fit::<16>(&data).batch_size(64).threads(2).parts(4).run().is_ok());
    assert!(matches!(model.fit::<0>(&data).batch_size(4).threads(2).run(), Err(FitError::Rows(_))));
    let mut trainer = model.fit::<16>(&data).threads(2).parts(2).trainer().unwrap();
    let refused = trainer.step(data.inputs(), data.targets());
    assert_eq!(refused, Err(FitError::Rows(RowsError::BatchStatistics { rows: 50, capacity: 16 })));
}

#[test]
fn a_step_of_ones_own_runs_on_all_threads() {
    let data = data(64);
    let step = |threads| {
        let mut model = Noisy::new(1);
        let mut trainer = model.fit::<64>(&data).optimizer(Adam::new(0.1)).threads(threads).trainer().unwrap();
        (0..3).for_each(|_| assert!(trainer.step(data.inputs(), data.targets()).unwrap().is_finite()));
        assert_eq!(trainer.steps(), 3);
        drop(trainer);
        bits(&*model)
    };
    assert_eq!(step(1), step(4));
}
