//! Lowering rules: what kind of work a primitive is, and the instruction that does it element by element.

use crate::ir::DType;
use crate::ir::op::{Movement, Op, Reduce, Source};
use crate::plan::kernel::{Fold, Instruction, Register};

/// What a primitive becomes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Work {
    /// One number that costs nothing to make where it is used.
    Constant,
    /// Elements that depend on their position alone.
    Generate,
    /// A buffer of the caller or of the model.
    Load,
    /// One instruction for each element.
    Element,
    /// Many elements to one.
    Fold,
    /// Another view of the same elements.
    View,
    /// Elements that have to be copied.
    Copy,
    /// A sum of products, or another kernel whose results pass through an epilogue.
    Contract,
    /// A loop over steps.
    Loop,
}

/// The work that an operator is.
pub fn work(op: &Op) -> Work {
    match op {
        Op::Source(Source::Scalar(_) | Source::RowCount | Source::InverseTotal) => Work::Constant,
        Op::Source(Source::Iota(_)) | Op::Random(_) => Work::Generate,
        Op::Source(Source::Input(_) | Source::Target(_) | Source::Parameter(_)) => Work::Load,
        Op::Unary(_) | Op::Binary(_) | Op::Compare(_) | Op::Select | Op::Cast(_) => Work::Element,
        Op::Reduce(..) => Work::Fold,
        Op::Movement(Movement::Pad { .. } | Movement::Concat(_)) => Work::Copy,
        Op::Stop
        | Op::Movement(
            Movement::Reshape(_)
            | Movement::Transpose(_)
            | Movement::Broadcast { .. }
            | Movement::Slice { .. }
            | Movement::Reverse(_),
        ) => Work::View,
        Op::Contract(_) | Op::Window(_) => Work::Contract,
        Op::Scan(_) => Work::Loop,
    }
}

/// The instruction of an element-by-element operator; `None` if its result is its operand.
pub fn instruction(op: &Op, from: DType, operands: &[Register]) -> Option<Instruction> {
    match (op, operands) {
        (Op::Unary(unary), [x]) => Some(Instruction::Unary(*unary, *x)),
        (Op::Binary(binary), [a, b]) => Some(Instruction::Binary(*binary, *a, *b)),
        (Op::Compare(compare), [a, b]) => Some(Instruction::Compare(*compare, *a, *b)),
        (Op::Select, [mask, a, b]) => Some(Instruction::Select(*mask, *a, *b)),
        (Op::Cast(DType::Mask), [x]) if from != DType::Mask => Some(Instruction::Cast(DType::Mask, *x)),
        (Op::Cast(to), [x]) if from == DType::Mask && *to != DType::Mask => Some(Instruction::Cast(DType::F32, *x)),
        _ => None,
    }
}

/// The fold of a reduction; that of `ArgMax` is its first step.
pub fn fold(reduce: Reduce) -> Fold {
    match reduce {
        Reduce::Sum => Fold::Sum,
        Reduce::Max | Reduce::ArgMax => Fold::Max,
        Reduce::Min => Fold::Min,
    }
}

/// What an instruction costs, in additions, when it is done again instead of read back.
pub fn cost(op: &Op) -> usize {
    use crate::ir::op::Unary::{Abs, Floor, Neg, Reciprocal, Rsqrt, Sign, Sqrt};
    use crate::ir::op::{Binary, Distribution};
    match op {
        Op::Unary(Neg | Abs | Sign | Floor) | Op::Compare(_) | Op::Select | Op::Cast(_) => 1,
        Op::Unary(Reciprocal | Sqrt | Rsqrt) | Op::Binary(Binary::Div) => 4,
        Op::Unary(_) | Op::Binary(Binary::Pow) => 12,
        Op::Binary(_) => 1,
        Op::Random(random) if random.distribution == Distribution::Normal => 24,
        Op::Random(_) => 4,
        Op::Source(_) | Op::Stop | Op::Movement(_) | Op::Reduce(..) | Op::Contract(_) | Op::Window(_) | Op::Scan(_) => {
            0
        }
    }
}
