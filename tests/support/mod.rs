//! A network written by hand: four numbers to three classes, one dense layer, cross-entropy. With `STATISTICS` it also
//! counts rows and steps, as a running statistic that training changes.
#![allow(dead_code, reason = "not every test file needs every helper")]

use graven::rt::drive::{self, ForwardPart, Learner, TrainingPart, TrainingRows};
use graven::rt::{self, Init, Layout, Run, Simd, Slot};
use graven::{
    Dataset, Gradients, Index, Network, Objective, Optimizer, RowsError, TensorError, TensorInfo, Trainable,
    TrainingMemory, Zeroable,
};

const PARAMETERS: usize = 15;

pub struct Softmax<const STATISTICS: bool> {
    values: [f32; PARAMETERS + 2],
}
pub struct Memory {
    clock: rt::Clock,
}
pub struct Gradient([f32; PARAMETERS]);

pub type Classifier = Softmax<false>;
pub type Counting = Softmax<true>;
pub type Flowers = Dataset<[f32; 4], Index<3>>;

// SAFETY: arrays of numbers.
unsafe impl<const STATISTICS: bool> Zeroable for Softmax<STATISTICS> {}
// SAFETY: a clock is two numbers.
unsafe impl Zeroable for Memory {}
// SAFETY: an array of numbers.
unsafe impl Zeroable for Gradient {}

graven::__alloc_methods! { Classifier }
graven::__std_methods! { Classifier }
graven::__std_trainable_methods! { Classifier }

/// Names that a user may well give to something else.
mod shadowed {
    #![allow(non_camel_case_types, reason = "they shadow primitive types")]

    pub mod core {}
    pub mod std {}
    pub mod alloc {}
    pub struct Box;
    pub struct Vec;
    pub struct String;
    pub struct Result;
    pub struct Dataset;
    pub struct u8;
    pub struct u64;
    pub struct usize;
    pub struct str;

    graven::__alloc_methods! { super::Counting }
    graven::__std_methods! { super::Counting }
    graven::__std_trainable_methods! { super::Counting }
    graven::__alloc_boxed! { [] super::Gradient }
}

impl Gradients for Gradient {
    fn as_slice(&self) -> &[f32] {
        &self.0
    }
    fn as_mut_slice(&mut self) -> &mut [f32] {
        &mut self.0
    }
}

impl TrainingMemory for Memory {
    fn reseed(&mut self, seed: u64) {
        self.clock = rt::Clock { seed, step: 0 };
    }
    fn resume(&mut self, seed: u64, step: u64) {
        self.clock = rt::Clock { seed, step };
    }
    fn step(&self) -> u64 {
        self.clock.step
    }
}

const WEIGHT: TensorInfo = TensorInfo { name: "dense.weight", shape: &[3, 4], trainable: true };
const BIAS: TensorInfo = TensorInfo { name: "dense.bias", shape: &[3], trainable: true };
const SEEN: TensorInfo = TensorInfo { name: "seen", shape: &[2], trainable: false };

const fn slot(info: TensorInfo, offset: usize, init: Init) -> Slot {
    Slot { info, offset, layout: Layout::RowMajor, init }
}

const SLOTS: &[Slot] =
    &[slot(WEIGHT, 0, Init::Uniform { limit: 0.5 }), slot(BIAS, 12, Init::Zeros), slot(SEEN, 15, Init::Zeros)];

impl<const STATISTICS: bool> Softmax<STATISTICS> {
    fn logits(&self, x: &[f32; 4]) -> [f32; 3] {
        std::array::from_fn(|class| {
            let weights = &self.values[4 * class..4 * class + 4];
            self.values[12 + class] + weights.iter().zip(x).map(|(weight, x)| weight * x).sum::<f32>()
        })
    }

    /// The loss of these rows and, added to `gradient`, its slope.
    fn differentiate(&self, part: TrainingPart<'_, '_, Self>, gradient: &mut [f32; PARAMETERS]) -> f32 {
        let mut loss = 0.0;
        for (x, label) in part.inputs.iter().zip(part.targets) {
            let logits = self.logits(x);
            let greatest = logits.into_iter().fold(f32::NEG_INFINITY, f32::max);
            let sum: f32 = logits.iter().map(|logit| (logit - greatest).exp()).sum();
            loss += (sum.ln() + greatest - logits[label.get()]) * part.batch.inverse_total;
            for class in 0..3 {
                let one = f32::from(u8::from(class == label.get()));
                let slope = ((logits[class] - greatest).exp() / sum - one) * part.batch.inverse_total;
                gradient[12 + class] += slope;
                (0..4).for_each(|input| gradient[4 * class + input] += slope * x[input]);
            }
        }
        for (output, x) in part.outputs.iter_mut().zip(part.inputs) {
            *output = self.logits(x);
        }
        loss
    }
}

struct Update<'a, 'b, O: Optimizer, N: Trainable> {
    step: &'a mut rt::Step<'b, O, N>,
    gradient: &'a [f32],
}

impl<O: Optimizer, N: Trainable> Run for Update<'_, '_, O, N> {
    type Output = ();
    fn run<S: Simd>(self, simd: S) {
        rt::Sink::gradient(self.step, simd, 0, self.gradient);
    }
}

impl<const STATISTICS: bool> Network for Softmax<STATISTICS> {
    type Input = [f32; 4];
    type Output = [f32; 3];
    type Forward<const B: usize> = Memory;

