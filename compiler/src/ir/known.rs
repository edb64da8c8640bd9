//! Which value of a graph an operator on operands already is: a table by their hash, probed one place after the other.
//! Written out because maps of the standard library, compiled without optimisation, would be most of a pass.

use std::hash::{Hash, Hasher};

use super::graph::{Graph, Value};
use super::hash::Words;
use super::op::Op;

#[derive(Clone, Copy)]
struct Entry {
    hash: u64,
    value: Value,
}

/// The values of a graph; the graph itself is given to each call.
#[derive(Default)]
pub(super) struct Known {
    /// A power of two of places, at most half of them taken.
    places: Vec<Option<Entry>>,
    taken: usize,
}

/// The hash of an operator on operands.
pub(super) fn hash(op: &Op, operands: &[Value]) -> u64 {
    let mut words = Words::default();
    op.hash(&mut words);
    operands.iter().for_each(|operand| words.write_usize(operand.index()));
    words.finish()
}

impl Known {
    /// Knows all values of a graph.
    pub fn of(graph: &Graph) -> Self {
        let mut known = Self::default();
        known.reserve(graph.len());
        for value in graph.values() {
            known.insert(hash(graph.op(value), graph.operands(value)), value);
        }
        known
    }

    /// Makes room for as many values more.
    pub fn reserve(&mut self, n_values: usize) {
        let places = ((self.taken + n_values) * 2).next_power_of_two().max(16);
        if places <= self.places.len() {
            return;
        }
        for entry in std::mem::replace(&mut self.places, vec![None; places]).into_iter().flatten() {
            self.put(entry);
        }
    }

    /// The value of that operator on those operands.
    pub fn find(&self, hash: u64, op: &Op, operands: &[Value], graph: &Graph) -> Option<Value> {
        let mask = self.places.len().checked_sub(1)?;
        let mut place = hash as usize & mask;
        while let Some(entry) = self.places[place] {
            let value = entry.value;
            if entry.hash == hash && graph.operands(value) == operands && graph.op(value) == op {
                return Some(value);
            }
            place = (place + 1) & mask;
        }
        None
    }

    /// Adds a value that is not known yet.
    pub fn insert(&mut self, hash: u64, value: Value) {
        self.reserve(1);
        self.put(Entry { hash, value });
        self.taken += 1;
    }

    fn put(&mut self, entry: Entry) {
        let mask = self.places.len() - 1;
        let mut place = entry.hash as usize & mask;
        while self.places[place].is_some() {
            place = (place + 1) & mask;
        }
        self.places[place] = Some(entry);
    }
}
