//! Event files of TensorBoard: numbers with a name and a step go in, framed protocol buffers come out.

mod event;
mod record;

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use super::{Log, numbers};
use crate::metrics::Measured;
use crate::training::{Epoch, History};

/// A writer of scalars for `tensorboard --logdir FOLDER`. Several runs are folders beside one another.
///
/// ```no_run
/// use graven::report::TensorBoard;
///
/// let mut board = TensorBoard::create("runs/first")?;
/// for step in 0..100 {
///     board.scalar("loss", step, 1.0 / (1.0 + step as f32))?;
/// }
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct TensorBoard {
    file: File,
}

impl TensorBoard {
    /// A new file in a folder, which is made when it is not there. A run that is resumed gets a further file in the same
    /// folder; as its steps are epochs, scalars by training step belong in a folder of their own.
    ///
    /// # Errors
    /// A folder or file that cannot be written.
    pub fn create(folder: impl AsRef<Path>) -> io::Result<Self> {
        let folder = folder.as_ref();
        std::fs::create_dir_all(folder)?;
        let (now, process) = (now(), std::process::id());
        let mut attempt = 0;
        let file = loop {
            let name = format!("events.out.tfevents.{:010}.graven.{process}.{attempt}", now as u64);
            match OpenOptions::new().write(true).create_new(true).open(folder.join(name)) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => attempt += 1,
                file => break file?,
            }
        };
        let mut board = Self { file };
        board.write(&event::version(now))?;
        Ok(board)
    }

    /// Writes a number; names with the same part before `/` share a section.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn scalar(&mut self, name: &str, step: u64, value: f32) -> io::Result<()> {
        self.scalars(step, [(name, value)])
    }

    /// Writes numbers of one step.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn scalars<'a>(&mut self, step: u64, values: impl IntoIterator<Item = (&'a str, f32)>) -> io::Result<()> {
        self.write(&event::scalars(now(), step, values))
    }

    /// A record is written at once, so that a reader sees whole ones.
    fn write(&mut self, event: &[u8]) -> io::Result<()> {
        self.file.write_all(&record::framed(event))
    }
}

impl Log for TensorBoard {
    /// Tells readers that whatever other files of the folder have from the next epoch on is void. They take the first start
    /// that they meet for the beginning of all, so there are two.
    fn resume(&mut self, history: &History, _place: &[u8]) -> io::Result<()> {
        let start = event::start(now(), history.epochs.len() as u64 + 1);
        self.write(&start)?;
        self.write(&start)
    }

    fn record(&mut self, epoch: &Epoch, metrics: &[Measured]) -> io::Result<()> {
        let numbers = numbers(epoch, metrics);
        let finite = numbers.iter().filter(|(_, number)| !number.is_nan());
        let tagged: Vec<(String, f32)> = finite.map(|(name, number)| (tag(name), *number as f32)).collect();
        self.scalars(epoch.number as u64, tagged.iter().map(|(name, number)| (name.as_str(), *number)))
    }
}

/// Training and validation numbers share a section.
fn tag(name: &str) -> String {
    match (name, name.strip_prefix("validation_")) {
        ("loss" | "accuracy", _) => format!("{name}/training"),
        (_, Some(measured)) => format!("{measured}/validation"),
        _ => name.to_owned(),
    }
}

/// Seconds since 1970.
fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64())
}
