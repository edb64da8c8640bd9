//! The type rule of loops.

use super::{arity, fault};
use crate::ir::op::Op;
use crate::ir::scan::{Scan, stacked};
use crate::ir::{DType, Fault, Type};

/// The type of the result: a carry, or stacked outputs.
pub(super) fn infer(scan: &Scan, operands: &[&Type]) -> Result<Type, Fault> {
    let inputs = &scan.body.inputs;
    if operands.len() != inputs.len() || operands.len() < scan.carries + scan.sequences {
        return arity(inputs.len(), operands);
    }
    if scan.steps == 0 {
        return fault("a loop has no steps".to_owned());
    }
    for (position, (operand, input)) in operands.iter().zip(inputs).enumerate() {
        let is_sequence = (scan.carries..scan.carries + scan.sequences).contains(&position);
        let expected = if is_sequence { stacked(&input.ty, scan.steps) } else { input.ty.clone() };
        if **operand != expected {
            return fault(format!("`{}` is {}, but the loop takes {expected}", input.name, operand));
        }
    }
    check_carries(scan)?;
    if scan.body.values().any(|value| matches!(scan.body.op(value), Op::Random(_))) {
        return fault("a loop draws numbers outside of its body".to_owned());
    }
    scan.type_of(scan.result).map_or_else(|| fault(format!("the loop has no result {}", scan.result)), Ok)
}

/// A carry is real and keeps its type from one step to the next.
fn check_carries(scan: &Scan) -> Result<(), Fault> {
    for (carry, input) in scan.body.inputs.iter().take(scan.carries).enumerate() {
        let next = scan.body.output(carry).map(|value| scan.body.ty(value));
        if next != Some(&input.ty) {
            let next = next.map_or_else(|| "nothing".to_owned(), Type::to_string);
            return fault(format!("`{}` is {} in a step and {next} in the next", input.name, input.ty));
        }
        if input.ty.dtype != DType::F32 {
            return fault(format!("`{}` is {}, and only reals pass from step to step", input.name, input.ty));
        }
    }
    Ok(())
}
