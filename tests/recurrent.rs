//! Recurrent layers learn what needs memory.

use graven::prelude::*;

graven::network! {
    /// Whether the number of ones so far is odd, after each of 64 bits.
    pub struct Parity;

    fn forward(bits: [64, 1]) -> [64] {
        let states = rnn(bits, 24, return_sequences = true);
        reshape(dense(states, 1), [64])
    }

    fn loss(logits, parity: [64]) {
        binary_cross_entropy_with_logits(logits, parity)
    }
}

const STEPS: usize = 64;

/// Sequences of random bits, and their parities.
fn sequences(count: usize, seed: u64) -> (Vec<[[f32; 1]; STEPS]>, Vec<[f32; STEPS]>) {
    let mut state = seed;
    let mut bit = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) & 1
    };
    let one = |_| {
        let (mut bits, mut parities, mut parity) = ([[0.0]; STEPS], [0.0; STEPS], 0);
        for (place, parity_place) in bits.iter_mut().zip(&mut parities) {
            let next = bit();
            parity ^= next;
            *place = [next as f32 * 2.0 - 1.0];
            *parity_place = parity as f32;
        }
        (bits, parities)
    };
    (0..count).map(one).unzip()
}

#[test]
fn parity_of_64_bits() {
    let mut model = Parity::new(1);
    let mut memory = ParityTraining::<32>::boxed();
    let optimizer = GlobalNorm { limit: 1.0, inner: Adam::new(1e-2) };
    let mut state = <GlobalNorm<Adam> as graven::Optimizer>::State::<Parity>::boxed();
    for step in 0..600 {
        let (bits, parities) = sequences(32, 1000 + step);
        let (bits, parities) = (bits.try_into().expect("32 rows"), parities.try_into().expect("32 rows"));
        model.train_step::<32, _>(&mut memory, &optimizer, &mut state, &bits, &parities);
    }
    let (bits, parities) = sequences(256, 5);
    let bits: Box<[_; 256]> = bits.into_boxed_slice().try_into().expect("256 rows");
    let logits = model.predict::<256>(&bits);
    let right = |(logits, parities): (&[f32; STEPS], &[f32; STEPS])| (logits[63] > 0.0) == (parities[63] > 0.5);
    let accuracy = logits.iter().zip(&parities).filter(|row| right(*row)).count() as f32 / 256.0;
    assert!(accuracy > 0.99, "the parity of 64 bits is right for {accuracy} of the sequences only");
}
