//! Type rules: the type of a result, or a sentence with the operand types in it.

use crate::ir::op::{Binary, Compare, Contract, Distribution, Movement, Op, Random, Reduce, Source};
use crate::ir::{DType, Dim, Fault, Graph, Shape, Type};

/// The type of `op` applied to operands of these types.
///
/// # Errors
/// The types do not fit, or their number is wrong.
pub fn infer(op: &Op, operands: &[&Type], graph: &Graph) -> Result<Type, Fault> {
    match op {
        Op::Source(source) => Ok(self::source(source, graph)),
        Op::Unary(_) => real(operands),
        Op::Binary(_) => same(operands).map(Type::f32),
        Op::Compare(_) => same(operands).map(|shape| Type { dtype: DType::Mask, shape }),
        Op::Select => select(operands),
        Op::Cast(dtype) => Ok(Type { dtype: *dtype, shape: one(operands)?.shape.clone() }),
        Op::Reduce(kind, axes) => reduce(*kind, axes, one(operands)?),
        Op::Movement(movement) => self::movement(movement, operands),
        Op::Contract(contract) => self::contract(contract, operands),
        Op::Random(random) => Ok(Type::f32(random.shape.clone())),
    }
}
