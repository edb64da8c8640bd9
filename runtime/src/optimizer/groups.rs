//! Learning rates of groups of tensors, by their names.

use fearless_simd::Simd;

use super::{Moments, Optimizer, inner_learning_rate, matches};
use crate::arena::{view, view_mut};
use crate::network::Trainable;

/// Which factor the learning rate of a tensor has.
pub trait Rates: Clone {
    /// The factor of the tensor of that dotted name; zero freezes it.
    fn factor(&self, name: &str) -> f32;
}

/// The last pattern that fits decides, as [`matches`] reads it; one where none fits.
fn last_factor<T: AsRef<str>>(rates: &[(T, f32)], name: &str) -> f32 {
    rates.iter().rev().find(|(pattern, _)| matches(pattern.as_ref(), name)).map_or(1.0, |(_, factor)| *factor)
}

impl<T: AsRef<str> + Clone, const G: usize> Rates for [(T, f32); G] {
    fn factor(&self, name: &str) -> f32 {
        last_factor(self, name)
    }
}

impl<T: AsRef<str>> Rates for &[(T, f32)] {
    fn factor(&self, name: &str) -> f32 {
        last_factor(self, name)
    }
}

#[cfg(feature = "alloc")]
impl<T: AsRef<str> + Clone> Rates for alloc::vec::Vec<(T, f32)> {
    fn factor(&self, name: &str) -> f32 {
        last_factor(self, name)
    }
}

/// Lets `inner` train each tensor with a learning rate of its own: the one of `inner` times the factor for its name.
///
/// A tensor whose factor is zero is frozen: neither it nor its moments change. Factors may change from step to step.
/// Optimizers that use a whole gradient go around this one, as in `GlobalNorm::new(Groups::new(Adam::new(1e-3), …), 1.0)`;
/// around [`super::Lamb`] it is a compile error.
///
/// ```
/// use graven_runtime::optimizer::{Adam, Groups};
///
/// let frozen = Groups::new(Adam::new(1e-3), [("encoder.*", 0.0), ("*.bias", 2.0)]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Groups<O, R> {
    /// The optimizer of all groups.
    pub inner: O,
    /// Patterns and factors; the last pattern that fits a name decides.
    pub rates: R,
}

impl<O, R: Rates> Groups<O, R> {
    /// Gives the tensors that `inner` trains learning rates by their names.
    #[must_use]
    pub const fn new(inner: O, rates: R) -> Self {
        Self { inner, rates }
    }
}

/// A stretch of some parameters that belongs to one tensor.
struct Stretch {
    /// Its position among these parameters.
    first: usize,
    length: usize,
    factor: f32,
}

impl<O: Optimizer, R: Rates> Groups<O, R> {
    /// The optimizer of a group.
    #[inline(always)]
    fn group(&self, factor: f32) -> O {
        let mut inner = self.inner.clone();
        inner.set_learning_rate(self.inner.learning_rate() * factor);
        inner
    }

    /// The stretches of `length` parameters from position `at` on that are not frozen.
    #[inline(always)]
    fn stretches<N: Trainable>(&self, at: usize, length: usize) -> impl Iterator<Item = Stretch> {
        let trained = N::SLOTS.iter().filter(|slot| slot.info.trainable);
        trained.filter_map(move |slot| {
            let (start, end) = (slot.offset.max(at), (slot.offset + slot.info.len()).min(at + length));
            let length = end.checked_sub(start).filter(|&length| length > 0)?;
            let factor = self.rates.factor(slot.info.name);
            (factor != 0.0).then_some(Stretch { first: start - at, length, factor })
        })
    }
}

impl<O: Optimizer, R: Rates> Optimizer for Groups<O, R> {
    type State<N: Trainable> = O::State<N>;

    const PARTS: bool = O::PARTS;

    inner_learning_rate!();

    #[inline(always)]
    fn begin<N: Trainable>(&self, state: &mut Self::State<N>) {
        const { assert!(!O::OWNS_GRADIENT, "an optimizer that owns a gradient goes around `Groups`, not inside") };
        self.inner.begin::<N>(state);
    }

    #[inline(always)]
    fn moments<N: Trainable>(state: &mut Self::State<N>) -> Option<Moments<'_>> {
        O::moments::<N>(state)
    }

    #[inline(always)]
    fn apply<N: Trainable, S: Simd>(
        &self,
        simd: S,
        moments: Moments<'_>,
        at: usize,
        gradient: &[f32],
        parameters: &mut [f32],
    ) {
        let mut moments = moments;
        for Stretch { first, length, factor } in self.stretches::<N>(at, gradient.len()) {
            let (gradient, parameters) = (view(gradient, first, length), view_mut(parameters, first, length));
            self.group(factor).apply::<N, S>(simd, moments.tail(first), at + first, gradient, parameters);
        }
    }

    #[inline(always)]
    fn update<N: Trainable, S: Simd>(
        &self,
        simd: S,
        state: &mut Self::State<N>,
        at: usize,
        gradient: &[f32],
        parameters: &mut [f32],
    ) {
        for Stretch { first, length, factor } in self.stretches::<N>(at, gradient.len()) {
            let (gradient, parameters) = (view(gradient, first, length), view_mut(parameters, first, length));
            self.group(factor).update::<N, S>(simd, state, at + first, gradient, parameters);
        }
    }

    #[inline(always)]
    fn finish<N: Trainable, S: Simd>(&self, simd: S, state: &mut Self::State<N>, parameters: &mut [f32]) {
        self.inner.finish::<N, S>(simd, state, parameters);
    }
}
