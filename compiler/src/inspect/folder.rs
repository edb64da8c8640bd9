//! Which folder is a network's: its name, with a number when networks elsewhere have the same.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use syn::Ident;

/// The file that says whose a folder is.
const MARK: &str = "origin.txt";

/// Folders of a network that an earlier run may have filled.
const STAGES: [&str; 3] = ["forward", "evaluation", "training"];

/// Where a network is declared, whatever its lines are: which file, and which of its networks of one name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Origin {
    /// The source file.
    pub file: String,
    /// Zero for the first network of its name in the file.
    pub number: usize,
}

/// A network that this process has seen: file, name, line and column.
type Seen = (String, String, (usize, usize));

static SEEN: Mutex<Vec<Seen>> = Mutex::new(Vec::new());

impl Origin {
    /// The origin of the network of that name.
    pub fn of(name: &Ident) -> Self {
        let span = name.span();
        let path = span.local_file().map(|file| std::path::absolute(&file).unwrap_or(file));
        let file = path.map_or_else(|| span.file(), |path| path.display().to_string());
        let place = (span.start().line, span.start().column);
        let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
        let of_name = |(other, word, _): &&Seen| *other == file && name == word;
        let known: Vec<(usize, usize)> = seen.iter().filter(of_name).map(|(.., place)| *place).collect();
        let number = known.iter().position(|other| *other == place).unwrap_or_else(|| {
            seen.push((file.clone(), name.to_string(), place));
            known.len()
        });
        Self { file, number }
    }

    fn mark(&self) -> String {
        match self.number {
            0 => format!("{}\n", self.file),
            number => format!("{} ({number})\n", self.file),
        }
    }
}

/// Makes the folder of a network under `dump`, or finds the one of an earlier run and empties it.
///
/// # Errors
/// It can be neither made nor read.
pub fn folder(dump: &Path, name: &str, origin: &Origin) -> io::Result<PathBuf> {
    fs::create_dir_all(dump)?;
    let mark = origin.mark();
    for number in 0.. {
        let folder = dump.join(if number == 0 { name.to_owned() } else { format!("{name}_{number}") });
        match fs::create_dir(&folder) {
            Ok(()) => {
                fs::write(folder.join(MARK), &mark)?;
                return Ok(folder);
            }
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            Err(_) if fs::read_to_string(folder.join(MARK)).is_ok_and(|found| found == mark) => {
                empty(&folder)?;
                return Ok(folder);
            }
            Err(_) => {}
        }
    }
    Err(io::Error::other("there are too many networks of this name"))
}

/// Removes what an earlier run wrote about stages that may be gone.
fn empty(folder: &Path) -> io::Result<()> {
    for stage in STAGES {
        match fs::remove_dir_all(folder.join(stage)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}
