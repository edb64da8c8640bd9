//! Schedules against the rates of Keras 3.15.1 and PyTorch 2.15.0.

use graven::schedule::{
    Constant, Cosine, CosineRestarts, Exponential, Moment, OneCycle, Piecewise, Polynomial, ReduceOnPlateau, Schedule,
    StepDecay,
};

fn step(step: u64) -> Moment {
    Moment { step, epoch: 0 }
}

#[track_caller]
fn check(schedule: &impl Schedule, expected: &[f64]) {
    for (at, &expected) in (0..).zip(expected) {
        let found = schedule.rate(step(at));
        assert!((found - expected).abs() < 1e-9, "step {at}: {found} should be {expected}");
    }
}

/// `keras.optimizers.schedules.*`.
#[test]
fn decays_of_keras() {
    check(&Constant(0.5), &[0.5, 0.5, 0.5]);
    check(&Piecewise::new([(3, 1.0), (6, 0.5)], 0.1), &[1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.1, 0.1]);
    let exponential = [0.5, 0.4728708045, 0.4472135955, 0.4229485054, 0.4, 0.3782966436, 0.3577708764, 0.3383588043];
    check(&Exponential::new(0.5, 4, 0.8), &exponential);
    check(&StepDecay::new(0.5, 4, 0.8), &[0.5, 0.5, 0.5, 0.5, 0.4, 0.4, 0.4, 0.4, 0.32, 0.32]);
    let square = [0.5, 0.38515625, 0.285625, 0.20140625, 0.1325, 0.07890625, 0.040625, 0.01765625, 0.01, 0.01, 0.01];
    check(&Polynomial::new(0.5, 8, 0.01).power(2.0), &square);
    let cycles = [0.5, 0.3775, 0.255, 0.1325, 0.01, 0.19375, 0.1325, 0.07125, 0.01, 0.1325, 0.09166666667];
    check(&Polynomial::new(0.5, 4, 0.01).cycle(true), &cycles);
}

/// `CosineDecay(0.5, 8, alpha=0.1)`, with a warm-up, and `CosineDecayRestarts(0.5, 4, 2.0, 0.8, 0.1)` of Keras;
/// `CosineAnnealingWarmRestarts(4, 2, eta_min=0.05)` of PyTorch.
#[test]
fn cosines() {
    let fall = [0.5, 0.4828728948, 0.4340990258, 0.3611037723, 0.275, 0.1888962277, 0.1159009742, 0.06712710518, 0.05];
    let cosine = Cosine::new(0.5, 8).alpha(0.1);
    check(&cosine, &fall);
    check(&cosine.warmup(4), &[&[0.0, 0.125, 0.25, 0.375], &fall[..], &[0.05]].concat());
    let lower = [
        0.5,
        0.4340990258,
        0.275,
        0.1159009742,
        0.41,
        0.3962983159,
        0.3572792206,
        0.2988830178,
        0.23,
        0.1611169822,
        0.1027207794,
        0.06370168415,
        0.338,
        0.3352330804,
    ];
    check(&CosineRestarts::new(0.5, 4).m_mul(0.8).alpha(0.1), &lower);
    let same = [&[0.5, 0.4340990258, 0.275, 0.1159009742], &fall[..8], &[0.5, 0.4956766881]].concat();
    check(&CosineRestarts::new(0.5, 4).alpha(0.1), &same);
    let equal = CosineRestarts::new(0.5, 4).t_mul(1).m_mul(0.5);
    assert_eq!([0, 4, 8, 4_000_000].map(|at| equal.rate(step(at))), [0.5, 0.25, 0.125, 0.0]);
}

/// `torch.optim.lr_scheduler.OneCycleLR`, `LinearLR` and `SequentialLR`.
#[test]
fn cycles_and_sequences_of_pytorch() {
    let cycle =
        [0.04, 0.52, 1.0, 0.950484632, 0.8117456539, 0.6112620219, 0.3887419781, 0.1882583461, 0.04951936799, 4e-06];
    check(&OneCycle::new(1.0, 10), &cycle);
    let lines = [0.1, 0.55, 1.0, 0.889, 0.778, 0.667, 0.556, 0.445, 0.334, 0.223, 0.112, 0.001, 0.001];
    let linear =
        OneCycle { rise: 0.25, div_factor: 10.0, final_div_factor: 100.0, linear: true, ..OneCycle::new(1.0, 12) };
    check(&linear, &lines);
    check(&Constant(0.5).warmup(4).from(0.2), &[0.1, 0.2, 0.3, 0.4, 0.5, 0.5, 0.5]);
    let warm = Constant(0.5).warmup(4).from(0.2).then(4, Exponential::new(0.5, 1, 0.9));
    check(&warm, &[0.1, 0.2, 0.3, 0.4, 0.5, 0.45, 0.405, 0.3645, 0.32805]);
}

const LOSSES: [f64; 15] = [1.0, 0.9, 0.9, 0.95, 0.89995, 0.8, 0.81, 0.82, 0.83, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7];
const REDUCED: [f64; 15] = [0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.125, 0.125, 0.125, 0.125, 0.1, 0.1, 0.1, 0.1];

/// `ReduceLROnPlateau(factor=0.5, patience=2, min_delta=1e-4, cooldown=1, min_lr=0.1)` of Keras; that of PyTorch with
/// a patience of one gives the same.
#[test]
fn plateaus() {
    let mut plateau = ReduceOnPlateau::new(0.5).factor(0.5).patience(2).min_delta(1e-4).cooldown(1).min_rate(0.1);
    for (loss, expected) in LOSSES.into_iter().zip(REDUCED) {
        plateau.hear(loss);
        assert_eq!(plateau.rate(step(0)), expected, "after a loss of {loss}");
    }
}

#[test]
fn what_is_remembered_is_recalled() {
    let fresh = || {
        Cosine::new(0.5, 8)
            .warmup(2)
            .times(ReduceOnPlateau::new(1.0).factor(0.5).patience(2))
            .then(12, ReduceOnPlateau::new(0.5).patience(3))
    };
    for middle in 0..LOSSES.len() {
        let (mut whole, mut first, mut second) = (fresh(), fresh(), fresh());
        LOSSES.iter().for_each(|&loss| whole.hear(loss));
        LOSSES[..middle].iter().for_each(|&loss| first.hear(loss));
        let mut numbers = Vec::new();
        first.remember(&mut numbers);
        second.recall(&mut numbers.into_iter());
        LOSSES[middle..].iter().for_each(|&loss| second.hear(loss));
        (0..20).for_each(|at| assert_eq!(second.rate(step(at)), whole.rate(step(at)), "cut at {middle}, step {at}"));
    }
}

#[test]
fn epochs_and_products() {
    let at = |step, epoch| Moment { step, epoch };
    let by_epoch = StepDecay::new(1.0, 2, 0.5).per_epoch();
    assert_eq!([at(99, 1), at(100, 2), at(0, 5)].map(|at| by_epoch.rate(at)), [1.0, 0.5, 0.25]);
    let both = by_epoch.times(|at: Moment| at.step as f64);
    assert_eq!(both.rate(at(10, 3)), 5.0);
    assert_eq!(StepDecay::new(1.0, 0, 0.5).rate(at(1, 0)), 0.5, "no division by zero");
}
