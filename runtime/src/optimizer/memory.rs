//! What optimizers remember from one step to the next.

use crate::arena::tail_mut;
use crate::network::{Gradients, Trainable};
use crate::plain::{Zeroable, plain};

/// Some numbers for all parameters together, such as corrections that count steps, and some moments of each parameter.
#[repr(C)]
pub struct Memory<N: Trainable, const NUMBERS: usize, const MOMENTS: usize> {
    pub(super) numbers: [f32; NUMBERS],
    moments: [N::Gradients; MOMENTS],
}

plain!(
    [N: Trainable, const NUMBERS: usize, const MOMENTS: usize] Memory<N, NUMBERS, MOMENTS>,
    "Numbers and gradients are plain data."
);

impl<N: Trainable, const NUMBERS: usize, const MOMENTS: usize> Memory<N, NUMBERS, MOMENTS> {
    /// All of it, of at most three moments a parameter.
    #[inline(always)]
    pub(super) fn moments(&mut self) -> Moments<'_> {
        let mut slices = <[&mut [f32]; 3]>::default();
        for (slice, moment) in slices.iter_mut().zip(&mut self.moments) {
            *slice = moment.as_mut_slice();
        }
        Moments { numbers: &mut self.numbers, slices }
    }
}

/// What an optimizer remembers, for checkpoints and for threads that share a step.
#[derive(Debug, Default)]
pub struct Moments<'a> {
    /// Numbers for all parameters together.
    pub numbers: &'a mut [f32],
    /// Moments of one parameter each, in physical order; those that are not used are empty.
    pub slices: [&'a mut [f32]; 3],
}

impl Moments<'_> {
    /// The same for the parameters from position `at` on.
    #[inline(always)]
    #[must_use]
    pub fn from(self, at: usize) -> Self {
        Self { numbers: self.numbers, slices: self.slices.map(|slice| tail_mut(slice, at)) }
    }

    /// The same for the parameters from position `at` on, for a while.
    #[inline(always)]
    pub(super) fn tail(&mut self, at: usize) -> Moments<'_> {
        let slices = self.slices.each_mut().map(|slice| tail_mut(slice, at));
        Moments { numbers: &mut *self.numbers, slices }
    }
}
