//! The least that optimizers need of a network: parameters and their gradient.

use graven_runtime::network::{
    Gradients, Network, Objective, RowsError, TensorError, TensorInfo, Trainable, TrainingMemory,
};
use graven_runtime::optimizer::Optimizer;
use graven_runtime::plain::Zeroable;
use graven_runtime::tensors::{Init, Layout, Slot, initialise, read_tensor, write_tensor};
use graven_runtime::{Batch, Share};

pub const PARAMETERS: usize = 1000;

pub struct Parameters(pub [f32; PARAMETERS]);
pub struct Gradient([f32; PARAMETERS]);
pub struct Memory<const B: usize>(u64);

// SAFETY: arrays of numbers.
unsafe impl Zeroable for Parameters {}
// SAFETY: arrays of numbers.
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

const INFO: TensorInfo = TensorInfo { name: "dense.weight", shape: &[40, 25], trainable: true };
const SLOTS: &[Slot] = &[Slot {
    info: INFO,
    offset: 0,
    layout: Layout::Panels { k: 25, n: 40, transposed: true },
    init: Init::TruncatedNormal { deviation: 0.1 },
}];

impl Network for Parameters {
    type Input = f32;
    type Output = f32;
    type Forward<const B: usize> = Memory<B>;

    const NAME: &'static str = "Parameters";
    const PARAMETERS: usize = PARAMETERS;
    const MACS: u64 = 0;
    const SUMMARY: &'static str = "";

    fn init(&mut self, seed: u64) {
        initialise(SLOTS, &mut self.0, seed);
    }
    fn tensors() -> &'static [TensorInfo] {
        &[INFO]
    }
    fn tensor(&self, name: &str, values: &mut [f32]) -> Result<(), TensorError> {
        read_tensor(SLOTS, &self.0, name, values)
    }
    fn set_tensor(&mut self, name: &str, values: &[f32]) -> Result<(), TensorError> {
        write_tensor(SLOTS, &mut self.0, name, values)
    }
    fn forward_in_parts<const B: usize>(
        &self,
        _: &mut Memory<B>,
        _: usize,
        _: &[f32],
        _: &mut [f32],
    ) -> Result<(), RowsError> {
        Ok(())
    }
}

impl Trainable for Parameters {
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
        Ok(0.0)
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
        Ok(0.0)
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
        Ok(0.0)
    }
    fn evaluate_rows<const B: usize>(
        &self,
        _: &mut Memory<B>,
        _: &[f32],
        _: &[f32],
        _: &mut [f32],
    ) -> Result<f32, RowsError> {
        Ok(0.0)
    }
}
