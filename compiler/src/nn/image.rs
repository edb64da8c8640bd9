//! Images in other sizes, and changed at random in training.

use super::{random, shape as movement};
use crate::ir::op::{Compare, Contract, Distribution, Movement, Op, Random, Source, Unary};
use crate::ir::{DType, Dim, Expr, Shape};

/// Axes in front of height.
fn lead(x: Expr<'_>) -> usize {
    usize::from(x.shape().is_batched())
}

/// A shape with lengths in place of some axes.
fn with(shape: &Shape, axes: &[usize], lengths: &[usize]) -> Shape {
    let mut changed = shape.clone();
    axes.iter().zip(lengths).for_each(|(&axis, &length)| changed.0[axis] = Dim::fixed(length));
    changed
}

/// Each pixel `size[0]` times below itself and `size[1]` times beside itself.
pub fn upsample_nearest(x: Expr<'_>, size: [usize; 2]) -> Expr<'_> {
    let (shape, lead) = (x.shape(), lead(x));
    let [height, width, channels] = [0, 1, 2].map(|axis| shape.0[lead + axis]);
    let repeated = [height, Dim::fixed(size[0]), width, Dim::fixed(size[1]), channels];
    let repeated = Shape(shape.0[..lead].iter().copied().chain(repeated).collect());
    let axes = (0..lead).chain([lead, lead + 2, lead + 4]).collect();
    let lengths = [height.size * size[0], width.size * size[1]];
    x.broadcast(repeated, axes).reshape(with(&shape, &[lead, lead + 1], &lengths))
}

/// Linear between the centres of neighbours along height, then along width; beyond the outermost centres constant.
pub fn upsample_bilinear(x: Expr<'_>, size: [usize; 2]) -> Expr<'_> {
    let lead = lead(x);
    upsampled(upsampled(x, lead, size[0]), lead + 1, size[1])
}

/// y[i·n + p] = (1 − |t|)·x[i] + |t|·x[i ± 1] with t = (p + ½)/n − ½
fn upsampled(x: Expr<'_>, axis: usize, factor: usize) -> Expr<'_> {
    if factor == 1 {
        return x;
    }
    let shape = x.shape();
    let mut split = shape.clone();
    split.0.insert(axis + 1, Dim::fixed(1));
    let phase = |phase: usize| {
        let shift = (phase as f64 + 0.5) / factor as f64 - 0.5;
        let neighbour = neighbours(x, axis, shift < 0.0);
        (x * (1.0 - shift.abs()) + neighbour * shift.abs()).reshape(split.clone())
    };
    let phases: Vec<Expr<'_>> = (0..factor).map(phase).collect();
    let joined = movement::concat(&phases, axis + 1).unwrap_or(x);
    joined.reshape(with(&shape, &[axis], &[shape.0[axis].size * factor]))
}

/// For each element the one before or behind it along an axis; at the end itself.
fn neighbours(x: Expr<'_>, axis: usize, before: bool) -> Expr<'_> {
    let shape = x.shape();
    let length = shape.0[axis].size;
    let part = |start: usize, length: usize| {
        let mut starts = vec![0; shape.rank()];
        starts[axis] = start;
        let lengths = with(&shape, &[axis], &[length]).0.iter().map(|dim| dim.size).collect();
        x.movement(Movement::Slice { starts, lengths, steps: vec![1; shape.rank()] })
    };
    if length == 1 {
        return x;
    }
    let parts = if before { [part(0, 1), part(0, length - 1)] } else { [part(1, length - 1), part(length - 1, 1)] };
    movement::concat(&parts, axis).unwrap_or(x)
}

/// Uniform numbers, one for each sample, or for each sample and channel.
fn drawn<'b>(x: Expr<'b>, operator: u32, channels: bool) -> Expr<'b> {
    let axes: Vec<usize> = (lead(x)..x.shape().rank() - usize::from(channels)).collect();
    let shape = with(&x.shape(), &axes, &vec![1; axes.len()]);
    x.builder.add(Op::Random(Random { distribution: Distribution::Uniform, operator, shape }), &[])
}

/// Dropout of whole channels.
pub fn spatial_dropout(x: Expr<'_>, rate: f64, operator: u32) -> Expr<'_> {
    random::dropped(x, drawn(x, operator, true), rate)
}

/// Back to front along an axis, for every second sample.
pub fn random_flip(x: Expr<'_>, axis: usize, operator: u32) -> Expr<'_> {
    let flipped = x.movement(Movement::Reverse(vec![axis]));
    let chosen = drawn(x, operator, false);
    chosen.compare(Compare::Lt, chosen.like(0.5)).select(flipped, x)
}

/// ⌊u·n⌋ for a uniform number, one for each sample, with axes of length one.
fn position(x: Expr<'_>, n: usize, operator: u32) -> Expr<'_> {
    (drawn(x, operator, false) * n as f64).unary(Unary::Floor)
}

/// `0, 1, …` along an axis of images.
fn places<'b>(x: Expr<'b>, axis: usize) -> Expr<'b> {
    let shape = x.shape();
    let others: Vec<usize> = (0..shape.rank()).filter(|&other| other != axis).collect();
    let along = with(&shape, &others, &vec![1; others.len()]);
    let along = Shape(along.0[lead(x)..].to_vec());
    x.builder.source(Source::Iota(shape.0[axis].size)).reshape(along)
}

/// Zero in a square of this side around a random pixel of each sample, as far as it lies inside (DeVries & Taylor 2017).
pub fn cutout(x: Expr<'_>, side: usize, operators: [u32; 2]) -> Expr<'_> {
    let lead = lead(x);
    let half = (side / 2) as f64;
    let distance = |axis: usize, operator: u32| places(x, axis) - position(x, x.shape().0[axis].size, operator) + half;
    let kept = [0, 1].map(|at| {
        let distance = distance(lead + at, operators[at]);
        let before = distance.compare(Compare::Lt, distance.like(0.0)).cast(DType::F32);
        before + distance.compare(Compare::Ge, distance.like(side as f64)).cast(DType::F32)
    });
    let kept = kept[0] + kept[1];
    kept.compare(Compare::Gt, kept.like(0.0)).select(x, x.like(0.0))
}

/// A part of each sample, at a random place: a product with a matrix that has a one where a row is taken.
pub fn random_crop(x: Expr<'_>, size: [usize; 2], operators: [u32; 2]) -> Expr<'_> {
    let rows = taken(x, 1, size[0], operators[0]);
    let x = rows.contract(x, Contract { batch: vec![(0, 0)], contract: vec![(2, 1)] });
    let columns = taken(x, 2, size[1], operators[1]);
    let x = x.contract(columns, Contract { batch: vec![(0, 0)], contract: vec![(2, 2)] });
    x.transpose(&[0, 1, 3, 2])
}

/// For each sample a matrix `[length, length of the axis]`: one where the column is the row's place.
fn taken(x: Expr<'_>, axis: usize, length: usize, operator: u32) -> Expr<'_> {
    let (shape, builder) = (x.shape(), x.builder);
    let all = shape.0[axis].size;
    let to = Shape(vec![shape.0[0], Dim::fixed(length), Dim::fixed(all)]);
    let start = position(x, all - length + 1, operator).reshape(Shape(vec![shape.0[0]]));
    let start = start.broadcast(to.clone(), vec![0]);
    let row = builder.source(Source::Iota(length)).broadcast(to.clone(), vec![1]);
    let column = builder.source(Source::Iota(all)).broadcast(to, vec![2]);
    (row + start).compare(Compare::Eq, column).cast(DType::F32)
}
