//! Random numbers of a row: the same on every machine, however rows are ordered and divided.

use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};

/// A generator of random numbers.
#[derive(Debug)]
pub struct Draw {
    generator: ChaCha8Rng,
}

/// An odd number, so that epochs give different seeds: 2⁶⁴ over the golden ratio.
const EPOCHS: u64 = 0x9e37_79b9_7f4a_7c15;

impl Draw {
    /// The generator of a row in an epoch.
    #[must_use]
    pub fn new(seed: u64, epoch: u64, row: u64) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed ^ epoch.wrapping_mul(EPOCHS));
        generator.set_stream(row);
        Self { generator }
    }

    /// A whole number below `bound`; 0 for a bound of 0.
    pub fn below(&mut self, bound: usize) -> usize {
        let wide = u128::from(self.generator.next_u64()) * bound as u128;
        (wide >> u64::BITS) as usize
    }

    /// A number from 0 to below 1, one of 2²⁴ equally likely ones.
    pub fn uniform(&mut self) -> f32 {
        (self.generator.next_u32() >> 8) as f32 / (1u32 << 24) as f32
    }

    /// True with that probability.
    pub fn chance(&mut self, probability: f32) -> bool {
        self.uniform() < probability
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seed_epoch_and_row_decide() {
        let first = |seed, epoch, row| Draw::new(seed, epoch, row).below(1 << 60);
        assert_eq!(first(1, 2, 3), first(1, 2, 3));
        let all = [first(1, 2, 3), first(2, 2, 3), first(1, 3, 3), first(1, 2, 4)];
        assert!((1..4).all(|other| all[other] != all[0]), "{all:?}");
    }

    #[test]
    fn numbers_are_spread_evenly() {
        let mut draw = Draw::new(5, 0, 0);
        let mut counts = [0u32; 4];
        for _ in 0..4000 {
            counts[draw.below(4)] += 1;
        }
        assert!(counts.iter().all(|count| (900..1100).contains(count)), "{counts:?}");
        let mean = (0..4000).map(|_| draw.uniform()).sum::<f32>() / 4000.0;
        assert!((mean - 0.5).abs() < 0.02, "{mean}");
        assert!((0..100).all(|_| draw.below(0) == 0 && draw.below(1) == 0));
    }
}
