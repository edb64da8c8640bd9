//! Loops, step by step.

use ndarray::{ArrayD, Axis, stack};

use super::{Environment, evaluate};
use crate::ir::scan::{Scan, step_axis};

/// A result of a loop: a carry after the last step, or an output of every step, stacked.
pub(super) fn eval(scan: &Scan, operands: &[&ArrayD<f64>], environment: &Environment) -> ArrayD<f64> {
    let (carries, rest) = operands.split_at(scan.carries);
    let (sequences, captured) = rest.split_at(scan.sequences);
    let mut carried: Vec<ArrayD<f64>> = carries.iter().map(|&carry| carry.clone()).collect();
    let mut outputs = Vec::new();
    for turn in 0..scan.steps {
        let step = if scan.reverse { scan.steps - 1 - turn } else { turn };
        let axes = scan.body.inputs[scan.carries..].iter().map(|port| Axis(step_axis(&port.ty)));
        let steps = sequences.iter().zip(axes).map(|(sequence, axis)| sequence.index_axis(axis, step).to_owned());
        let inputs = carried.into_iter().chain(steps).chain(captured.iter().map(|&value| value.clone())).collect();
        let mut results: Vec<ArrayD<f64>> =
            evaluate(&scan.body, &within(environment, inputs)).into_iter().map(|(_, result)| result).collect();
        outputs.extend(results.get(scan.result).filter(|_| scan.result >= scan.carries).cloned());
        results.truncate(scan.carries);
        carried = results;
    }
    if scan.result < scan.carries {
        return carried.swap_remove(scan.result);
    }
    if scan.reverse {
        outputs.reverse();
    }
    let axis = Axis(scan.body.output(scan.result).map_or(0, |value| step_axis(scan.body.ty(value))));
    let views: Vec<_> = outputs.iter().map(|output| output.view()).collect();
    stack(axis, &views).expect("every step gives the same shape")
}

/// The same rows of the same step, other inputs.
fn within(environment: &Environment, inputs: Vec<ArrayD<f64>>) -> Environment {
    Environment {
        inputs,
        targets: Vec::new(),
        parameters: Vec::new(),
        rows: environment.rows,
        first_row: environment.first_row,
        inverse_total: environment.inverse_total,
        seed: environment.seed,
        step: environment.step,
    }
}
