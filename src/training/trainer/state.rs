//! The state of a run to the bytes of a checkpoint and back.

use std::fmt::Debug;
use std::path::Path;

use graven_runtime::network::Trainable;
use graven_runtime::optimizer::{Moments, Optimizer};

use super::Trainer;
use crate::training::checkpoint::{
    self, CheckpointError, CheckpointProblem, Checkpoints, Difference, Fingerprint, Header,
};
use crate::training::engine::{Engine, Mode};
use crate::training::error::FitError;
use crate::training::plan::Rate;
use crate::training::score::Tally;
use crate::training::snapshot::{LastGood, Snapshot};
use crate::weights::fnv_1a_of;

const WRONG_ARRAYS: CheckpointProblem = CheckpointProblem::Damaged("the arrays are not those of the run");

impl<N: Trainable, O: Optimizer + Debug, const B: usize, M: Mode<N, O, B>> Trainer<'_, N, O, B, M> {
    /// Goes on from a checkpoint file: the run ends with the same bits as if it had never been interrupted.
    ///
    /// # Errors
    /// A file that cannot be read, is damaged or belongs to another run; model and trainer are then as they were. Of
    /// several processes each has to go on from the same: an error of one is an error of all.
    pub fn resume(&mut self, path: impl AsRef<Path>) -> Result<(), FitError> {
        let loaded = self.load(path.as_ref());
        self.engine.agree(loaded.map(|()| false))?;
        self.engine.compare(|| self.start_hash())
    }

    /// Goes on from a checkpoint file, as far as this process knows.
    pub(super) fn load(&mut self, path: &Path) -> Result<(), FitError> {
        let (header, arrays) = checkpoint::load(path)?;
        Ok(self.restore(header, arrays).map_err(|problem| problem.at(path))?)
    }

    /// Writes a checkpoint where the settings say.
    pub(super) fn checkpoint(&mut self, checkpoints: &Checkpoints) -> Result<(), FitError> {
        let bytes = self.bytes(checkpoints.folder())?;
        Ok(checkpoints.save(self.engine.steps(), &bytes)?)
    }

    fn fingerprint(&self) -> Fingerprint {
        let early = self.plan.early.map(|early| (early.patience, early.min_delta, early.start_from_epoch));
        let settings = format!(
            "average {:?}, schedule {}, shuffle {}, early stopping {early:?}, best {}",
            self.plan.average.as_ref().map(|average| average.decay),
            matches!(self.plan.rate, Rate::Schedule(_)),
            self.plan.shuffle,
            self.wants_best(),
        );
        Fingerprint {
            network: N::NAME.to_owned(),
            tensors: fnv_1a_of(format!("{:?}", N::SLOTS).as_bytes()),
            optimizer: self.history.optimizer.clone(),
            seed: self.plan.seed,
            rows: self.plan.training.len(),
            batch_size: self.plan.batch_size,
            engine: self.engine_name.clone(),
            settings,
        }
    }

    /// A hash of what all processes of a run have to start from.
    pub(super) fn start_hash(&self) -> u64 {
        let values = fnv_1a_of(&self.model.values().iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>());
        let (run, steps) = (self.fingerprint(), self.engine.steps());
        let (rate, epochs) = (self.optimizer.learning_rate().to_bits(), self.plan.epochs);
        let validation = self.plan.validation.map(|data| data.len());
        fnv_1a_of(format!("{run:?} {values} {steps} {} {rate} {epochs} {validation:?}", self.step).as_bytes())
    }

    fn header(&self) -> Header {
        let mut schedule = Vec::new();
        if let Rate::Schedule(rate) = &self.plan.rate {
            rate.remember(&mut schedule);
        }
        Header {
            run: self.fingerprint(),
            epoch: self.history.epochs.len(),
            step: self.step,
            steps: self.engine.steps(),
            learning_rate: self.optimizer.learning_rate().to_bits(),
            tally: self.tally.bits(),
            schedule: schedule.into_iter().map(f64::to_bits).collect(),
            early: self.plan.early.map(|early| (early.best.to_bits(), early.waited)),
            best: self.best.as_ref().map(|(epoch, _)| *epoch),
            stopped: self.stopped,
            seconds: self.seconds(),
            history: self.history.clone(),
            callbacks: self.plan.callbacks.iter().map(|callback| callback.remember()).collect(),
            logs: self.plan.logs.iter().map(|log| log.remember()).collect(),
        }
    }

    /// The bytes of a checkpoint for `path`: the model, the average, the best weights, then what the optimizer remembers.
    pub(super) fn bytes(&mut self, path: &Path) -> Result<Vec<u8>, CheckpointError> {
        let header = self.header();
        let Some(Moments { numbers, slices }) = self.engine.moments() else {
            return Err(CheckpointProblem::Moments.at(path));
        };
        let best = self.best.as_ref().map_or(Vec::new(), |(_, weights)| weights.arrays());
        let average = self.plan.average.as_ref().map_or(&[][..], |average| &average.values);
        let mut arrays = vec![self.model.values(), average];
        arrays.extend(best);
        arrays.push(numbers);
        arrays.extend(slices.iter().map(|slice| &**slice));
        checkpoint::write(&header, &arrays).map_err(|problem| problem.at(path))
    }

    /// Takes all of a checkpoint, or nothing.
    fn restore(&mut self, header: Header, arrays: Vec<Vec<f32>>) -> Result<(), CheckpointProblem> {
        self.compare(&header.run)?;
        let tally = Tally::from_bits(&header.tally).ok_or(CheckpointProblem::Damaged("the score is incomplete"))?;
        let mut best = header.best.map(|epoch| (epoch, Snapshot::of(self.model)));
        let average = self.plan.average.as_ref().map_or(0, |average| average.values.len());
        let Moments { numbers, slices } = self.engine.moments().ok_or(CheckpointProblem::Moments)?;
        let mut expected = vec![self.model.values().len(), average];
        expected.extend(best.iter().flat_map(|(_, weights)| weights.arrays()).map(<[f32]>::len));
        expected.push(numbers.len());
        expected.extend(slices.iter().map(|slice| slice.len()));
        if !arrays.iter().map(Vec::len).eq(expected) {
            return Err(WRONG_ARRAYS);
        }
        let mut arrays = arrays.into_iter();
        let mut take = |place: &mut [f32]| arrays.next().into_iter().for_each(|array| place.copy_from_slice(&array));
        take(self.model.values_mut());
        take(self.plan.average.as_mut().map_or(&mut [], |average| &mut average.values));
        best.iter_mut().for_each(|(_, weights)| weights.arrays_mut().into_iter().for_each(&mut take));
        take(numbers);
        slices.into_iter().for_each(take);
        self.engine.resume(header.steps);
        (self.best, self.tally) = (best, tally);
        self.take_header(header);
        Ok(())
    }

    fn take_header(&mut self, header: Header) {
        self.good = LastGood::new(self.model);
        self.progress.skip(header.steps);
        self.optimizer.set_learning_rate(f32::from_bits(header.learning_rate));
        if let Rate::Schedule(schedule) = &mut self.plan.rate {
            schedule.recall(&mut header.schedule.into_iter().map(f64::from_bits));
        }
        if let (Some(early), Some((best, waited))) = (&mut self.plan.early, header.early) {
            (early.best, early.waited) = (f32::from_bits(best), waited);
        }
        for (callback, bytes) in self.plan.callbacks.iter_mut().zip(&header.callbacks) {
            callback.recall(bytes);
        }
        (self.step, self.stopped, self.seconds) = (header.step, header.stopped, header.seconds);
        (self.history, self.places, self.started) = (header.history, Some(header.logs), false);
    }

    /// Whether the checkpoint is one of this run.
    fn compare(&self, found: &Fingerprint) -> Result<(), CheckpointProblem> {
        let here = self.fingerprint();
        let text = |a: &dyn ToString, b: &dyn ToString| (a.to_string(), b.to_string());
        let pairs = [
            (Difference::NetworkName, text(&here.network, &found.network)),
            (Difference::TensorLayout, text(&here.tensors, &found.tensors)),
            (Difference::OptimizerSettings, text(&here.optimizer, &found.optimizer)),
            (Difference::Seed, text(&here.seed, &found.seed)),
            (Difference::Rows, text(&here.rows, &found.rows)),
            (Difference::BatchSize, text(&here.batch_size, &found.batch_size)),
            (Difference::Engine, text(&here.engine, &found.engine)),
            (Difference::Settings, text(&here.settings, &found.settings)),
        ];
        match pairs.into_iter().find(|(_, (expected, found))| expected != found) {
            Some((what, (expected, found))) => Err(CheckpointProblem::Foreign { what, expected, found }),
            None => Ok(()),
        }
    }
}
