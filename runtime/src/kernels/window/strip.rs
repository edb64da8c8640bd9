//! Cuts a length that is known at compile time into register tiles of at most two heights.

use fearless_simd::Simd;

use super::super::register;
use super::super::tile::block;
use crate::lanes::LANES;

/// Work on tiles of `R` rows.
pub(super) trait Tiles {
    /// Bit `R` says that tiles of `R` rows occur.
    const HEIGHTS: u32;

    /// Works on the rows from `first` on.
    fn run<const R: usize>(&mut self, first: usize);
}

/// Goes through `count` rows in tiles of nearly the same height, none higher than `highest`.
#[inline(always)]
pub(super) fn in_tiles<T: Tiles>(count: usize, highest: usize, tiles: &mut T) {
    let mut first = 0;
    while first < count {
        let height = height(count - first, highest);
        one(height, first, tiles);
        first += height;
    }
}

macro_rules! one {
    ($($height:literal)*) => {
        #[inline(always)]
        fn one<T: Tiles>(height: usize, first: usize, tiles: &mut T) {
            match height {
                $($height if const { T::HEIGHTS >> $height & 1 == 1 } => tiles.run::<$height>(first),)*
                _ => {}
            }
        }
    };
}
one! { 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 }

/// Rows of the next tile, where `count` are left.
#[inline(always)]
const fn height(count: usize, highest: usize) -> usize {
    let tiles = count.div_ceil(highest);
    if tiles == 0 { 1 } else { count.div_ceil(tiles) }
}

/// The heights of the tiles of `count` rows.
pub(super) const fn heights(count: usize, highest: usize) -> u32 {
    if count == 0 { 0 } else { 1 << height(count, highest) | 1 << (count / count.div_ceil(highest)) }
}

/// Rows of the highest tile of one vector where `NARROW`, else of as many as suit the level.
pub(super) const fn highest<S: Simd, const NARROW: bool>() -> usize {
    if NARROW && register::<S>() == LANES { 16 } else { block::<S>() }
}

/// Calls `each` with every row of a tile and its number, in four loops: the compiler unrolls each of them where it
/// leaves a long one, and what is not unrolled goes through memory.
#[inline(always)]
pub(super) fn unrolled<T, const R: usize>(rows: &[T; R], mut each: impl FnMut(usize, &T)) {
    four(rows, 0, &mut each);
    four(rows, 4, &mut each);
    four(rows, 8, &mut each);
    four(rows, 12, &mut each);
}

#[inline(always)]
fn four<T, const R: usize>(rows: &[T; R], first: usize, each: &mut impl FnMut(usize, &T)) {
    for (number, row) in rows.get(first..R.min(first + 4)).unwrap_or_default().iter().enumerate() {
        each(first + number, row);
    }
}

/// As [`unrolled`], to change the rows.
#[inline(always)]
pub(super) fn unrolled_mut<T, const R: usize>(rows: &mut [T; R], mut each: impl FnMut(usize, &mut T)) {
    four_mut(rows, 0, &mut each);
    four_mut(rows, 4, &mut each);
    four_mut(rows, 8, &mut each);
    four_mut(rows, 12, &mut each);
}

#[inline(always)]
fn four_mut<T, const R: usize>(rows: &mut [T; R], first: usize, each: &mut impl FnMut(usize, &mut T)) {
    for (number, row) in rows.get_mut(first..R.min(first + 4)).unwrap_or_default().iter_mut().enumerate() {
        each(first + number, row);
    }
}
