//! The best epoch of a run and its weights.

use std::fmt::Debug;

use graven_runtime::network::Trainable;
use graven_runtime::optimizer::Optimizer;

use super::Trainer;
use crate::training::engine::Mode;
use crate::training::history::Epoch;
use crate::training::snapshot::Snapshot;

impl<N: Trainable, O: Optimizer + Debug, const B: usize, M: Mode<N, O, B>> Trainer<'_, N, O, B, M> {
    pub(super) fn wants_best(&self) -> bool {
        self.plan.keep_best || self.plan.early.is_some_and(|early| early.restore_best)
    }

    /// Copies the weights of the best epoch so far, where they are asked for; says whether this one is the best.
    pub(super) fn remember(&mut self, epoch: Epoch) -> bool {
        let better = self.history.epochs.iter().all(|earlier| epoch.judged() < earlier.judged());
        if better && self.wants_best() {
            self.swap_average();
            match &mut self.best {
                Some((best, weights)) => {
                    *best = epoch;
                    weights.take(self.model);
                }
                None => self.best = Some((epoch, Snapshot::of(self.model))),
            }
            self.swap_average();
        }
        better
    }

    /// The number of the best epoch, when it is not the last.
    pub(super) fn keep_best(&mut self, last: usize) -> Option<usize> {
        let (best, weights) = self.best.as_ref().filter(|(best, _)| best.number != last)?;
        weights.restore(self.model);
        Some(best.number)
    }
}
