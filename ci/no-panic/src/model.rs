//! The code that `network!` emits, called with inputs the compiler cannot know.

use core::hint::black_box;

use graven::{Adam, GlobalNorm, Index, Optimizer, Sgd, network};

network! {
    /// Contractions, row programs, statistics, random numbers and copies.
    struct Model;

    fn forward(image: [6, 7], scalar: []) -> ([10], [3]) {
        let normal = layer_norm(dense(flatten(image), 33, activation = gelu));
        let mixed = dropout(batch_norm(dense(normal, 20, activation = tanh)), 0.25);
        let rows = transpose(matmul(image, transpose(image)));
        let side = dense(concat([mixed, sum(rows, axis = 0)], axis = -1), 3);
        (dense(gaussian_noise(mixed, 0.1), 10), side * reshape(scalar, [1]))
    }

    fn loss(logits, side, label: index<10>, target: [3]) {
        cross_entropy(logits, label) + huber(side, target) + l2(1e-4) + l1(1e-5)
    }
}

const ROWS: usize = 5;
type State<O> = <O as Optimizer>::State<Model>;

static mut MODEL: Model = Model::zeroed();
static mut FORWARD: ModelForward<ROWS> = ModelForward::zeroed();
static mut TRAINING: ModelTraining<ROWS> = ModelTraining::zeroed();
static mut GRADIENTS: ModelGradients = ModelGradients::zeroed();
static mut SGD: State<Sgd> = State::<Sgd>::zeroed();
static mut ADAM: State<GlobalNorm<Adam>> = State::<GlobalNorm<Adam>>::zeroed();

/// Every method that must not panic.
pub fn all() {
    // SAFETY: called once, by the only thread.
    let (model, forward, training) =
        unsafe { (&mut *(&raw mut MODEL), &mut *(&raw mut FORWARD), &mut *(&raw mut TRAINING)) };
    // SAFETY: called once, by the only thread.
    let (gradients, sgd, adam) = unsafe { (&mut *(&raw mut GRADIENTS), &mut *(&raw mut SGD), &mut *(&raw mut ADAM)) };
    let image = black_box([[[0.5; 7]; 6]; ROWS]);
    let scalar = black_box([1.5; ROWS]);
    let label = black_box([Index::<10>::ZERO; ROWS]);
    let target = black_box([[0.1; 3]; ROWS]);
    let mut logits = [[0.0; 10]; ROWS];
    let mut side = [[0.0; 3]; ROWS];
    model.init(black_box(7));
    model.forward(forward, &image, &scalar, &mut logits, &mut side);
    black_box((&logits, &side));
    black_box(model.gradients(training, &image, &scalar, &label, &target, gradients));
    black_box(gradients.as_slice());
    black_box(model.train_step(training, &black_box(Sgd::new(0.1)), sgd, &image, &scalar, &label, &target));
    let clipped = black_box(GlobalNorm::new(Adam::new(0.1), 1.0));
    black_box(model.train_step(training, &clipped, adam, &image, &scalar, &label, &target));
}
