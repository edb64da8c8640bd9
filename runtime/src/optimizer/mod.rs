//! Optimizers: small values of hyperparameters, called for each block of parameters as its gradient is finished.

mod adam;
mod adam_w;
mod clip;
mod gathered;
mod sgd;
mod update;

pub use adam::{Adam, AdamState};
pub use adam_w::AdamW;
pub use clip::ClipValue;
pub use gathered::{Accumulate, Gathered, GlobalNorm};
pub use sgd::{Sgd, SgdState};

use fearless_simd::Simd;

use crate::network::Trainable;
use crate::plain::Zeroable;

/// An optimizer: hyperparameters as plain public fields, moments in [`Optimizer::State`].
///
/// A step is one `begin`, then an `update` for each block of parameters, then one `finish`. With micro-batches every
/// block is updated several times between `begin` and `finish`; the gradients given add up to the gradient of the step.
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

    /// The learning rate of the next step.
    fn learning_rate(&self) -> f32;
    /// Changes the learning rate between steps.
    fn set_learning_rate(&mut self, learning_rate: f32);

    /// Starts a step.
    fn begin<N: Trainable>(&self, state: &mut Self::State<N>);
    /// Updates the parameters from position `at` of the physical order on; `gradient` is as long as `parameters`.
    fn update<N: Trainable, S: Simd>(
        &self,
        simd: S,
        state: &mut Self::State<N>,
        at: usize,
        gradient: &[f32],
        parameters: &mut [f32],
    );
    /// Ends a step; `parameters` are all of them. Optimizers that own a gradient update here.
    fn finish<N: Trainable, S: Simd>(&self, simd: S, state: &mut Self::State<N>, parameters: &mut [f32]);
}
