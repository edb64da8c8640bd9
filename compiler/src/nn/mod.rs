//! Composites: layers and functions as formulas over [`Expr`]. They have no rules of their own.
//!
//! Axes count the batch here. Arguments are already checked; a shape that does not fit is the builder's fault.

pub mod activation;
pub mod contraction;
pub mod image;
pub mod loss;
pub mod norm;
pub mod random;
pub mod reduction;
pub mod scan;
pub mod shape;
pub mod window;

use crate::ir::Expr;

/// Repeats a value along the axes that a reduction of `x` removed.
pub fn spread<'b>(reduced: Expr<'b>, x: Expr<'b>, removed: &[usize]) -> Expr<'b> {
    let shape = x.shape();
    let kept = (0..shape.rank()).filter(|axis| !removed.contains(axis)).collect();
    reduced.broadcast(shape, kept)
}

/// The axes that a user writes: all but the batch.
pub fn written_axes(x: Expr<'_>) -> Vec<usize> {
    let shape = x.shape();
    (usize::from(shape.is_batched())..shape.rank()).collect()
}
