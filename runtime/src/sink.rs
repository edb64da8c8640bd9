//! Where gradients go: into a slice that the caller keeps, or straight into an optimizer.

use fearless_simd::Simd;

use crate::arena::{tail, tail_mut, view_mut};
use crate::glue::assign;
use crate::kernels::TILE;
use crate::lanes::{Vector, store};
use crate::network::Trainable;
use crate::optimizer::{Optimizer, add};

/// The parameters of a model while it is differentiated, and the receiver of their finished gradients.
pub trait Sink {
    /// All parameters and statistics; updates of those that still need a gradient have not begun.
    fn parameters(&self) -> &[f32];
    /// Those from position `at` on.
    #[inline(always)]
    fn tail(&self, at: usize) -> &[f32] {
        tail(self.parameters(), at)
    }
    /// Takes the gradient of the parameters from position `at` of the physical order on.
    fn gradient<S: Simd>(&mut self, simd: S, at: usize, gradient: &[f32]);
    /// Takes new values of the statistics from position `at` on.
    fn assign(&mut self, at: usize, values: &[f32]);
}

/// Writes gradients to a slice in physical order.
#[derive(Debug)]
pub struct Collect<'a> {
    /// All parameters and statistics.
    pub parameters: &'a mut [f32],
    /// Where gradients go.
    pub gradient: &'a mut [f32],
}

impl Sink for Collect<'_> {
    #[inline(always)]
    fn parameters(&self) -> &[f32] {
        self.parameters
    }
    #[inline(always)]
    fn gradient<S: Simd>(&mut self, _simd: S, at: usize, gradient: &[f32]) {
        assign(gradient, tail_mut(self.gradient, at));
    }
    #[inline(always)]
    fn assign(&mut self, at: usize, values: &[f32]) {
        assign(values, tail_mut(self.parameters, at));
    }
}

/// Updates parameters as their gradients arrive.
pub struct Step<'a, O: Optimizer, N: Trainable> {
    /// The optimizer.
    pub optimizer: &'a O,
    /// Its moments.
    pub state: &'a mut O::State<N>,
    /// All parameters and statistics.
    pub parameters: &'a mut [f32],
}

impl<O: Optimizer, N: Trainable> Sink for Step<'_, O, N> {
    #[inline(always)]
    fn parameters(&self) -> &[f32] {
        self.parameters
    }
    #[inline(always)]
    fn gradient<S: Simd>(&mut self, simd: S, at: usize, gradient: &[f32]) {
        let parameters = view_mut(self.parameters, at, gradient.len());
        self.optimizer.update::<N, S>(simd, self.state, at, gradient, parameters);
    }
    #[inline(always)]
    fn assign(&mut self, at: usize, values: &[f32]) {
        assign(values, tail_mut(self.parameters, at));
    }
}

/// Gathers what some rows of a step contribute, and leaves the model as it is: threads may share it.
#[derive(Debug)]
pub struct Share<'a> {
    /// The gradient, in physical order. Parameters that have none keep what is there.
    pub gradient: &'a mut [f32],
    /// New values of what lies behind the trained parameters.
    pub statistics: &'a mut [f32],
    /// Whether the gradient is added to what is there instead of overwriting it.
    pub add: bool,
}

/// A share on its way, with the model it is a share of.
pub struct Sharing<'a> {
    /// All parameters and statistics.
    pub parameters: &'a [f32],
    /// What is gathered.
    pub share: Share<'a>,
}

impl Sink for Sharing<'_> {
    #[inline(always)]
    fn parameters(&self) -> &[f32] {
        self.parameters
    }
    #[inline(always)]
    fn gradient<S: Simd>(&mut self, simd: S, at: usize, gradient: &[f32]) {
        if self.share.add {
            add(simd, at, gradient, self.share.gradient);
        } else {
            assign(gradient, tail_mut(self.share.gradient, at));
        }
    }
    #[inline(always)]
    fn assign(&mut self, at: usize, values: &[f32]) {
        let trained = self.share.gradient.len();
        assign(values, tail_mut(self.share.statistics, at.saturating_sub(trained)));
    }
}

/// Gradients that a contraction hands on as it makes them: they pass through memory that stays in the nearest cache, so
/// that nothing holds a whole gradient. Positions count from the first parameter.
pub struct Stream<'a, K> {
    sink: &'a mut K,
    first: usize,
    buffer: &'a mut [f32],
    /// The position of the first gradient in the buffer.
    start: usize,
    /// The position behind the last one.
    end: usize,
}

impl<'a, K: Sink> Stream<'a, K> {
    /// Hands on the gradients of the parameters from position `first` of the physical order on.
    #[inline(always)]
    pub fn new(sink: &'a mut K, first: usize, buffer: &'a mut [f32]) -> Self {
        Self { sink, first, buffer, start: 0, end: 0 }
    }

    /// The parameters from a position of the physical order on; their updates may still be on the way.
    #[inline(always)]
    #[must_use]
    pub fn parameters(&self, at: usize) -> &[f32] {
        self.sink.tail(at)
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
        self.sink.gradient(simd, at, gradient);
        self.start = self.end;
    }
}
