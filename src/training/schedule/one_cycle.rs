//! One rise and one long fall (Smith and Topin, 2018).

use std::f64::consts::PI;

use super::{Moment, Schedule};

/// Rises to the highest rate and falls far below the first one, all in one run; PyTorch's `OneCycleLR` with its
/// defaults.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OneCycle {
    /// The highest rate.
    pub highest: f64,
    /// Steps of the whole run.
    pub total_steps: u64,
    /// The share of steps that rise.
    pub rise: f64,
    /// How many times lower than the highest the first rate is.
    pub div_factor: f64,
    /// How many times lower than the first the last rate is.
    pub final_div_factor: f64,
    /// Whether rise and fall are straight lines instead of half cosines.
    pub linear: bool,
}

impl OneCycle {
    /// A cycle over a whole run.
    #[must_use]
    pub const fn new(highest: f64, total_steps: u64) -> Self {
        Self { highest, total_steps, rise: 0.3, div_factor: 25.0, final_div_factor: 1e4, linear: false }
    }

    /// The rate at a share of the way from one rate to another.
    fn between(&self, from: f64, to: f64, share: f64) -> f64 {
        let share = share.clamp(0.0, 1.0);
        let share = if self.linear { share } else { 0.5 * (1.0 - (PI * share).cos()) };
        from + (to - from) * share
    }
}

impl Schedule for OneCycle {
    fn rate(&self, at: Moment) -> f64 {
        let first = self.highest / self.div_factor;
        let (step, last) = (at.step as f64, self.total_steps.saturating_sub(1) as f64);
        let top = self.rise * self.total_steps as f64 - 1.0;
        if step <= top {
            self.between(first, self.highest, if top > 0.0 { step / top } else { 1.0 })
        } else {
            let share = if last > top { (step - top) / (last - top) } else { 1.0 };
            self.between(self.highest, first / self.final_div_factor, share)
        }
    }
}
