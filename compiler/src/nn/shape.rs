//! Functions of shape.

use crate::ir::op::{Movement, Real};
use crate::ir::{Dim, Expr, Shape};

/// A shape with the batch of `x`.
fn with_batch(x: Expr<'_>, dims: &[usize]) -> Shape {
    if x.shape().is_batched() { Shape::batched(dims) } else { Shape::fixed(dims) }
}

/// The same elements in another written shape.
pub fn reshape<'b>(x: Expr<'b>, dims: &[usize]) -> Expr<'b> {
    x.reshape(with_batch(x, dims))
}

/// `lengths` elements from `starts` on, along the written axes.
pub fn slice<'b>(x: Expr<'b>, starts: &[usize], lengths: &[usize]) -> Expr<'b> {
    let batch = batch_of(x);
    let whole = |value: fn(&Dim) -> usize| batch.iter().map(value).collect::<Vec<_>>();
    let starts: Vec<usize> = [whole(|_| 0), starts.to_vec()].concat();
    let lengths: Vec<usize> = [whole(|dim| dim.size), lengths.to_vec()].concat();
    if starts.iter().all(|start| *start == 0) && x.shape().0.iter().map(|dim| dim.size).eq(lengths.iter().copied()) {
        return x;
    }
    let steps = vec![1; starts.len()];
    x.movement(Movement::Slice { starts, lengths, steps })
}

fn batch_of(x: Expr<'_>) -> Vec<Dim> {
    x.shape().0.into_iter().take_while(|dim| dim.batched).collect()
}

/// A value before and behind the written axes.
pub fn pad<'b>(x: Expr<'b>, low: &[usize], high: &[usize], value: f64) -> Expr<'b> {
    let none: Vec<usize> = batch_of(x).iter().map(|_| 0).collect();
    let (low, high) = ([none.clone(), low.to_vec()].concat(), [none, high.to_vec()].concat());
    let interior = vec![0; low.len()];
    x.movement(Movement::Pad { low, high, interior, value: Real::new(value) })
}

/// The operands one after the other along an axis; all are given the batch that any has.
pub fn concat<'b>(items: &[Expr<'b>], axis: usize) -> Option<Expr<'b>> {
    let first = *items.first()?;
    let values: Vec<_> = items.iter().map(|item| item.value).collect();
    Some(if values.len() == 1 {
        first
    } else {
        first.builder.add(crate::ir::op::Op::Movement(Movement::Concat(axis)), &values)
    })
}
