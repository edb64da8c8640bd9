//! What training did, for people and for other programs: reports go in epoch by epoch, files and pictures come out.

mod csv_log;
mod curves;
mod json_lines;
#[cfg(feature = "plot")]
mod plot;
mod run;
mod table;
mod tensorboard;

pub use csv_log::CsvLog;
pub use curves::{Curves, draw};
pub use json_lines::JsonLines;
#[cfg(feature = "plot")]
pub use plot::PlotError;
pub use run::RunReport;
pub use tensorboard::TensorBoard;

use std::io;

use crate::metrics::Measured;
use crate::training::{Epoch, History};

/// A place that reports of epochs are written to as they are made.
///
/// ```
/// use graven::report::{CsvLog, Log};
/// # use graven::training::{Epoch, Score};
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("log.csv");
/// # let score = Score { loss: 0.5, accuracy: 0.75 };
/// # let epochs = [Epoch { number: 1, training: score, validation: None, learning_rate: 1e-3, seconds: 0.1 }];
/// let mut log = CsvLog::create(path)?;
/// for epoch in &epochs {
///     log.record(epoch, &[])?;
/// }
/// # Ok::<(), std::io::Error>(())
/// ```
pub trait Log {
    /// What a checkpoint keeps of it: where it has got to. Nothing, if not written anew.
    fn remember(&self) -> Vec<u8> {
        Vec::new()
    }

    /// A run goes on from a checkpoint that has `history`, for which [`Log::remember`] gave `place`. What was written since
    /// goes: those epochs are done, and recorded, again. Called before the first step, and of several processes in the
    /// leading one alone; does nothing, if not written anew.
    ///
    /// # Errors
    /// A file that cannot be written.
    fn resume(&mut self, history: &History, place: &[u8]) -> io::Result<()> {
        let _ = (history, place);
        Ok(())
    }

    /// Writes the report of an epoch, with any metrics of the validation data.
    ///
    /// # Errors
    /// A file that cannot be written; it then has all reports before this one.
    fn record(&mut self, epoch: &Epoch, metrics: &[Measured]) -> io::Result<()>;
}

/// The numbers of an epoch by their names in files; NaN where there is none.
fn numbers(epoch: &Epoch, metrics: &[Measured]) -> Vec<(String, f64)> {
    let validation =
        |number: fn(&crate::Score) -> f32| epoch.validation.as_ref().map_or(f64::NAN, |s| number(s).into());
    let fixed = [
        ("loss", epoch.training.loss.into()),
        ("accuracy", epoch.training.accuracy.into()),
        ("validation_loss", validation(|score| score.loss)),
        ("validation_accuracy", validation(|score| score.accuracy)),
        ("learning_rate", epoch.learning_rate.into()),
        ("seconds", epoch.seconds),
    ];
    let fixed = fixed.into_iter().map(|(name, number)| (name.to_owned(), number));
    fixed.chain(metrics.iter().map(|metric| (metric.name.clone(), metric.value))).collect()
}
