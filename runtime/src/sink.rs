//! Where gradients go: into a slice that the caller keeps, or straight into an optimizer.

use fearless_simd::Simd;

use crate::network::Trainable;
use crate::optimizer::Optimizer;

/// A receiver of finished gradients.
pub trait Sink {
    /// Takes the gradient of the `parameters` from position `at` of the physical order on.
    fn gradient<S: Simd>(&mut self, simd: S, at: usize, gradient: &[f32], parameters: &mut [f32]);
}

/// Writes gradients to a slice in physical order.
#[derive(Debug)]
pub struct Collect<'a>(pub &'a mut [f32]);

impl Sink for Collect<'_> {
    #[inline(always)]
    fn gradient<S: Simd>(&mut self, _simd: S, at: usize, gradient: &[f32], _parameters: &mut [f32]) {
        for (place, &value) in self.0.get_mut(at..).unwrap_or_default().iter_mut().zip(gradient) {
            *place = value;
        }
    }
}

/// Updates parameters as their gradients arrive.
pub struct Step<'a, O: Optimizer, N: Trainable> {
    /// The optimizer.
    pub optimizer: &'a O,
    /// Its moments.
    pub state: &'a mut O::State<N>,
}

impl<O: Optimizer, N: Trainable> Sink for Step<'_, O, N> {
    #[inline(always)]
    fn gradient<S: Simd>(&mut self, simd: S, at: usize, gradient: &[f32], parameters: &mut [f32]) {
        self.optimizer.update::<N, S>(simd, self.state, at, gradient, parameters);
    }
}
