//! The register tile of products whose two factors both have the contraction along their lines: rows times rows, each
//! sum a vector, added up across its lanes at the end.

use fearless_simd::{Simd, prelude::*};

use super::{MANY_REGISTERS, register};
use crate::lanes::{LANES, Vector, splat};

/// Rows of the left factor in a tile.
pub(super) const fn left_rows<S: Simd>() -> usize {
    match register::<S>() {
        LANES => 4,
        8 => 2,
        _ if MANY_REGISTERS => 2,
        _ => 1,
    }
}

/// Adds the products of `a` and `b`, vector by vector, to the sums from row `first` of the right factor on.
#[inline(always)]
pub(super) fn add_products<S: Simd, const A: usize, const B: usize>(
    a: &[Vector<S>; A],
    b: &[Vector<S>; B],
    sums: &mut [[Vector<S>; B]; A],
) {
    for (sums, a) in sums.iter_mut().zip(a) {
        for (sum, b) in sums.iter_mut().zip(b) {
            *sum = a.mul_add(*b, *sum);
        }
    }
}

/// Sums of sixteen rows of the right factor, for each row of the left.
pub(super) type Sums<S, const A: usize> = [[Vector<S>; LANES]; A];

/// Keeps the sums of a tile at row `first` of sixteen.
#[inline(always)]
pub(super) fn collect<S: Simd, const A: usize, const B: usize>(
    tile: &[[Vector<S>; B]; A],
    first: usize,
    sums: &mut Sums<S, A>,
) {
    for (sums, tile) in sums.iter_mut().zip(tile) {
        for (place, sum) in sums.iter_mut().skip(first).zip(tile) {
            *place = *sum;
        }
    }
}

/// No sums yet.
#[inline(always)]
pub(super) fn zeros<S: Simd, const A: usize, const B: usize>(simd: S) -> [[Vector<S>; B]; A] {
    [[splat(simd, 0.0); B]; A]
}
