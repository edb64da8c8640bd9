//! Copies of everything that training changes in a model, to go back to.

use graven_runtime::network::{TensorInfo, Trainable};

/// Steps between copies.
const INTERVAL: usize = 16;

/// The parameters, and the running statistics where there are any.
#[derive(Clone, Debug)]
pub(super) struct Snapshot {
    parameters: Vec<f32>,
    statistics: Vec<(&'static str, Vec<f32>)>,
}

impl Snapshot {
    pub(super) fn of<N: Trainable>(model: &N) -> Self {
        let changing = |info: &&TensorInfo| N::BATCH_STATISTICS && !info.trainable;
        let statistics = N::tensors().iter().filter(changing).map(|info| (info.name, vec![0.0; info.len()]));
        let mut snapshot = Self { parameters: model.parameters().to_vec(), statistics: statistics.collect() };
        snapshot.take(model);
        snapshot
    }

    /// Copies the model as it is now.
    pub(super) fn take<N: Trainable>(&mut self, model: &N) {
        self.parameters.copy_from_slice(model.parameters());
        for (name, values) in &mut self.statistics {
            let read = model.tensor(name, values);
            debug_assert_eq!(read, Ok(()), "a model reads its own tensors");
        }
    }

    /// Makes the model what it was.
    pub(super) fn restore<N: Trainable>(&self, model: &mut N) {
        model.parameters_mut().copy_from_slice(&self.parameters);
        for (name, values) in &self.statistics {
            let written = model.set_tensor(name, values);
            debug_assert_eq!(written, Ok(()), "a model takes back its own finite tensors");
        }
    }

    /// Everything, in a fixed order.
    pub(super) fn arrays(&self) -> Vec<&[f32]> {
        let statistics = self.statistics.iter().map(|(_, values)| values.as_slice());
        std::iter::once(self.parameters.as_slice()).chain(statistics).collect()
    }

    /// Everything, in the order of [`Snapshot::arrays`].
    pub(super) fn arrays_mut(&mut self) -> Vec<&mut [f32]> {
        let statistics = self.statistics.iter_mut().map(|(_, values)| values.as_mut_slice());
        std::iter::once(self.parameters.as_mut_slice()).chain(statistics).collect()
    }

    /// The first value that is not finite.
    pub(super) fn fault(&self) -> Option<f32> {
        let statistics = self.statistics.iter().flat_map(|(_, values)| values);
        self.parameters.iter().chain(statistics).copied().find(|value| !value.is_finite())
    }
}

/// The last weights known to be good. A copy becomes good when the loss of a later step, computed from it, is finite.
#[derive(Debug)]
pub(super) struct LastGood {
    good: Snapshot,
    candidate: Snapshot,
    pending: bool,
    steps: usize,
}

impl LastGood {
    pub(super) fn new<N: Trainable>(model: &N) -> Self {
        let good = Snapshot::of(model);
        Self { candidate: good.clone(), good, pending: false, steps: 0 }
    }

    /// A step with a finite loss is done.
    pub(super) fn step<N: Trainable>(&mut self, model: &N) {
        self.confirm();
        self.steps += 1;
        if self.steps.is_multiple_of(INTERVAL) {
            self.propose(model);
        }
    }

    /// Copies the weights, to become good later; gives a value that is not finite, if there is one.
    pub(super) fn propose<N: Trainable>(&mut self, model: &N) -> Option<f32> {
        self.candidate.take(model);
        let fault = self.candidate.fault();
        self.pending = fault.is_none();
        fault
    }

    /// The proposed weights gave a finite loss.
    pub(super) fn confirm(&mut self) {
        if std::mem::take(&mut self.pending) {
            std::mem::swap(&mut self.good, &mut self.candidate);
        }
    }

    pub(super) fn restore<N: Trainable>(&self, model: &mut N) {
        self.good.restore(model);
    }
}
