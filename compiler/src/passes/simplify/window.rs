//! Windows of one pixel.

use crate::ir::op::{Contract, Op};
use crate::ir::window::WindowKind;
use crate::ir::{Expr, Shape};

/// A convolution whose windows are single pixels is a product with the matrix of its filters.
pub(crate) fn pointwise<'b>(op: &Op, operands: &[Expr<'b>]) -> Option<Expr<'b>> {
    let (Op::Window(window), &[x, filters]) = (op, operands) else {
        return None;
    };
    let summed = match window.kind {
        WindowKind::Convolution { groups: 1 } => 1,
        WindowKind::ConvolutionByInput { groups: 1 } => 0,
        _ => return None,
    };
    if !window.geometry.is_pointwise() {
        return None;
    }
    let matrix = filters.reshape(Shape(filters.shape().0[..2].to_vec()));
    Some(x.contract(matrix, Contract { batch: Vec::new(), contract: vec![(3, summed)] }))
}
