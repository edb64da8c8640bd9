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
mod memory;
mod nadam;
mod rms_prop;
mod sgd;
mod update;

pub use adadelta::Adadelta;
pub use adagrad::Adagrad;
pub use adam::Adam;
pub use adam_w::AdamW;
pub use clip::ClipValue;
pub use gathered::{Accumulate, Gathered, GlobalNorm};
pub use glob::matches;
pub use groups::{Groups, Rates};
pub use lamb::Lamb;
pub use lion::Lion;
pub use memory::{Memory, Moments};
pub use nadam::Nadam;
pub use rms_prop::RmsProp;
pub use sgd::Sgd;
pub use update::add;

use fearless_simd::Simd;

use crate::network::Trainable;
use crate::plain::Zeroable;

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
    #[inline(always)]
    fn begin<N: Trainable>(&self, state: &mut Self::State<N>) {
        let _ = state;
    }
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

/// The learning rate of an optimizer that has one.
macro_rules! own_learning_rate {
    () => {
        fn learning_rate(&self) -> f32 {
            self.learning_rate
        }

        fn set_learning_rate(&mut self, learning_rate: f32) {
            self.learning_rate = learning_rate;
        }
    };
}

/// The learning rate of an optimizer around another one.
macro_rules! inner_learning_rate {
    () => {
        fn learning_rate(&self) -> f32 {
            self.inner.learning_rate()
        }

        fn set_learning_rate(&mut self, learning_rate: f32) {
            self.inner.set_learning_rate(learning_rate);
        }
    };
}

/// What is the same in all optimizers that treat every parameter by itself, but for how much they remember.
macro_rules! by_parameter {
    ($numbers:literal numbers, $moments:literal moments) => {
        type State<N: Trainable> = super::Memory<N, $numbers, $moments>;

        const PARTS: bool = true;

        super::own_learning_rate!();

        #[inline(always)]
        fn moments<N: Trainable>(state: &mut Self::State<N>) -> Option<Moments<'_>> {
            Some(state.moments())
        }
    };
}

use {by_parameter, inner_learning_rate, own_learning_rate};
