//! How a value was made: what patterns match on.

use crate::ir::Expr;
use crate::ir::op::{Binary, Movement, Op, Source, Unary};

/// Looking at how a value was made.
pub(super) trait Made: Sized + Copy {
    /// Its operator.
    fn op(self) -> Op;
    /// Its operands.
    fn operands(self) -> Vec<Self>;
    /// `x` if the value is that function of `x`.
    fn as_unary(self, kind: Unary) -> Option<Self>;
    /// `(a, b)` if the value is that function of `a` and `b`.
    fn as_binary(self, kind: Binary) -> Option<(Self, Self)>;
    /// The operand and the movement, if it is a movement of one value.
    fn as_movement(self) -> Option<(Self, Movement)>;
    /// The number, if all elements are that.
    fn constant(self) -> Option<f64>;
}

impl Made for Expr<'_> {
    fn op(self) -> Op {
        self.builder.graph().op(self.value).clone()
    }

    fn operands(self) -> Vec<Self> {
        let graph = self.builder.graph();
        graph.operands(self.value).iter().map(|&value| self.builder.expr(value)).collect()
    }

    fn as_unary(self, kind: Unary) -> Option<Self> {
        let graph = self.builder.graph();
        match (graph.op(self.value), graph.operands(self.value)) {
            (Op::Unary(found), &[x]) if *found == kind => Some(self.builder.expr(x)),
            _ => None,
        }
    }

    fn as_binary(self, kind: Binary) -> Option<(Self, Self)> {
        let graph = self.builder.graph();
        match (graph.op(self.value), graph.operands(self.value)) {
            (Op::Binary(found), &[a, b]) if *found == kind => Some((self.builder.expr(a), self.builder.expr(b))),
            _ => None,
        }
    }

    fn as_movement(self) -> Option<(Self, Movement)> {
        let graph = self.builder.graph();
        match (graph.op(self.value), graph.operands(self.value)) {
            (Op::Movement(movement), &[operand]) => Some((self.builder.expr(operand), movement.clone())),
            _ => None,
        }
    }

    fn constant(self) -> Option<f64> {
        let graph = self.builder.graph();
        let mut value = self.value;
        loop {
            match (graph.op(value), graph.operands(value)) {
                (Op::Source(Source::Scalar(number)), _) => return Some(number.get()),
                (Op::Movement(Movement::Reshape(_) | Movement::Broadcast { .. }), &[operand]) => value = operand,
                _ => return None,
            }
        }
    }
}
