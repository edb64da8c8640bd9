//! Which classes are taken for which.

use std::fmt;

use graven_runtime::index::Index;
use serde::{Deserialize, Serialize};

use crate::metrics::greatest;

/// An answer that is one of several classes: an index, or a score for each class, of which the greatest counts. A number
/// alone, `f32` or `[f32; 1]`, is a yes-or-no answer: class 1 when it is greater than one half.
pub trait Class {
    /// How many classes there are; zero where the type does not say, as for a type that does not set it.
    const CLASSES: usize = 0;

    /// The number of the class.
    fn class(&self) -> usize;
}

impl<const K: usize> Class for Index<K> {
    const CLASSES: usize = K;

    fn class(&self) -> usize {
        self.get()
    }
}

impl<const K: usize> Class for [f32; K] {
    const CLASSES: usize = if K == 1 { 2 } else { K };

    fn class(&self) -> usize {
        if let [answer] = self.as_slice() { answer.class() } else { greatest(self) }
    }
}

impl Class for f32 {
    const CLASSES: usize = 2;

    fn class(&self) -> usize {
        usize::from(*self > 0.5)
    }
}

/// Classes of which a table has all, seen or not.
const MOST_EXPECTED: usize = 1024;

/// How often each class was predicted as each class. As text: a line for each actual class, a column for each
/// predicted one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confusion {
    /// `counts[actual][predicted]`.
    counts: Vec<Vec<u64>>,
    labels: Vec<String>,
}

impl Confusion {
    /// Counts pairs of answers; what is longer is cut. The table has all classes that their types have, up to 1024.
    #[must_use]
    pub fn new<P: Class, A: Class>(predicted: &[P], actual: &[A]) -> Self {
        let mut confusion = Self::default();
        confusion.expect_classes(P::CLASSES.max(A::CLASSES));
        for (predicted, actual) in predicted.iter().zip(actual) {
            confusion.add(predicted.class(), actual.class());
        }
        confusion
    }

    /// Names the classes in the order of their numbers.
    #[must_use]
    pub fn with_labels<L: Into<String>>(mut self, labels: impl IntoIterator<Item = L>) -> Self {
        self.labels = labels.into_iter().map(Into::into).collect();
        self
    }

    /// Counts an answer.
    pub fn add(&mut self, predicted: usize, actual: usize) {
        self.grow(predicted.max(actual) + 1);
        self.counts[actual][predicted] += 1;
    }

    /// Forgets all answers; classes and labels stay.
    pub fn clear(&mut self) {
        self.counts.iter_mut().flatten().for_each(|count| *count = 0);
    }

    /// Makes room for the classes that answers can be, unless those are so many that a table is for what is seen of them.
    pub(crate) fn expect_classes(&mut self, classes: usize) {
        if classes <= MOST_EXPECTED {
            self.grow(classes);
        }
    }

    fn grow(&mut self, classes: usize) {
        if classes <= self.counts.len() {
            return;
        }
        self.counts.resize_with(classes, Vec::new);
        for line in &mut self.counts {
            line.resize(classes, 0);
        }
    }

    /// Classes: as many as the answers can be, up to 1024, or the greatest number that [`Confusion::add`] was given plus
    /// one, whichever is more.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.counts.len()
    }

    /// How often a class was predicted for rows of a class.
    #[must_use]
    pub fn count(&self, predicted: usize, actual: usize) -> u64 {
        self.counts.get(actual).and_then(|line| line.get(predicted)).copied().unwrap_or(0)
    }

    /// The share of right answers, NaN when there are none.
    #[must_use]
    pub fn accuracy(&self) -> f32 {
        let right: u64 = (0..self.classes()).map(|class| self.count(class, class)).sum();
        let all: u64 = self.counts.iter().flatten().sum();
        (right as f64 / all as f64) as f32
    }

    fn label(&self, class: usize) -> String {
        self.labels.get(class).cloned().unwrap_or_else(|| class.to_string())
    }
}

impl fmt::Display for Confusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let labels: Vec<String> = (0..self.classes()).map(|class| self.label(class)).collect();
        let counts = self.counts.iter().flatten().map(u64::to_string);
        let width = labels.iter().cloned().chain(counts).map(|cell| cell.chars().count()).max().unwrap_or(0);
        let name_width = width.max("actual".len());
        write!(f, "{:>name_width$}", "actual")?;
        for label in &labels {
            write!(f, "  {label:>width$}")?;
        }
        for (label, line) in labels.iter().zip(&self.counts) {
            write!(f, "\n{label:>name_width$}")?;
            for count in line {
                write!(f, "  {count:>width$}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_grow_with_the_classes_seen() {
        let mut confusion = Confusion::default();
        assert!(confusion.accuracy().is_nan());
        for (predicted, actual) in [(0, 0), (1, 1), (2, 1), (1, 1)] {
            confusion.add(predicted, actual);
        }
        assert_eq!((confusion.classes(), confusion.count(2, 1), confusion.count(1, 2)), (3, 1, 0));
        assert_eq!(confusion.accuracy(), 0.75);
    }

    #[test]
    fn a_table_has_the_classes_that_nobody_took() {
        let actual = [Index::<4>::new(1).expect("one of four")];
        let table = Confusion::new(&[[0.1, 0.9, 0.0, 0.0]], &actual);
        assert_eq!((table.classes(), table.count(1, 1), table.count(3, 3)), (4, 1, 0));
        assert_eq!(Confusion::new(&[[0.4]], &[0.0]).classes(), 2);
        assert_eq!(Confusion::new::<f32, f32>(&[], &[]).classes(), 2);
    }

    #[test]
    fn one_number_is_a_yes_or_no_answer() {
        let table = Confusion::new(&[[0.4], [0.9], [0.6]], &[0.0, 1.0, 0.0]);
        assert_eq!((table.count(0, 0), table.count(1, 1), table.count(1, 0)), (1, 1, 1));
    }

    #[test]
    fn a_table_has_a_line_for_each_actual_class() {
        let mut confusion = Confusion::default();
        confusion.add(1, 0);
        confusion.add(1, 1);
        let text = confusion.with_labels(["no", "yes"]).to_string();
        assert_eq!(text, "actual   no  yes\n    no    0    1\n   yes    0    1");
    }
}
