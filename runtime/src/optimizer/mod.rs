//! Optimizers: small values of hyperparameters, called for each block of parameters as its gradient is finished.

mod adadelta;
mod adagrad;
mod adam;
mod adam_w;
mod clip;
mod gathered;
mod glob;
mod groups;
mod lamb;
mod lion;
mod nadam;
mod rms_prop;
mod sgd;
mod update;

pub use adadelta::{Adadelta, AdadeltaState};
pub use adagrad::{Adagrad, AdagradState};
pub use adam::{Adam, AdamState};
pub use adam_w::AdamW;
pub use clip::ClipValue;
pub use gathered::{Accumulate, Gathered, GlobalNorm};
pub use glob::matches;
pub use groups::{Groups, Rates};
pub use lamb::{Lamb, LambState};
pub use lion::{Lion, LionState};
pub use nadam::{Nadam, NadamState};
pub use rms_prop::{RmsProp, RmsPropState};
pub use sgd::{Sgd, SgdState};
pub use update::add;

use fearless_simd::Simd;

use crate::arena::tail_mut;
use crate::network::Trainable;
use crate::plain::Zeroable;

/// What an optimizer remembers, for checkpoints and for threads that share a step.
#[derive(Debug, Default)]
pub struct Moments<'a> {
    /// Numbers for all parameters together, such as corrections that count steps.
    pub numbers: &'a mut [f32],
    /// Moments of one parameter each, in physical order; those that are not used are empty.
    pub slices: [&'a mut [f32]; 3],
}

impl<'a> Moments<'a> {
    /// One moment a parameter.
    #[inline(always)]
    #[must_use]
    pub fn one(numbers: &'a mut [f32], first: &'a mut [f32]) -> Self {
        Self { numbers, slices: [first, &mut [], &mut []] }
    }

    /// Two moments a parameter.
    #[inline(always)]
    #[must_use]
    pub fn two(numbers: &'a mut [f32], [first, second]: [&'a mut [f32]; 2]) -> Self {
        Self { numbers, slices: [first, second, &mut []] }
    }

    /// The same for the parameters from position `at` on.
    #[inline(always)]
    #[must_use]
    pub fn from(self, at: usize) -> Self {
        Self { numbers: self.numbers, slices: self.slices.map(|slice| tail_mut(slice, at)) }
    }
}

/// An optimizer: hyperparameters as plain public fields, moments in [`Optimizer::State`].
///
/// A step is one `begin`, then an `update` for each block of parameters, then one `finish`. With micro-batches every
/// block is updated several times between `begin` and `finish`; the gradients given add up to the gradient of the step.
///
/// An optimizer that treats every parameter by itself gives [`Optimizer::moments`] and [`Optimizer::apply`] and says
/// so in [`Optimizer::PARTS`]; any other gives `update` and, if it can be kept in checkpoints, `moments`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an optimizer",
    label = "this is not an optimizer",
    note = "an optimizer is a value such as `Adam::new(1e-3)` or `Sgd::new(0.1)`, not its name"
)]
pub trait Optimizer: Clone {
    /// The moments for the parameters of `N`, all zero at the start.
    type State<N: Trainable>: Zeroable;

    /// Whether the state holds a whole gradient, so that a step may come in several micro-batches.
    const OWNS_GRADIENT: bool = false;
    /// Whether [`Optimizer::apply`] is all that happens between `begin` and the end of a step, so that threads may
    /// share it.
    const PARTS: bool = false;

    /// The learning rate of the next step.
    fn learning_rate(&self) -> f32;
    /// Changes the learning rate between steps.
    fn set_learning_rate(&mut self, learning_rate: f32);

    /// Starts a step.
    fn begin<N: Trainable>(&self, state: &mut Self::State<N>);
    /// Everything that one step leaves for the next; `None` if that is not to be had.
    #[inline(always)]
    fn moments<N: Trainable>(state: &mut Self::State<N>) -> Option<Moments<'_>> {
        let _ = state;
        None
    }
    /// Updates the parameters from position `at` of the physical order on, whose moments are given; `gradient` is as
    /// long as `parameters`. It does nothing unless [`Optimizer::PARTS`].
    #[inline(always)]
    fn apply<N: Trainable, S: Simd>(
        &self,
        simd: S,
        moments: Moments<'_>,
        at: usize,
        gradient: &[f32],
        parameters: &mut [f32],
    ) {
        let _ = (simd, moments, at, gradient, parameters);
    }
    /// Updates the parameters from position `at` of the physical order on; `gradient` is as long as `parameters`.
    #[inline(always)]
    fn update<N: Trainable, S: Simd>(
        &self,
        simd: S,
        state: &mut Self::State<N>,
        at: usize,
        gradient: &[f32],
        parameters: &mut [f32],
    ) {
        if let Some(moments) = Self::moments::<N>(state) {
            self.apply::<N, S>(simd, moments.from(at), at, gradient, parameters);
        }
    }
    /// Ends a step; `parameters` are all of them. Optimizers that own a gradient update here.
    #[inline(always)]
    fn finish<N: Trainable, S: Simd>(&self, simd: S, state: &mut Self::State<N>, parameters: &mut [f32]) {
        let _ = (simd, state, parameters);
    }
}
