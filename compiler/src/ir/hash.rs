//! A hasher for keys that no stranger chooses: quick without optimisation, as procedural macros are built.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// Odd, with about as many ones as zeros: the fraction of π.
const FACTOR: u64 = 0x243f_6a88_85a3_08d3;

/// Mixes each word in by one multiplication.
#[derive(Default)]
pub struct Words(u64);

/// A map by [`Words`].
pub type Map<K, V> = HashMap<K, V, BuildHasherDefault<Words>>;

/// A set by [`Words`].
pub type Set<K> = HashSet<K, BuildHasherDefault<Words>>;

impl Hasher for Words {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks();
        words.iter().for_each(|word| self.write_u64(u64::from_le_bytes(*word)));
        rest.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u8(&mut self, word: u8) {
        self.write_u64(u64::from(word));
    }

    fn write_u32(&mut self, word: u32) {
        self.write_u64(u64::from(word));
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(FACTOR);
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }

    fn write_isize(&mut self, word: isize) {
        self.write_u64(word as u64);
    }

    fn finish(&self) -> u64 {
        // products are mixed best in their high bits, tables look at the low ones
        self.0.rotate_left(26)
    }
}
