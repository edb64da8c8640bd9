//! The exponential moving average of all parameters.

use graven_runtime::network::Trainable;

/// Parameters averaged over steps: `a ← decay·a + (1 − decay)·w` after each, from the first weights on.
#[derive(Clone, Debug)]
pub(super) struct Average {
    pub decay: f32,
    /// In physical order; empty before the start.
    pub values: Vec<f32>,
}

impl Average {
    pub fn new(decay: f32) -> Self {
        Self { decay, values: Vec::new() }
    }

    /// Starts from the weights as they are.
    pub fn start<N: Trainable>(&mut self, model: &N) {
        self.values = model.parameters().to_vec();
    }

    /// Takes the weights after a step.
    pub fn step<N: Trainable>(&mut self, model: &N) {
        let fresh = 1.0 - self.decay;
        for (average, &value) in self.values.iter_mut().zip(model.parameters()) {
            *average += (value - *average) * fresh;
        }
    }

    /// Exchanges the average and the weights of the model.
    pub fn swap<N: Trainable>(&mut self, model: &mut N) {
        self.values.swap_with_slice(model.parameters_mut());
    }
}
