//! Code that the compiler emits, compiled and run.

/// The record of `compiler/tests/emit.rs`: a plan written by hand.
#[allow(unused, clippy::all, clippy::restriction, reason = "items of a macro, where lints of style do not look")]
mod recorded {
    include!("../compiler/tests/records/digits.rs");
    include!("../compiler/tests/records/broken.rs");
    include!("../compiler/tests/records/unknown.rs");
}

use recorded::{Digits, DigitsForward};

#[test]
fn a_recorded_forward_pass_gives_shares() {
    static MODEL: Digits = Digits::zeroed();
    let mut memory = DigitsForward::<4>::zeroed();
    let mut output = [[0.0; 3]; 4];
    MODEL.forward(&mut memory, &[[0.5; 5]; 4], &mut output);
    assert_eq!(output, [[1.0 / 3.0; 3]; 4]);
}

/// `[out, in]` weights times a vector.
fn dense(weight: &[f32], bias: &[f32], x: &[f32]) -> Vec<f64> {
    let row = |(line, bias): (&[f32], &f32)| {
        line.iter().zip(x).map(|(w, x)| f64::from(w * x)).sum::<f64>() + f64::from(*bias)
    };
    weight.chunks(x.len()).zip(bias).map(row).collect()
}

#[test]
fn a_recorded_forward_pass_is_its_formula() {
    let mut model = Digits::new(3);
    let mut bias = [0.0; 40];
    model.init(7);
    model.tensor("hidden.bias", &mut bias).unwrap();
    let (mut first, mut second, mut last) = ([0.0; 200], [0.0; 120], [0.0; 3]);
    model.tensor("hidden.weight", &mut first).unwrap();
    model.tensor("dense.weight", &mut second).unwrap();
    model.tensor("dense.bias", &mut last).unwrap();
    let inputs: [[f32; 5]; 7] = std::array::from_fn(|row| std::array::from_fn(|i| (row as f32 - i as f32) / 3.0));
    let outputs = model.predict(&inputs);
    for (input, output) in inputs.iter().zip(outputs.iter()) {
        let hidden: Vec<f32> = dense(&first, &bias, input).iter().map(|x| x.max(0.0) as f32).collect();
        let powers: Vec<f64> = dense(&second, &last, &hidden).iter().map(|x| x.exp()).collect();
        let sum: f64 = powers.iter().sum();
        for (power, share) in powers.iter().zip(output) {
            assert!((power / sum - f64::from(*share)).abs() < 1e-6);
        }
    }
}
