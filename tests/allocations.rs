//! Nothing that a model does after its memory is made allocates.

use allocation_counter::measure;
use graven::{Adam, GlobalNorm, Groups, Index, Lamb, Nadam, Optimizer, Sgd, Zeroable, network};

network! {
    struct Classifier;

    fn forward(x: [20]) -> [5] {
        let x = dropout(layer_norm(dense(x, 33, activation = gelu)), 0.2);
        dense(batch_norm(x), 5, activation = softmax)
    }

    fn loss(probabilities, label: index<5>) {
        categorical_cross_entropy(probabilities, label) + l2(1e-3)
    }
}

const ROWS: usize = 12;

fn rows() -> ([[f32; 20]; ROWS], [Index<5>; ROWS]) {
    let inputs = std::array::from_fn(|row| std::array::from_fn(|column| ((row * 20 + column) as f32).sin()));
    let labels = std::array::from_fn(|row| Index::new(row % 5).expect("below five"));
    (inputs, labels)
}

fn allocations(run: impl FnOnce()) -> u64 {
    measure(run).count_total
}

#[test]
fn the_counter_counts() {
    assert!(allocations(|| drop(std::hint::black_box(vec![1u8; 100]))) > 0);
}

#[test]
fn forward_allocates_nothing() {
    let (inputs, _) = rows();
    let model = Classifier::new(3);
    let mut memory = ClassifierForward::<ROWS>::boxed();
    let mut output = [[0.0; 5]; ROWS];
    assert_eq!(allocations(|| model.forward(&mut memory, &inputs, &mut output)), 0);
    assert!((output[0].iter().sum::<f32>() - 1.0).abs() < 1e-5);
}

#[test]
fn gradients_allocate_nothing() {
    let (inputs, labels) = rows();
    let mut model = Classifier::new(3);
    let mut memory = ClassifierTraining::<ROWS>::boxed();
    let mut gradients = ClassifierGradients::boxed();
    let mut loss = f32::NAN;
    let count = allocations(|| loss = model.gradients(&mut memory, &inputs, &labels, &mut gradients));
    assert_eq!(count, 0);
    assert!(loss.is_finite());
}

fn check_steps<O: Optimizer>(optimizer: &O) {
    let (inputs, labels) = rows();
    let mut model = Classifier::new(3);
    let mut memory = ClassifierTraining::<ROWS>::boxed();
    let mut state = O::State::<Classifier>::boxed();
    let mut losses = [0.0; 30];
    let count = allocations(|| {
        for loss in &mut losses {
            *loss = model.train_step(&mut memory, optimizer, &mut state, &inputs, &labels);
        }
    });
    assert_eq!(count, 0);
    assert!(losses[29] < losses[0], "{losses:?}");
}

#[test]
fn steps_allocate_nothing() {
    check_steps(&Sgd::new(0.05));
    check_steps(&Adam::new(1e-2));
    check_steps(&GlobalNorm::new(Adam::new(1e-2), 1.0));
    check_steps(&GlobalNorm::new(Groups::new(Nadam::new(1e-2), [("*.bias", 0.5)]), 1.0));
    check_steps(&Lamb::new(1e-2));
}
