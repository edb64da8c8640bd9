//! Losses, one number a sample: the mean over every axis but the batch and the class axis.

use super::activation::{log_softmax, softplus};
use super::reduction::{l2_normalize, mean};
use super::written_axes;
use crate::ir::op::{Binary, Compare, Reduce, Source, Unary};
use crate::ir::{DType, Dim, Expr, Shape};

/// The mean over the axes a user writes.
pub fn per_sample(x: Expr<'_>) -> Expr<'_> {
    mean(x, &written_axes(x))
}

/// 1 at the class of an index and 0 elsewhere, along a new last axis.
pub fn one_hot(label: Expr<'_>, classes: usize) -> Expr<'_> {
    let label = label.cast(DType::F32);
    let mut dims = label.shape().0;
    let axes: Vec<usize> = (0..dims.len()).collect();
    dims.push(Dim::fixed(classes));
    let last = axes.len();
    let shape = Shape(dims);
    let position = label.builder.source(Source::Iota(classes)).broadcast(shape.clone(), vec![last]);
    position.compare(Compare::Eq, label.broadcast(shape, axes)).cast(DType::F32)
}

fn last_axis(x: Expr<'_>) -> usize {
    x.shape().rank() - 1
}

fn sum_classes(x: Expr<'_>) -> Expr<'_> {
    x.reduce(Reduce::Sum, &[last_axis(x)])
}

/// −Σ t·log softmax(x) over the classes
pub fn cross_entropy<'b>(logits: Expr<'b>, target: Expr<'b>) -> Expr<'b> {
    per_sample(-sum_classes(target * log_softmax(logits, last_axis(logits))))
}

/// −Σ t·log p over the classes
pub fn categorical_cross_entropy<'b>(probabilities: Expr<'b>, target: Expr<'b>) -> Expr<'b> {
    per_sample(-sum_classes(target * probabilities.unary(Unary::Log)))
}

/// −t·log p − (1 − t)·log(1 − p)
pub fn binary_cross_entropy<'b>(probability: Expr<'b>, target: Expr<'b>) -> Expr<'b> {
    let hit = target * probability.unary(Unary::Log);
    let miss = (1.0 - target) * (1.0 - probability).unary(Unary::Log);
    per_sample(-(hit + miss))
}

/// log(1 + eˣ) − x·t
pub fn binary_cross_entropy_with_logits<'b>(logit: Expr<'b>, target: Expr<'b>) -> Expr<'b> {
    per_sample(softplus(logit) - logit * target)
}

/// (x − t)²
pub fn mse<'b>(x: Expr<'b>, target: Expr<'b>) -> Expr<'b> {
    per_sample((x - target).square())
}

/// |x − t|
pub fn mae<'b>(x: Expr<'b>, target: Expr<'b>) -> Expr<'b> {
    per_sample((x - target).unary(Unary::Abs))
}

/// e²/2 where |e| ≤ δ, else δ·|e| − δ²/2, with e = x − t
pub fn huber<'b>(x: Expr<'b>, target: Expr<'b>, delta: f64) -> Expr<'b> {
    let error = x - target;
    let size = error.unary(Unary::Abs);
    let near = size.compare(Compare::Le, size.like(delta));
    per_sample(near.select(error.square() * 0.5, size * delta - 0.5 * delta * delta))
}

/// max(1 − x·t, 0) for targets −1 and 1
pub fn hinge<'b>(x: Expr<'b>, target: Expr<'b>) -> Expr<'b> {
    let margin = 1.0 - x * target;
    per_sample(margin.binary(Binary::Max, margin.like(0.0)))
}

/// Σ t·log(t/p) over the classes, of numbers cut to [1e-7, 1] as Keras does
pub fn kl_divergence<'b>(prediction: Expr<'b>, target: Expr<'b>) -> Expr<'b> {
    let cut = |x: Expr<'b>| super::activation::clip(x, 1e-7, 1.0);
    let (p, t) = (cut(prediction), cut(target));
    per_sample(sum_classes(t * (t.unary(Unary::Log) - p.unary(Unary::Log))))
}

/// −cos of the angle between the last axes
pub fn cosine_similarity<'b>(x: Expr<'b>, target: Expr<'b>) -> Expr<'b> {
    let unit = |x: Expr<'b>| l2_normalize(x, &[last_axis(x)], 1e-12);
    per_sample(-sum_classes(unit(x) * unit(target)))
}
