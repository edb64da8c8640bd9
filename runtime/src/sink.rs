//! Where gradients go: into a slice that the caller keeps, or straight into an optimizer.

use fearless_simd::Simd;

use crate::arena::{tail, view_mut};
use crate::kernels::TILE;
use crate::lanes::{Vector, store};
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

/// Gradients that a contraction hands on as it makes them: they pass through memory that stays in the nearest cache, so
/// that nothing holds a whole gradient. Positions count from the first parameter.
pub struct Stream<'a, K> {
    sink: &'a mut K,
    parameters: &'a mut [f32],
    first: usize,
    buffer: &'a mut [f32],
    /// The position of the first gradient in the buffer.
    start: usize,
    /// The position behind the last one.
    end: usize,
}

impl<'a, K: Sink> Stream<'a, K> {
    /// Hands on the gradients of the `parameters` from position `first` of the physical order on.
    #[inline(always)]
    pub fn new(sink: &'a mut K, parameters: &'a mut [f32], first: usize, buffer: &'a mut [f32]) -> Self {
        Self { sink, parameters, first, buffer, start: 0, end: 0 }
    }

    /// The parameters from a position of the physical order on; their updates may still be on the way.
    #[inline(always)]
    #[must_use]
    pub fn parameters(&self, at: usize) -> &[f32] {
        tail(self.parameters, at)
    }

    /// Takes `lanes` gradients.
    #[inline(always)]
    pub fn store<S: Simd>(&mut self, position: usize, lanes: usize, gradient: Vector<S>) {
        store(self.buffer, position.wrapping_sub(self.start), lanes, gradient);
    }

    /// Says that all gradients in front of `position` are there; hands them on when there is no room for another
    /// [`TILE`] of them.
    #[inline(always)]
    pub fn reach<S: Simd>(&mut self, simd: S, position: usize) {
        self.end = position;
        if position.wrapping_sub(self.start).wrapping_add(TILE) > self.buffer.len() {
            self.finish(simd);
        }
    }

    /// Hands on the gradients that are there.
    #[inline(never)]
    pub fn finish<S: Simd>(&mut self, simd: S) {
        let length = self.end.saturating_sub(self.start);
        let gradient = self.buffer.get(..length).unwrap_or_default();
        let at = self.first.saturating_add(self.start);
        self.sink.gradient(simd, at, gradient, view_mut(self.parameters, at, length));
        self.start = self.end;
    }
}
