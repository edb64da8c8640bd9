//! Text: a vocabulary learnt from the training part, lines as fixed numbers of tokens, windows over a long text.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use graven_runtime::index::Index;
use serde::{Deserialize, Deserializer, Serialize};

use super::error::{DataError, FileProblem};
use super::open;
use super::stream::{Order, Records, Rows};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tokens {
    /// A character.
    Characters,
    /// What stands between white space, in lower case and without punctuation around it.
    Words,
}

impl Tokens {
    fn each(self, text: &str, mut visit: impl FnMut(&str)) {
        match self {
            Self::Characters => {
                let mut bytes = [0; 4];
                text.chars().for_each(|character| visit(character.encode_utf8(&mut bytes)));
            }
            Self::Words => {
                for word in text.split_whitespace() {
                    let word = word.trim_matches(|character: char| character.is_ascii_punctuation());
                    if !word.is_empty() {
                        visit(&word.to_lowercase());
                    }
                }
            }
        }
    }
}

/// At most `N` numbered tokens: 0 for padding, 1 for every unknown token, then the most frequent ones of the training
/// part, in the order of their frequency and then of their spelling.
///
/// ```
/// use graven::data::text::{Tokens, Vocabulary};
///
/// let vocabulary = Vocabulary::<6>::fit(Tokens::Words, ["the cat sat", "the dog, the cat"])?;
/// let line = vocabulary.encode::<5>("The cat barked.");
/// assert_eq!(line.map(|token| token.get()), [2, 3, 1, 0, 0]);
/// assert_eq!(vocabulary.decode(&line), "the cat ?");
/// # Ok::<(), graven::DataError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Vocabulary<const N: usize> {
    kind: Tokens,
    tokens: Vec<String>,
    #[serde(skip)]
    numbers: HashMap<String, usize>,
}

/// Padding and unknown tokens.
const RESERVED: usize = 2;

impl<'de, const N: usize> Deserialize<'de> for Vocabulary<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Stored {
            kind: Tokens,
            tokens: Vec<String>,
        }
        let Stored { kind, tokens } = Stored::deserialize(deserializer)?;
        Self::of(kind, tokens).map_err(serde::de::Error::custom)
    }
}

impl<const N: usize> Vocabulary<N> {
    /// The most frequent tokens of some texts, as many as there is room for.
    ///
    /// # Errors
    /// No token at all, or no room for any.
    pub fn fit<T: AsRef<str>>(kind: Tokens, texts: impl IntoIterator<Item = T>) -> Result<Self, DataError> {
        let mut counts = HashMap::<String, u64>::new();
        for text in texts {
            kind.each(text.as_ref(), |token| match counts.get_mut(token) {
                Some(count) => *count += 1,
                None => {
                    counts.insert(token.to_owned(), 1);
                }
            });
        }
        let mut tokens: Vec<(String, u64)> = counts.into_iter().collect();
        tokens.sort_unstable_by(|(a, first), (b, second)| second.cmp(first).then_with(|| a.cmp(b)));
        tokens.truncate(N.saturating_sub(RESERVED));
        Self::of(kind, tokens.into_iter().map(|(token, _)| token).collect())
    }

    fn of(kind: Tokens, tokens: Vec<String>) -> Result<Self, DataError> {
        if tokens.is_empty() {
            return Err(DataError::Empty);
        }
        if tokens.len() + RESERVED > N {
            return Err(DataError::Classes { classes: N, found: tokens.len() + RESERVED });
        }
        let numbered = tokens.iter().cloned().enumerate();
        let numbers = numbered.map(|(number, token)| (token, number + RESERVED)).collect();
        Ok(Self { kind, tokens, numbers })
    }

    /// The known tokens, the first of which has number 2.
    #[must_use]
    pub fn tokens(&self) -> &[String] {
        &self.tokens
    }

    /// The number of a token, 1 for an unknown one.
    #[must_use]
    pub fn number(&self, token: &str) -> Index<N> {
        let number = self.numbers.get(token).copied().unwrap_or(1);
        Index::new(number).unwrap_or(Index::ZERO)
    }

    /// Visits the number of every token of a text.
    pub fn each(&self, text: &str, mut visit: impl FnMut(Index<N>)) {
        self.kind.each(text, |token| visit(self.number(token)));
    }

