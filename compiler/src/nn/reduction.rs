//! Reductions.

use super::spread;
use crate::ir::op::{Binary, Reduce, Unary};
use crate::ir::{Dim, Expr, Shape};

/// The number of elements along axes that are not batched.
fn count(x: Expr<'_>, axes: &[usize]) -> f64 {
    let shape = x.shape();
    axes.iter().map(|axis| shape.0[*axis].size as f64).product()
}

/// Σx/n along axes that are not batched
pub fn mean<'b>(x: Expr<'b>, axes: &[usize]) -> Expr<'b> {
    x.reduce(Reduce::Sum, axes) * (1.0 / count(x, axes))
}

/// Σ(x − mean)²/n along axes that are not batched
pub fn variance<'b>(x: Expr<'b>, axes: &[usize]) -> Expr<'b> {
    mean((x - spread(mean(x, axes), x, axes)).square(), axes)
}

/// With axes of length one where they were removed.
pub fn keep_dims<'b>(reduced: Expr<'b>, x: Expr<'b>, removed: &[usize]) -> Expr<'b> {
    let kept = |(axis, dim)| if removed.contains(&axis) { Dim::fixed(1) } else { dim };
    let dims = x.shape().0.into_iter().enumerate().map(kept);
    reduced.reshape(Shape(dims.collect()))
}

/// x/√max(Σx², ε) along axes
pub fn l2_normalize<'b>(x: Expr<'b>, axes: &[usize], epsilon: f64) -> Expr<'b> {
    let sum = x.square().reduce(Reduce::Sum, axes);
    x * spread(sum.binary(Binary::Max, sum.like(epsilon)).unary(Unary::Rsqrt), x, axes)
}
