//! What both machines do: initialise, train twenty steps, predict; all memory is static.

use graven::{Adam, Index, network};

network! {
    /// Two inputs, eight hidden units, two classes.
    pub struct Quadrants;

    fn forward(point: [2]) -> [2] {
        let hidden = dense(point, 8, activation = tanh);
        dense(hidden, 2, activation = softmax)
    }

    fn loss(probabilities, label: index<2>) {
        categorical_cross_entropy(probabilities, label) + l2(1e-4)
    }
}

const BATCH: usize = 8;
const STEPS: usize = 20;

/// All memory of the program.
pub struct Memory {
    model: Quadrants,
    training: QuadrantsTraining<BATCH>,
    forward: QuadrantsForward<BATCH>,
    moments: <Adam as graven::Optimizer>::State<Quadrants>,
}

impl Memory {
    /// All zero, free in flash.
    pub const fn zeroed() -> Self {
        Self {
            model: Quadrants::zeroed(),
            training: QuadrantsTraining::zeroed(),
            forward: QuadrantsForward::zeroed(),
            moments: <Adam as graven::Optimizer>::State::<Quadrants>::zeroed(),
        }
    }
}

/// Losses of the steps, then the probabilities after them.
pub struct Results {
    /// One loss a step.
    pub losses: [f32; STEPS],
    /// Two probabilities a point.
    pub probabilities: [[f32; 2]; BATCH],
}

/// Trains and predicts.
pub fn run(memory: &mut Memory) -> Results {
    let points: [[f32; 2]; BATCH] = [
        [0.5, 0.25],
        [-0.5, 0.75],
        [-0.25, -0.5],
        [1.0, -0.75],
        [0.75, 1.0],
        [-1.0, 0.5],
        [-0.75, -1.0],
        [0.25, -0.25],
    ];
    let labels = points.map(|[x, y]| Index::<2>::new(usize::from(x * y > 0.0)).unwrap_or_default());
    memory.model.init(7);
    memory.training.reseed(7);
    let adam = Adam::new(0.05);
    let mut losses = [0.0; STEPS];
    for loss in &mut losses {
        *loss = memory.model.train_step(&mut memory.training, &adam, &mut memory.moments, &points, &labels);
    }
    let mut probabilities = [[0.0; 2]; BATCH];
    memory.model.forward(&mut memory.forward, &points, &mut probabilities);
    Results { losses, probabilities }
}
