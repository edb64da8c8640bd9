//! Contractions: matrix products whose results pass in registers to an epilogue, which stores them.
//!
//! Each kernel is a function of its own, and its body runs inside [`Simd::vectorize`], so that it is compiled for the
//! instruction set of its token wherever it is called from.

mod dense;
mod dot;
mod dots;
mod input_gradient;
mod line;
mod matmul;
mod tile;
mod transposed;
mod weight_gradient;
pub mod window;

pub use dense::dense;
pub use input_gradient::dense_input_gradient;
pub use matmul::{Matmul, matmul};
pub use weight_gradient::dense_weight_gradient;

use fearless_simd::{Simd, prelude::*};

use crate::lanes::Vector;

/// What happens to a result of a contraction: bias, activation, slope, and the store itself.
///
/// Mark the implementation of [`Epilogue::store`] `#[inline(always)]`.
pub trait Epilogue<S: Simd> {
    /// Takes the results of `row` from `column` on; only the first `lanes` of at most sixteen lanes are results.
    fn store(&mut self, simd: S, row: usize, column: usize, lanes: usize, value: Vector<S>);

    /// Says that all results in front of a column are there; only [`dense_weight_gradient`] does, at least after each
    /// [`TILE`] results, and after the last one.
    #[inline(always)]
    fn reach(&mut self, _simd: S, _column: usize) {}
}

/// Results of a weight gradient between two calls of [`Epilogue::reach`], at most.
pub const TILE: usize = 8 * crate::tensors::PANEL;

/// Floats in a register of the level.
const fn register<S: Simd>() -> usize {
    S::f32s::LEN
}

/// Whether the level has 32 registers of four floats.
const MANY_REGISTERS: bool = cfg!(target_arch = "aarch64");
/// Whether the level has sixteen registers of four floats.
const SOME_REGISTERS: bool = cfg!(any(target_arch = "x86_64", target_arch = "x86", target_arch = "wasm32"));
