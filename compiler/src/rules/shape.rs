//! Type rules: the type of a result, or a sentence with the operand types in it.

mod contract;
mod movement;
mod scan;
mod window;

use crate::ir::op::{Op, Reduce, Source};
use crate::ir::{DType, Dim, Fault, Graph, Shape, Type};

/// The type of `op` applied to operands of these types.
///
/// # Errors
/// The types do not fit, or their number is wrong.
pub fn infer(op: &Op, operands: &[&Type], graph: &Graph) -> Result<Type, Fault> {
    let ty = match op {
        Op::Source(kind) => none(operands).and_then(|()| source(kind, graph)),
        Op::Unary(_) => real(one(operands)?).cloned(),
        Op::Binary(_) => same(operands).map(Type::f32),
        Op::Compare(_) => same(operands).map(|shape| Type { dtype: DType::Mask, shape }),
        Op::Select => select(operands),
        Op::Cast(dtype) => cast(*dtype, one(operands)?),
        Op::Reduce(kind, axes) => reduce(*kind, axes, one(operands)?),
        Op::Movement(kind) => movement::infer(kind, operands),
        Op::Contract(axes) => contract::infer(axes, operands),
        Op::Window(kind) => window::infer(kind, operands),
        Op::Scan(scan) => scan::infer(scan, operands),
        Op::Random(random) => none(operands).map(|()| Type::f32(random.shape.clone())),
        Op::Stop => one(operands).cloned(),
    }?;
    well_formed(ty)
}

/// Only the first axis is batched, and the elements can be counted.
fn well_formed(ty: Type) -> Result<Type, Fault> {
    let dims = &ty.shape.0;
    if dims.iter().skip(1).any(|dim| dim.batched) {
        return fault(format!("the batch is not the first axis of {ty}"));
    }
    match dims.iter().try_fold(1_u32, |product, dim| product.checked_mul(u32::try_from(dim.size).ok()?)) {
        Some(_) => Ok(ty),
        None => fault(format!("{} has too many elements", ty.written())),
    }
}

fn source(source: &Source, graph: &Graph) -> Result<Type, Fault> {
    let scalar = || Type::f32(Shape::scalar());
    let found = match source {
        Source::Input(position) => graph.inputs.get(*position).map(|port| port.ty.clone()),
        Source::Target(position) => graph.targets.get(*position).map(|port| port.ty.clone()),
        Source::Parameter(position) => {
            graph.parameters.get(*position).map(|parameter| Type::f32(Shape::fixed(&parameter.shape)))
        }
        Source::Scalar(_) | Source::RowCount | Source::InverseTotal => Some(scalar()),
        Source::Iota(length) => Some(Type::f32(Shape::fixed(&[*length]))),
    };
    found.map_or_else(|| fault(format!("{source:?} is not declared")), Ok)
}

fn real(ty: &Type) -> Result<&Type, Fault> {
    match ty.dtype {
        DType::F32 => Ok(ty),
        DType::Index(_) | DType::Mask => fault(format!("{} is not real", ty.written())),
    }
}

/// The shape of two reals that have the same.
fn same(operands: &[&Type]) -> Result<Shape, Fault> {
    let (a, b) = two(operands)?;
    let (a, b) = (real(a)?, real(b)?);
    if a == b { Ok(a.shape.clone()) } else { fault(format!("{} and {} differ", a.written(), b.written())) }
}

fn select(operands: &[&Type]) -> Result<Type, Fault> {
    let [mask, a, b] = operands else {
        return arity(3, operands);
    };
    if mask.dtype != DType::Mask {
        return fault(format!("{} is not a mask", mask.written()));
    }
    let shape = same(&[a, b])?;
    if mask.shape == shape {
        Ok(Type::f32(shape))
    } else {
        fault(format!("{} does not select from {}", mask.written(), a.written()))
    }
}

fn cast(to: DType, from: &Type) -> Result<Type, Fault> {
    match (from.dtype, to) {
        (DType::Mask | DType::Index(_), DType::F32) | (DType::F32, DType::Mask) => {
            Ok(Type { dtype: to, shape: from.shape.clone() })
        }
        (DType::F32, DType::F32)
        | (DType::Mask | DType::Index(_), DType::Mask)
        | (DType::F32 | DType::Mask | DType::Index(_), DType::Index(_)) => {
            fault(format!("{} cannot become {to}", from.written()))
        }
    }
}

fn reduce(kind: Reduce, axes: &[usize], operand: &Type) -> Result<Type, Fault> {
    let operand = real(operand)?;
    check_axes(axes, operand)?;
    let kept = |axis: &usize| !axes.contains(axis);
    let shape = Shape((0..operand.shape.rank()).filter(kept).map(|axis| operand.shape.0[axis]).collect());
    let dtype = match kind {
        Reduce::Sum => DType::F32,
        Reduce::Max | Reduce::Min => match axes.iter().find(|&&axis| operand.shape.0[axis].size == 0) {
            Some(axis) => return fault(format!("axis {axis} of {} is empty", operand.written())),
            None => DType::F32,
        },
        Reduce::ArgMax => DType::Index(searched(axes, operand)?),
    };
    Ok(Type { dtype, shape })
}

/// The length of the one axis that `ArgMax` looks along.
fn searched(axes: &[usize], operand: &Type) -> Result<usize, Fault> {
    match *axes {
        [axis] if !operand.shape.0[axis].batched && operand.shape.0[axis].size > 0 => Ok(operand.shape.0[axis].size),
        _ => fault(format!("a position in {} needs one axis that is neither empty nor batched", operand.written())),
    }
}

/// Axes ascend and exist.
fn check_axes(axes: &[usize], ty: &Type) -> Result<(), Fault> {
    if let Some(axis) = axes.iter().find(|axis| **axis >= ty.shape.rank()) {
        return fault(format!("{ty} has no axis {axis}"));
    }
    if axes.is_sorted_by(|a, b| a < b) { Ok(()) } else { fault(format!("axes {axes:?} do not ascend")) }
}

fn none(operands: &[&Type]) -> Result<(), Fault> {
    if operands.is_empty() { Ok(()) } else { arity(0, operands) }
}

fn one<'t>(operands: &[&'t Type]) -> Result<&'t Type, Fault> {
    match operands {
        [operand] => Ok(operand),
        _ => arity(1, operands),
    }
}

fn two<'t>(operands: &[&'t Type]) -> Result<(&'t Type, &'t Type), Fault> {
    match operands {
        [a, b] => Ok((a, b)),
        _ => arity(2, operands),
    }
}

fn arity<T>(expected: usize, operands: &[&Type]) -> Result<T, Fault> {
    fault(format!("expected {expected} operands, got {}", operands.len()))
}

fn fault<T>(sentence: String) -> Result<T, Fault> {
    Err(Fault(sentence))
}

/// The length along an axis, `1` behind the last.
fn size(shape: &Shape, axis: usize) -> Dim {
    shape.0.get(axis).copied().unwrap_or(Dim::fixed(1))
}