    const NAME: &'static str = "Softmax";
    const PARAMETERS: usize = PARAMETERS;
    const MACS: u64 = 12;
    const SUMMARY: &'static str = "dense 4 to 3";
    const FLATTENED: &'static [(&'static str, [usize; 3])] = &[("dense.weight", [2, 1, 2])];

    fn init(&mut self, seed: u64) {
        rt::initialise(SLOTS, &mut self.values, seed);
    }
    fn tensors() -> &'static [TensorInfo] {
        &[WEIGHT, BIAS, SEEN]
    }
    fn tensor(&self, name: &str, values: &mut [f32]) -> Result<(), TensorError> {
        rt::read_tensor(SLOTS, &self.values, name, values)
    }
    fn set_tensor(&mut self, name: &str, values: &[f32]) -> Result<(), TensorError> {
        rt::write_tensor(SLOTS, &mut self.values, name, values)
    }
    fn forward_in_parts<const B: usize>(
        &self,
        _memory: &mut Memory,
        at_once: usize,
        inputs: &[[f32; 4]],
        outputs: &mut [[f32; 3]],
    ) -> Result<(), RowsError> {
        drive::forward::<Self, B>(at_once, inputs, outputs, |ForwardPart { inputs, outputs, .. }| {
            for (output, x) in outputs.iter_mut().zip(inputs) {
                *output = self.logits(x);
            }
        })
    }
}

impl<const STATISTICS: bool> Trainable for Softmax<STATISTICS> {
    type Target = Index<3>;
    type Training<const B: usize> = Memory;
    type Gradients = Gradient;

    const OBJECTIVE: Objective = Objective::Classification;
    const BATCH_STATISTICS: bool = STATISTICS;
    const SLOTS: &'static [Slot] = SLOTS;

    fn parameters(&self) -> &[f32] {
        &self.values[..PARAMETERS]
    }
    fn parameters_mut(&mut self) -> &mut [f32] {
        &mut self.values[..PARAMETERS]
    }
    fn values(&self) -> &[f32] {
        &self.values
    }
    fn values_mut(&mut self) -> &mut [f32] {
        &mut self.values
    }
    fn gradients_rows<const B: usize>(
        &mut self,
        memory: &mut Memory,
        inputs: &[[f32; 4]],
        targets: &[Index<3>],
        gradients: &mut Gradient,
    ) -> Result<f32, RowsError> {
        let outputs: &mut [[f32; 3]] = &mut [];
        let rows = TrainingRows { inputs, targets, outputs };
        gradients.0.fill(0.0);
        drive::gradients::<Self, B>(&mut memory.clock, rows, |part| self.differentiate(part, &mut gradients.0))
    }
    fn train_rows<const B: usize, O: Optimizer>(
        &mut self,
        memory: &mut Memory,
        optimizer: &O,
        state: &mut O::State<Self>,
        inputs: &[[f32; 4]],
        targets: &[Index<3>],
        outputs: &mut [[f32; 3]],
    ) -> Result<f32, RowsError> {
        let rows = TrainingRows { inputs, targets, outputs };
        let learner = Learner { optimizer, state };
        drive::train::<Self, O, B>(self, &mut memory.clock, learner, rows, |model, part, learner| {
            let rows = part.batch.rows;
            let mut gradient = [0.0; PARAMETERS];
            let loss = model.differentiate(part, &mut gradient);
            rt::dispatch(Update { step: &mut learner.step(&mut model.values), gradient: &gradient });
            if STATISTICS {
                model.values[PARAMETERS] += rows as f32;
                model.values[PARAMETERS + 1] += 1.0;
            }
            loss
        })
    }
    fn share_rows<const B: usize>(
        &self,
        _memory: &mut Memory,
        batch: rt::Batch,
        inputs: &[[f32; 4]],
        targets: &[Index<3>],
        outputs: &mut [[f32; 3]],
        share: rt::Share<'_>,
    ) -> Result<f32, RowsError> {
        let rows = TrainingRows { inputs, targets, outputs };
        drive::share::<Self, B>(batch, rows, |part| {
            let mut gradient = [0.0; PARAMETERS];
            let loss = self.differentiate(part, &mut gradient);
            for (place, value) in share.gradient.iter_mut().zip(gradient) {
                *place = value + if share.add { *place } else { 0.0 };
            }
            if STATISTICS {
                share.statistics[0] = self.values[PARAMETERS] + batch.rows as f32;
                share.statistics[1] = self.values[PARAMETERS + 1] + 1.0;
            }
            loss
        })
    }
    fn evaluate_rows<const B: usize>(
        &self,
        _memory: &mut Memory,
        inputs: &[[f32; 4]],
        targets: &[Index<3>],
        outputs: &mut [[f32; 3]],
    ) -> Result<f32, RowsError> {
        let rows = TrainingRows { inputs, targets, outputs };
        drive::evaluate::<Self, B>(rows, |part| self.differentiate(part, &mut [0.0; PARAMETERS]))
    }
}

/// The iris data that the repository ships.
pub fn iris() -> Flowers {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/iris.csv");
    let table = graven::Csv::new().read(path).unwrap();
    Dataset::new(table.values::<[f32; 4]>(0..4).unwrap(), table.values::<Index<3>>(4).unwrap()).unwrap()
}