    /// The first `L` tokens of a text, filled up with padding.
    #[must_use]
    pub fn encode<const L: usize>(&self, text: &str) -> [Index<N>; L] {
        let mut line = [Index::ZERO; L];
        let mut places = line.iter_mut();
        self.each(text, |token| {
            if let Some(place) = places.next() {
                *place = token;
            }
        });
        line
    }

    /// The text of tokens; padding is left out, unknown tokens are question marks.
    #[must_use]
    pub fn decode(&self, tokens: &[Index<N>]) -> String {
        let text = |token: &Index<N>| match token.get().checked_sub(RESERVED) {
            Some(known) => Some(self.tokens.get(known).map_or("?", String::as_str)),
            None => (token.get() == 1).then_some("?"),
        };
        let between = if self.kind == Tokens::Words { " " } else { "" };
        tokens.iter().filter_map(text).collect::<Vec<_>>().join(between)
    }
}

/// The lines of a text file, plain or gzip, without their ends.
///
/// # Errors
/// A file that cannot be read or is not UTF-8.
pub fn read_lines(path: impl AsRef<Path>) -> Result<Vec<String>, DataError> {
    let path = path.as_ref();
    let text = String::from_utf8(open::read(path)?)
        .map_err(|error| open::problem(path, FileProblem::Text { line: line_of(error.as_bytes(), &error) }))?;
    Ok(text.lines().map(str::to_owned).collect())
}

fn line_of(bytes: &[u8], error: &std::string::FromUtf8Error) -> u64 {
    let valid = error.utf8_error().valid_up_to();
    1 + bytes[..valid].iter().filter(|&&byte| byte == b'\n').count() as u64
}

/// A text file whose lines are rows: the line's first `L` tokens, and what a function makes of the line as target.
pub struct Lines<const N: usize, const L: usize, F> {
    path: PathBuf,
    vocabulary: Vocabulary<N>,
    split: F,
}

impl<const N: usize, const L: usize, F> Lines<N, L, F> {
    /// `split` gives the text and the target of a line, or nothing for a line that is skipped.
    pub fn new(path: impl AsRef<Path>, vocabulary: Vocabulary<N>, split: F) -> Self {
        Self { path: path.as_ref().to_owned(), vocabulary, split }
    }
}

impl<const N: usize, const L: usize, Y, F> Records<[Index<N>; L], Y> for Lines<N, L, F>
where
    Y: graven_runtime::sample::Sample,
    F: Fn(&str) -> Option<(&str, Y)> + Send + Sync + 'static,
{
    fn open(&self, _order: Order) -> Result<Rows<'_, [Index<N>; L], Y>, DataError> {
        let at = |problem| open::problem(&self.path, problem);
        let mut contents = BufReader::new(open::stream(&self.path).map_err(|error| at(error.into()))?);
        let (mut bytes, mut line) = (Vec::new(), 0);
        Ok(Box::new(std::iter::from_fn(move || {
            loop {
                bytes.clear();
                line += 1;
                match contents.read_until(b'\n', &mut bytes) {
                    Ok(0) => return None,
                    Ok(_) => {}
                    Err(error) => return Some(Err(at(open::read_problem(error)))),
                }
                let Ok(text) = std::str::from_utf8(&bytes) else {
                    return Some(Err(at(FileProblem::Text { line })));
                };
                if let Some((text, target)) = (self.split)(text.trim_end_matches(['\n', '\r'])) {
                    return Some(Ok((self.vocabulary.encode(text), target)));
                }
            }
        })))
    }
}

/// The numbers of `L` tokens.
pub type Line<const N: usize, const L: usize> = [Index<N>; L];

/// Windows of `L` consecutive tokens of a text, and the tokens that follow each of them, every `step` tokens: what a
/// language model is trained on.
///
/// # Errors
/// A text of fewer than `L + 1` tokens.
pub fn windows<const N: usize, const L: usize>(
    vocabulary: &Vocabulary<N>,
    text: &str,
    step: usize,
) -> Result<(Vec<Line<N, L>>, Vec<Line<N, L>>), DataError> {
    let mut tokens = Vec::new();
    vocabulary.each(text, |token| tokens.push(token));
    let window = |start: usize| tokens.get(start..)?.first_chunk::<L>().copied();
    let starts = (0..tokens.len()).step_by(step.max(1));
    let pairs: (Vec<_>, Vec<_>) = starts.map_while(|start| Some((window(start)?, window(start + 1)?))).unzip();
    if pairs.0.is_empty() { Err(DataError::Empty) } else { Ok(pairs) }
}
