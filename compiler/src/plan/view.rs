//! Views: where the elements of a value lie among those of another one, composed over movements.

use crate::ir::op::Movement;
use crate::ir::{Dim, Shape, Value};

/// One axis of a view.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Axis {
    /// Its length.
    pub length: Dim,
    /// Elements of the base from one step to the next.
    pub stride: isize,
}

/// A stretch of a row-major order that one stride describes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Piece {
    /// Elements of the value before the index along this piece grows.
    pub start: usize,
    /// Its length.
    pub length: Dim,
    /// Elements of the base from one step to the next.
    pub stride: isize,
}

/// The elements of a value as elements of `base`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct View {
    /// The value that holds them.
    pub base: Value,
    /// Where the first one lies.
    pub offset: isize,
    /// One entry for each axis of the value.
    pub axes: Vec<Axis>,
}

impl View {
    /// All of `base` in row-major order.
    pub fn whole(base: Value, shape: &Shape) -> Self {
        let strides = shape.strides();
        let axes = shape.0.iter().zip(strides).map(|(&length, stride)| Axis { length, stride: stride as isize });
        Self { base, offset: 0, axes: axes.collect() }
    }

    /// The view after a movement that gives `shape`, or `None` if strides cannot say it.
    pub fn moved(&self, movement: &Movement, shape: &Shape) -> Option<Self> {
        let (mut offset, mut axes) = (self.offset, self.axes.clone());
        match movement {
            Movement::Reshape(_) => axes = split(&pieces(&self.axes), shape)?,
            Movement::Transpose(perm) => axes = perm.iter().map(|&axis| self.axes[axis]).collect(),
            Movement::Broadcast { axes: kept, .. } => {
                axes = shape.0.iter().map(|&length| Axis { length, stride: 0 }).collect();
                for (from, &to) in self.axes.iter().zip(kept) {
                    axes[to].stride = from.stride;
                }
            }
            Movement::Slice { starts, steps, .. } => {
                for (axis, entry) in axes.iter_mut().enumerate() {
                    offset += starts[axis] as isize * entry.stride;
                    entry.stride *= steps[axis] as isize;
                    entry.length = shape.0[axis];
                }
            }
            Movement::Reverse(reversed) => {
                for &axis in reversed {
                    offset += (axes[axis].length.size as isize - 1).max(0) * axes[axis].stride;
                    axes[axis].stride = -axes[axis].stride;
                }
            }
            Movement::Pad { .. } | Movement::Concat(_) => return None,
        }
        Some(Self { base: self.base, offset, axes })
    }

    /// The axes in another order.
    pub fn permuted(&self, order: &[usize]) -> Self {
        Self { base: self.base, offset: self.offset, axes: order.iter().map(|&axis| self.axes[axis]).collect() }
    }

    /// The fewest pieces, innermost first.
    pub fn pieces(&self) -> Vec<Piece> {
        pieces(&self.axes)
    }

    /// Whether the elements follow one another from the front of the base.
    pub fn is_linear(&self) -> bool {
        self.offset == 0
            && match self.pieces()[..] {
                [] => true,
                [piece] => piece.stride == 1,
                _ => false,
            }
    }

    /// The number of repetitions, if each element of a base of `elements` in order is repeated that often.
    pub fn repeats(&self, elements: Dim) -> Option<usize> {
        match self.pieces()[..] {
            [inner] if self.offset == 0 && inner.stride == 0 && elements == Dim::fixed(1) && !inner.length.batched => {
                Some(inner.length.size)
            }
            [inner, outer]
                if self.offset == 0 && inner.stride == 0 && outer.stride == 1 && outer.length == elements =>
            {
                Some(inner.length.size)
            }
            _ => None,
        }
    }

    /// Whether a loop over rows can address it: no step back, and columns side by side or repeated.
    pub fn is_row_wise(&self) -> bool {
        let pieces = self.pieces();
        let innermost = pieces.first().filter(|piece| piece.start == 1 && piece.length.size > 1);
        pieces.iter().all(|piece| piece.stride >= 0) && innermost.is_none_or(|piece| piece.stride <= 1)
    }
}

fn pieces(axes: &[Axis]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut start = 1;
    for axis in axes.iter().rev().filter(|axis| axis.length != Dim::fixed(1)) {
        let size = axis.length.size;
        match pieces.last_mut() {
            Some(inner) if axis.stride == inner.stride * inner.length.size as isize => {
                inner.length = inner.length.times(axis.length);
            }
            _ => pieces.push(Piece { start, length: axis.length, stride: axis.stride }),
        }
        start *= size;
    }
    pieces
}

fn split(pieces: &[Piece], shape: &Shape) -> Option<Vec<Axis>> {
    let mut rest = pieces.iter().copied();
    let mut current: Option<Piece> = None;
    let mut axes = vec![Axis { length: Dim::fixed(1), stride: 0 }; shape.rank()];
    for (axis, &length) in axes.iter_mut().zip(&shape.0).rev().filter(|(_, length)| **length != Dim::fixed(1)) {
        let mut piece = current.take().or_else(|| rest.next())?;
        *axis = Axis { length, stride: piece.stride };
        if length.batched {
            if piece.length != length {
                return None;
            }
            continue;
        }
        if piece.length.size.checked_rem(length.size).is_none_or(|rest| rest != 0) {
            return None;
        }
        piece.length.size /= length.size;
        piece.stride *= length.size as isize;
        current = Some(piece).filter(|piece| piece.length != Dim::fixed(1));
    }
    Some(axes)
}
