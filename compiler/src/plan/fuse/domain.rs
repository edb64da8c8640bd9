//! Loop nests: a number of elements in row-major order, cut into outer loops and columns where accesses ask for it.

use std::collections::BTreeSet;

use crate::ir::Dim;
use crate::plan::kernel::Access;
use crate::plan::view::{Piece, View};

/// What is known of a loop nest while values join it.
#[derive(Clone, PartialEq, Debug)]
pub struct Domain {
    /// Elements of the whole nest.
    pub total: Dim,
    /// Columns, if a reduction or contraction fixes them.
    pub width: Option<usize>,
    /// Numbers of elements after which some access does something else; each a multiple of the one before.
    pub cuts: BTreeSet<usize>,
    /// The class of layouts, if the order of elements is that of panels.
    pub panel: Option<usize>,
}

impl Domain {
    /// All elements in order.
    pub fn flat(total: Dim) -> Self {
        Self { total, width: None, cuts: BTreeSet::new(), panel: None }
    }

    /// Adds the cuts of a view.
    pub fn cut(&mut self, view: &View) {
        self.cuts.extend(view.pieces().iter().map(|piece| piece.start).filter(|&start| start > 1));
    }

    /// Whether loops can be built that respect all cuts.
    pub fn is_sound(&self) -> bool {
        let mut last = self.width.unwrap_or(1);
        for &cut in self.cuts.iter().chain([&self.total.size]) {
            if last == 0 || !cut.is_multiple_of(last) {
                return false;
            }
            last = cut;
        }
        true
    }

    /// The nest of both; `other` may also hold one element for each row of this one.
    pub fn joined(&self, other: &Self) -> Option<Self> {
        if self.total == other.total {
            let width = self.width.or(other.width);
            let agrees = self.panel == other.panel && (other.width.is_none() || other.width == width);
            let cuts = self.cuts.union(&other.cuts).copied().collect();
            let joined = Self { total: self.total, width, cuts, panel: self.panel };
            return Some(joined).filter(|joined| agrees && joined.is_sound());
        }
        let width = self.width?;
        if other.width.is_some() || other.panel.is_some() || other.total.times(Dim::fixed(width)) != self.total {
            return None;
        }
        let mut joined = self.clone();
        joined.cuts.extend(other.cuts.iter().map(|cut| cut * width));
        Some(joined).filter(Self::is_sound)
    }

    /// The loops.
    pub fn nest(&self) -> Nest {
        let whole = self.total.size.max(1);
        let width = self.width.or_else(|| self.cuts.first().copied()).unwrap_or(whole);
        let is_loop = |cut: &usize| *cut >= width && (*cut < whole || self.total.batched);
        let mut starts: Vec<usize> = self.cuts.iter().copied().filter(is_loop).collect();
        if starts.first() != Some(&width) && (width < whole || self.total.batched) {
            starts.insert(0, width);
        }
        let mut outer = Vec::new();
        for (position, &start) in starts.iter().enumerate() {
            let end = starts.get(position + 1).copied().unwrap_or(whole);
            let batched = self.total.batched && position + 1 == starts.len();
            outer.push(Dim { size: end / start, batched });
        }
        starts.reverse();
        outer.reverse();
        Nest { outer, starts, width }
    }
}

/// Outer loops and columns.
#[derive(Clone, PartialEq, Debug)]
pub struct Nest {
    /// Lengths of the outer loops, outermost first.
    pub outer: Vec<Dim>,
    /// Elements of the nest in one step of each outer loop.
    pub starts: Vec<usize>,
    /// Columns.
    pub width: usize,
}

impl Nest {
    /// One loop over rows, whatever their number.
    pub fn of_rows(rows: Dim, width: usize) -> Self {
        Self { outer: vec![rows], starts: vec![width], width }
    }

    /// The number of rows.
    pub fn rows(&self) -> Dim {
        self.outer.iter().copied().fold(Dim::fixed(1), Dim::times)
    }

    /// The number of elements.
    pub fn total(&self) -> Dim {
        self.rows().times(Dim::fixed(self.width))
    }

    /// Where a view with an element for each element (or, failing that, each row) of the nest lies.
    pub fn access(&self, view: &View) -> Access {
        let pieces = view.pieces();
        let elements = view.axes.iter().fold(Dim::fixed(1), |product, axis| product.times(axis.length));
        let per_row = elements != self.total();
        let unit = if per_row { self.width } else { 1 };
        let strides = self.starts.iter().map(|start| stride_at(&pieces, start / unit) as usize).collect();
        let along = !per_row && self.width > 1 && stride_at(&pieces, 1) == 1;
        Access { offset: view.offset as usize, strides, along }
    }
}

fn stride_at(pieces: &[Piece], start: usize) -> isize {
    let piece = pieces.iter().rev().find(|piece| piece.start <= start);
    piece.map_or(0, |piece| piece.stride * (start / piece.start) as isize)
}
