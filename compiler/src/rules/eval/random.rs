//! Random numbers: the same hash as the runtime's, an element at a time.

use ndarray::{ArrayD, IxDyn};

use super::Environment;
use crate::ir::op::{Distribution, Random};

/// Numbers for all elements; those of a row follow from its position in the whole batch.
pub(super) fn eval(random: &Random, environment: &Environment) -> ArrayD<f64> {
    let per_row = random.shape.elements().size.max(1);
    let number = |position: usize| {
        let place = Place {
            seed: environment.seed,
            step: environment.step,
            operator: random.operator,
            row: (environment.first_row + position / per_row) as u64,
            element: (position % per_row) as u64,
        };
        place.number(random.distribution)
    };
    let dims = random.shape.at(environment.rows);
    let numbers = (0..dims.iter().product()).map(number).collect();
    ArrayD::from_shape_vec(IxDyn(&dims), numbers).expect("one number for each element")
}

/// What a random number is a hash of.
struct Place {
    seed: u64,
    step: u64,
    operator: u32,
    row: u64,
    element: u64,
}

impl Place {
    fn number(&self, distribution: Distribution) -> f64 {
        match distribution {
            Distribution::Uniform => self.unit(0),
            Distribution::Normal => {
                let radius = (-2.0 * (1.0 - self.unit(1)).ln()).sqrt();
                radius * (std::f64::consts::TAU * self.unit(2)).cos()
            }
        }
    }

    /// The upper 24 bits of a word as a fraction.
    fn unit(&self, stream: u32) -> f64 {
        f64::from(self.word(stream) >> 8) / f64::from(1 << 24)
    }

    fn word(&self, stream: u32) -> u32 {
        let place = u64::from(self.operator) << 32 | u64::from(stream);
        let key = [self.step, place, self.row].iter().fold(mix(self.seed), |key, &part| mix(key ^ mix(part)));
        let key = key ^ (self.element >> 32);
        let word = finalize((self.element as u32).wrapping_add(key as u32));
        finalize(word ^ (key >> 32) as u32)
    }
}

/// SplitMix64.
fn mix(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    for (shift, factor) in [(30, 0xbf58_476d_1ce4_e5b9), (27, 0x94d0_49bb_1331_11eb)] {
        z = (z ^ (z >> shift)).wrapping_mul(factor);
    }
    z ^ (z >> 31)
}

fn finalize(mut word: u32) -> u32 {
    for (shift, factor) in [(16, 0x7feb_352d), (15, 0x846c_a68b)] {
        word = (word ^ (word >> shift)).wrapping_mul(factor);
    }
    word ^ (word >> 16)
}
