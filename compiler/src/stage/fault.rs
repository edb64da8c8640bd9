//! How evaluation of an expression ends early.

use crate::syntax::{Diagnostic, Extent};

/// The result of evaluating something.
pub type Outcome<T> = Result<T, Stop>;

/// Why there is no value.
#[derive(Debug)]
pub enum Stop {
    /// An operand is already reported.
    Poisoned,
    /// A mistake that is not yet reported.
    Mistake(Box<Mistake>),
}

/// A mistake whose place may still be open: then it is where the expression is.
#[derive(Debug)]
pub struct Mistake {
    /// Where, if it is known better than the caller knows it.
    pub extent: Option<Extent>,
    /// What is wrong.
    pub message: String,
    /// How it came about.
    pub notes: Vec<String>,
    /// What would help.
    pub help: Option<String>,
    /// Whether the words where it is found are wrong whatever values get there.
    pub of_words: bool,
}

impl Mistake {
    /// A mistake in the values that get to the place where it is found.
    pub fn new(message: impl Into<String>) -> Self {
        Self { extent: None, message: message.into(), notes: Vec::new(), help: None, of_words: false }
    }

    /// A mistake in the words at the place where it is found, whatever values get there.
    pub fn of_words(message: impl Into<String>) -> Self {
        Self { of_words: true, ..Self::new(message) }
    }

    /// Says where.
    pub fn at(mut self, extent: impl Into<Extent>) -> Self {
        self.extent = Some(extent.into());
        self
    }

    /// Adds a line that shows how it came about.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Says what would help.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// What would help, if anything is known.
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = self.help.or(help);
        self
    }

    /// The finished diagnostic, at a place for those that do not know theirs.
    pub fn at_last(self, place: Extent) -> Diagnostic {
        let extent = self.extent.unwrap_or(place);
        Diagnostic { extent, message: self.message, notes: self.notes, help: self.help }
    }
}

impl From<Mistake> for Stop {
    fn from(mistake: Mistake) -> Self {
        Self::Mistake(Box::new(mistake))
    }
}

/// "did you mean `dense`?", if a known name is near.
pub fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let length = word.chars().count();
    let limit = (1 + length / 4).min(length.saturating_sub(1));
    let near = known.map(|name| (distance(word, name), name)).filter(|(distance, _)| *distance <= limit);
    near.min().map(|(_, name)| format!("did you mean `{name}`?"))
}

/// Levenshtein's distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
