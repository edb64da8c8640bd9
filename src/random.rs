//! Seeded permutations: the same on every target and in every run.

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use rand::seq::SliceRandom;

/// All numbers below `length` in an order that depends on seed and stream alone.
pub(crate) fn permutation(length: usize, seed: u64, stream: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..length).collect();
    shuffle(&mut order, seed, stream);
    order
}

/// Shuffles by seed and stream.
pub(crate) fn shuffle(order: &mut [usize], seed: u64, stream: u64) {
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    generator.set_stream(stream);
    order.shuffle(&mut generator);
}
