//! The least time that a call can take: from its operations, its bytes and the machine's [`Limits`].
//!
//! The formula is that of the peers' `roofline.py`, so that "times over floor" means the same for all:
//!
//! - arithmetic: 2 · multiply-accumulates / peak multiply-add rate;
//! - memory, forward: 4 bytes a parameter / read rate of the smallest cache that holds the parameters;
//! - memory, training: 28 bytes a parameter (weight, gradient and two moments read; weight and two moments written) /
//!   update rate of the smallest cache that holds 16 bytes a parameter;
//! - a training step has 3 times the multiply-accumulates of a forward pass, less the first layer's input gradient;
//! - the floor is the larger of arithmetic and memory. Activations are not counted.

use serde::{Deserialize, Serialize};

use crate::limits::Limits;
use crate::mode::{Kind, Mode};

/// What a network costs, a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Multiply-accumulates of a forward pass.
    pub macs: u64,
    /// Those of the first layer.
    pub first_layer_macs: u64,
    /// Trainable scalars.
    pub parameters: usize,
}

/// Microseconds that a call cannot go below.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Floor {
    /// By arithmetic.
    pub arithmetic: f64,
    /// By traffic of parameters.
    pub memory: f64,
}

impl Floor {
    /// The floor of a call.
    #[must_use]
    pub fn of(limits: &Limits, counts: &Counts, mode: Mode) -> Self {
        let (macs, bytes, bandwidth) = match mode.kind {
            Kind::Infer => (counts.macs, 4 * counts.parameters, limits.read(4 * counts.parameters)),
            Kind::Train | Kind::Fit | Kind::FullFit => (
                3 * counts.macs - counts.first_layer_macs,
                28 * counts.parameters,
                limits.update(16 * counts.parameters),
            ),
        };
        let operations = 2.0 * mode.batch as f64 * macs as f64;
        Self { arithmetic: operations / limits.peak() * 1e-3, memory: bytes as f64 / bandwidth * 1e-3 }
    }

    /// The larger of both.
    #[must_use]
    pub fn us(&self) -> f64 {
        self.arithmetic.max(self.memory)
    }

    /// Which of both it is.
    #[must_use]
    pub fn limit(&self) -> &'static str {
        if self.arithmetic >= self.memory { "arithmetic" } else { "memory" }
    }
}
