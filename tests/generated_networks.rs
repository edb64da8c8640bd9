//! Networks declared in the macro, compiled and run.

#![forbid(unsafe_code)]
#![deny(missing_docs, warnings)]

use graven::prelude::*;

graven::network! {
    /// The primer's classifier.
    #[derive(Clone)]
    pub struct Primer;

    fn forward(pixels: [20]) -> [2] {
        let hidden = dense(pixels, 48, activation = relu);
        dense(hidden, 2, activation = softmax)
    }

    fn loss(probabilities, target: [2]) {
        categorical_cross_entropy(probabilities, target)
    }
}

#[test]
fn primer_learns() {
    let mut model = Primer::new(3);
    let mut memory = PrimerTraining::<4>::boxed();
    let mut state = <Adam as Optimizer>::State::<Primer>::boxed();
    let x: [[f32; 20]; 4] = std::array::from_fn(|row| std::array::from_fn(|i| ((row * 7 + i * 3) % 5) as f32 - 2.0));
    let y = [[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 1.0]];
    let adam = Adam::new(1e-2);
    let first = model.train_step(&mut memory, &adam, &mut state, &x, &y);
    let mut last = first;
    for _ in 0..100 {
        last = model.train_step(&mut memory, &adam, &mut state, &x, &y);
    }
    assert!(first > 0.3 && last < 0.01, "{first} {last}");
    let shares = model.predict(&x);
    assert!(shares[0][0] > 0.9 && shares[1][1] > 0.9);
}
