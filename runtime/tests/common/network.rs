//! The least that optimizers need of a network: parameters and their gradient.

use graven_runtime::network::{
    Gradients, Network, Objective, RowsError, TensorError, TensorInfo, Trainable, TrainingMemory,
};
use graven_runtime::optimizer::Optimizer;
use graven_runtime::plain::Zeroable;
use graven_runtime::{Batch, Init, Layout, Share, Slot};

/// Not a multiple of any vector.
pub const PARAMETERS: usize = 37;

const fn slot(name: &'static str, shape: &'static [usize], offset: usize) -> Slot {
    let info = TensorInfo { name, shape, trainable: true };
    Slot { info, offset, layout: Layout::RowMajor, init: Init::Zeros }
}

/// Two tensors of 19 and 18 scalars; the one that is declared first lies last.
pub const SLOTS: &[Slot] = &[slot("head.weight", &[2, 9], 19), slot("body.weight", &[19], 0)];

pub struct Model(pub [f32; PARAMETERS]);
pub struct Gradient(pub [f32; PARAMETERS]);
pub struct Memory<const B: usize>(u64);

// SAFETY: an array of numbers.
unsafe impl Zeroable for Model {}
// SAFETY: an array of numbers.
unsafe impl Zeroable for Gradient {}
// SAFETY: a number.
unsafe impl<const B: usize> Zeroable for Memory<B> {}

impl Gradients for Gradient {
    fn as_slice(&self) -> &[f32] {
        &self.0
    }
    fn as_mut_slice(&mut self) -> &mut [f32] {
        &mut self.0
    }
}

impl<const B: usize> TrainingMemory for Memory<B> {
    fn reseed(&mut self, seed: u64) {
        self.0 = seed;
    }
    fn resume(&mut self, seed: u64, _: u64) {
        self.0 = seed;
    }
    fn step(&self) -> u64 {
        self.0
    }
}

impl Network for Model {
    type Input = f32;
    type Output = f32;
    type Forward<const B: usize> = Memory<B>;

    const NAME: &'static str = "Model";
    const PARAMETERS: usize = PARAMETERS;
    const MACS: u64 = 0;
    const SUMMARY: &'static str = "";

    fn init(&mut self, _: u64) {}
    fn tensors() -> &'static [TensorInfo] {
        &[]
    }
    fn tensor(&self, _: &str, _: &mut [f32]) -> Result<(), TensorError> {
        Err(TensorError::UnknownName)
    }
    fn set_tensor(&mut self, _: &str, _: &[f32]) -> Result<(), TensorError> {
        Err(TensorError::UnknownName)
    }
    fn forward_in_parts<const B: usize>(
        &self,
        _: &mut Memory<B>,
        _: usize,
        _: &[f32],
        _: &mut [f32],
    ) -> Result<(), RowsError> {
        Err(RowsError::Empty)
    }
}

impl Trainable for Model {
    type Target = f32;
    type Training<const B: usize> = Memory<B>;
    type Gradients = Gradient;

    const OBJECTIVE: Objective = Objective::Regression;
    const BATCH_STATISTICS: bool = false;
    const SLOTS: &'static [Slot] = SLOTS;

    fn parameters(&self) -> &[f32] {
        &self.0
    }
    fn parameters_mut(&mut self) -> &mut [f32] {
        &mut self.0
    }
    fn values(&self) -> &[f32] {
        &self.0
    }
    fn values_mut(&mut self) -> &mut [f32] {
        &mut self.0
    }
    fn gradients_rows<const B: usize>(
        &mut self,
        _: &mut Memory<B>,
        _: &[f32],
        _: &[f32],
        _: &mut Gradient,
    ) -> Result<f32, RowsError> {
        Err(RowsError::Empty)
    }
    fn train_rows<const B: usize, O: Optimizer>(
        &mut self,
        _: &mut Memory<B>,
        _: &O,
        _: &mut O::State<Self>,
        _: &[f32],
        _: &[f32],
        _: &mut [f32],
    ) -> Result<f32, RowsError> {
        Err(RowsError::Empty)
    }
    fn share_rows<const B: usize>(
        &self,
        _: &mut Memory<B>,
        _: Batch,
        _: &[f32],
        _: &[f32],
        _: &mut [f32],
        _: Share<'_>,
    ) -> Result<f32, RowsError> {
        Err(RowsError::Empty)
    }
    fn evaluate_rows<const B: usize>(
        &self,
        _: &mut Memory<B>,
        _: &[f32],
        _: &[f32],
        _: &mut [f32],
    ) -> Result<f32, RowsError> {
        Err(RowsError::Empty)
    }
}
