//! A progress bar on the standard error stream; nothing at all when that is no terminal.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::history::History;
use super::score::Score;

const TEMPLATE: &str = "{prefix} [{bar:30}] {msg}, {eta} left";
const REDRAW: Duration = Duration::from_millis(100);

pub(super) struct Progress {
    bar: ProgressBar,
    epochs: usize,
    waiting: u64,
    drawn: Instant,
}

impl Progress {
    pub(super) fn new(visible: bool, epochs: usize, steps: usize) -> Self {
        let target = if visible { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some((epochs * steps) as u64), target);
        if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
            bar.set_style(style);
        }
        Self { bar, epochs, waiting: 0, drawn: Instant::now() }
    }

    /// A step is done; `score` is that of the epoch so far.
    pub(super) fn step(&mut self, score: impl FnOnce() -> Score) {
        self.waiting += 1;
        if !self.bar.is_hidden() && self.drawn.elapsed() >= REDRAW {
            self.drawn = Instant::now();
            self.bar.set_message(score().to_string());
            self.bar.inc(std::mem::take(&mut self.waiting));
        }
    }

    /// Some steps were done by an earlier process.
    pub(super) fn skip(&mut self, steps: u64) {
        self.bar.set_position(steps);
        self.bar.reset_eta();
    }

    /// An epoch begins.
    pub(super) fn begin(&mut self, number: usize) {
        self.bar.set_prefix(format!("epoch {number}/{}", self.epochs));
    }

    /// An epoch is done: its report stays on the screen.
    pub(super) fn end(&mut self, history: &History) {
        self.bar.inc(std::mem::take(&mut self.waiting));
        if let Some(epoch) = history.last().filter(|_| !self.bar.is_hidden()) {
            self.bar.println(history.line(epoch));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
