//! Normalisation.

use super::reduction::{mean, variance};
use super::spread;
use crate::ir::op::{Reduce, Source, Unary};
use crate::ir::{Dim, Expr};

/// Mean and variance of the last axis' features over the batch and all axes in front.
pub struct BatchStatistics<'b> {
    /// Σx/n
    pub mean: Expr<'b>,
    /// Σ(x − mean)²/n
    pub variance: Expr<'b>,
    /// n
    pub count: Expr<'b>,
}

/// The statistics of a batch.
pub fn batch_statistics(x: Expr<'_>) -> BatchStatistics<'_> {
    let shape = x.shape();
    let axes: Vec<usize> = (0..shape.rank() - 1).collect();
    let fixed: usize = axes.iter().map(|axis| shape.0[*axis].size).product();
    let rows = if shape.is_batched() { x.builder.source(Source::RowCount) } else { x.builder.scalar(1.0) };
    let count = if fixed == 1 { rows } else { rows * fixed as f64 };
    let mean = x.reduce(Reduce::Sum, &axes) / count;
    let variance = (x - mean).square().reduce(Reduce::Sum, &axes) / count;
    BatchStatistics { mean, variance, count }
}

/// (x − mean)/√(variance + ε), all of features in the last axis
pub fn standardize<'b>(x: Expr<'b>, mean: Expr<'b>, variance: Expr<'b>, epsilon: f64) -> Expr<'b> {
    (x - mean) * (variance + epsilon).unary(Unary::Rsqrt)
}

/// old·momentum + new·(1 − momentum)
pub fn running<'b>(old: Expr<'b>, new: Expr<'b>, momentum: f64) -> Expr<'b> {
    old * momentum + new * (1.0 - momentum)
}

/// (x − mean)/√(variance + ε) along axes
pub fn layer_norm<'b>(x: Expr<'b>, axes: &[usize], epsilon: f64) -> Expr<'b> {
    let scale = (variance(x, axes) + epsilon).unary(Unary::Rsqrt);
    (x - spread(mean(x, axes), x, axes)) * spread(scale, x, axes)
}

/// (x − mean)/√(variance + ε) of each sample over all positions and the channels of a group
pub fn group_norm(x: Expr<'_>, groups: usize, epsilon: f64) -> Expr<'_> {
    let shape = x.shape();
    let (lead, channels) = (usize::from(shape.is_batched()), shape.rank() - 1);
    let mut split = shape.clone();
    split.0[channels] = Dim::fixed(groups);
    split.0.push(Dim::fixed(shape.0[channels].size / groups));
    let axes: Vec<usize> = (lead..channels).chain([channels + 1]).collect();
    layer_norm(x.reshape(split), &axes, epsilon).reshape(shape)
}

/// x/√(mean x² + ε) along axes
pub fn rms_norm<'b>(x: Expr<'b>, axes: &[usize], epsilon: f64) -> Expr<'b> {
    x * spread((mean(x.square(), axes) + epsilon).unary(Unary::Rsqrt), x, axes)
}
