//! What one sample of a network's inputs, outputs or targets may be, and slices of many of them.

use crate::index::Index;

#[cfg(feature = "alloc")]
use alloc::{vec, vec::Vec};

/// Samples seen as flat memory.
#[derive(Clone, Copy, Debug)]
pub enum Flat<'a> {
    /// Real numbers.
    Reals(&'a [f32]),
    /// Checked indices.
    Indices(&'a [u32]),
}

/// One tensor of a sample: `f32`, [`Index`], or nested arrays of either.
pub trait Element: Copy + Send + Sync + 'static {
    /// Scalars in one sample.
    const WIDTH: usize;
    /// Length of the last axis, 1 for a scalar.
    const LAST_AXIS: usize;
    /// All zero.
    const ZERO: Self;

    /// The scalars of all rows.
    fn flatten(rows: &[Self]) -> Flat<'_>;
    /// The real scalars of all rows; empty for indices.
    fn reals(rows: &[Self]) -> &[f32];
    /// The real scalars of all rows; empty for indices.
    fn reals_mut(rows: &mut [Self]) -> &mut [f32];
    /// The indices of all rows; empty for reals.
    fn indices(rows: &[Self]) -> &[u32];
    /// Writes whole numbers from reals into indices, clamped below their bound; nothing for reals.
    fn set_indices(rows: &mut [Self], values: &[f32]);
}

impl Element for f32 {
    const WIDTH: usize = 1;
    const LAST_AXIS: usize = 1;
    const ZERO: Self = 0.0;

    #[inline]
    fn flatten(rows: &[Self]) -> Flat<'_> {
        Flat::Reals(rows)
    }
    #[inline]
    fn reals(rows: &[Self]) -> &[f32] {
        rows
    }
    #[inline]
    fn reals_mut(rows: &mut [Self]) -> &mut [f32] {
        rows
    }
    #[inline]
    fn indices(_rows: &[Self]) -> &[u32] {
        &[]
    }
    #[inline]
    fn set_indices(_rows: &mut [Self], _values: &[f32]) {}
}

impl<const N: usize> Element for Index<N> {
    const WIDTH: usize = 1;
    const LAST_AXIS: usize = 1;
    const ZERO: Self = Self::ZERO;

    #[inline]
    fn flatten(rows: &[Self]) -> Flat<'_> {
        Flat::Indices(Self::as_u32s(rows))
    }
    #[inline]
    fn reals(_rows: &[Self]) -> &[f32] {
        &[]
    }
    #[inline]
    fn reals_mut(_rows: &mut [Self]) -> &mut [f32] {
        &mut []
    }
    #[inline]
    fn indices(rows: &[Self]) -> &[u32] {
        Self::as_u32s(rows)
    }
    #[inline]
    fn set_indices(rows: &mut [Self], values: &[f32]) {
        for (row, &value) in rows.iter_mut().zip(values) {
            *row = Self::saturating(value as u32);
        }
    }
}

impl<T: Element, const N: usize> Element for [T; N] {
    const WIDTH: usize = N * T::WIDTH;
    const LAST_AXIS: usize = if T::WIDTH == 1 && T::LAST_AXIS == 1 { N } else { T::LAST_AXIS };
    const ZERO: Self = [T::ZERO; N];

    #[inline]
    fn flatten(rows: &[Self]) -> Flat<'_> {
        T::flatten(rows.as_flattened())
    }
    #[inline]
    fn reals(rows: &[Self]) -> &[f32] {
        T::reals(rows.as_flattened())
    }
    #[inline]
    fn reals_mut(rows: &mut [Self]) -> &mut [f32] {
        T::reals_mut(rows.as_flattened_mut())
    }
    #[inline]
    fn indices(rows: &[Self]) -> &[u32] {
        T::indices(rows.as_flattened())
    }
    #[inline]
    fn set_indices(rows: &mut [Self], values: &[f32]) {
        T::set_indices(rows.as_flattened_mut(), values);
    }
}

/// One sample: an [`Element`], or a tuple of two to eight of them.
pub trait Sample: Copy + Send + Sync + 'static {
    /// Many samples: a slice, or a tuple of slices.
    type Slices<'a>: Copy + Send + Sync;
    /// Many samples to write to.
    type SlicesMut<'a>: Send;
    /// Many samples on the heap: a `Vec`, or a tuple of them.
    #[cfg(feature = "alloc")]
    type Rows: Clone + Send + Sync + 'static;

    /// All zero.
    const ZERO: Self;
    /// The number of tensors.
    const FIELDS: usize;

    /// The number of rows, or the two lengths that differ: of the first slice and of the other.
    ///
    /// # Errors
    /// `(expected, found)` when the slices of a tuple differ in length.
    fn rows(slices: Self::Slices<'_>) -> Result<usize, (usize, usize)>;
    /// As [`Sample::rows`], of slices to write to.
    ///
    /// # Errors
    /// `(expected, found)` when the slices of a tuple differ in length.
    fn rows_mut(slices: &Self::SlicesMut<'_>) -> Result<usize, (usize, usize)>;
    /// The same slices, for a shorter time.
    fn shorter<'a: 'b, 'b>(slices: Self::Slices<'a>) -> Self::Slices<'b>;
    /// At most `count` rows from `start` on, fewer when there are no more.
    fn part<'a>(slices: Self::Slices<'a>, start: usize, count: usize) -> Self::Slices<'a>;
    /// At most `count` rows from `start` on, fewer when there are no more.
    fn part_mut<'a>(slices: &'a mut Self::SlicesMut<'_>, start: usize, count: usize) -> Self::SlicesMut<'a>;
    /// The first tensor of every sample, and the length of its last axis.
    fn first<'a>(slices: Self::Slices<'a>) -> (Flat<'a>, usize);
    /// Visits every tensor with its scalars a sample, in order.
    fn visit(slices: Self::Slices<'_>, visitor: &mut dyn FnMut(Flat<'_>, usize));
    /// Visits the real scalars of every tensor with their number a sample, in order; no scalars for indices.
    fn visit_reals_mut(slices: Self::SlicesMut<'_>, visitor: &mut dyn FnMut(&mut [f32], usize));

    /// That many samples, all zero.
    #[cfg(feature = "alloc")]
    fn zeros(rows: usize) -> Self::Rows;
    /// All samples.
    #[cfg(feature = "alloc")]
    fn slices(rows: &Self::Rows) -> Self::Slices<'_>;
    /// All samples, to write to.
    #[cfg(feature = "alloc")]
    fn slices_mut(rows: &mut Self::Rows) -> Self::SlicesMut<'_>;
    /// Replaces `rows` by the samples at `positions`, without those that are out of range; reuses the memory of `rows`.
    #[cfg(feature = "alloc")]
    fn gather(slices: Self::Slices<'_>, positions: &[usize], rows: &mut Self::Rows);
    /// Appends a sample.
    #[cfg(feature = "alloc")]
    fn push(rows: &mut Self::Rows, sample: Self);
    /// Appends samples.
    #[cfg(feature = "alloc")]
    fn extend(rows: &mut Self::Rows, samples: Self::Slices<'_>);
    /// Removes all samples and keeps their memory.
    #[cfg(feature = "alloc")]
    fn clear(rows: &mut Self::Rows);
    /// A sample, when there is such a row.
    fn get(slices: Self::Slices<'_>, row: usize) -> Option<Self>;
    /// This sample alone.
    fn one(&self) -> Self::Slices<'_>;
    /// This sample alone, to write to.
    fn one_mut(&mut self) -> Self::SlicesMut<'_>;
}

/// Tensor `I` of a sample of several tensors, counted from zero; tensor 0 of a sample of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no tensor number {I}",
    note = "tensors of a tuple are counted from zero, in the order of the declaration"
)]
pub trait Field<const I: usize>: Sample {
    /// The tensor.
    type Tensor: Element;

    /// The tensor of every sample.
    fn field<'a>(slices: Self::Slices<'a>) -> &'a [Self::Tensor];
}

impl<T: Element> Field<0> for T {
    type Tensor = T;

    #[inline]
    fn field<'a>(slices: Self::Slices<'a>) -> &'a [T] {
        slices
    }
}

#[inline]
fn part<T>(rows: &[T], start: usize, count: usize) -> &[T] {
    let rows = rows.get(start..).unwrap_or(&[]);
    rows.get(..count).unwrap_or(rows)
}

#[inline]
fn part_mut<T>(rows: &mut [T], start: usize, count: usize) -> &mut [T] {
    let start = start.min(rows.len());
    let end = start + count.min(rows.len() - start);
    rows.get_mut(start..end).unwrap_or(&mut [])
}

#[cfg(feature = "alloc")]
fn gather<T: Copy>(slice: &[T], positions: &[usize], rows: &mut Vec<T>) {
    rows.clear();
    rows.reserve(positions.len());
    for row in positions.iter().filter_map(|&position| slice.get(position)) {
        rows.extend_from_slice(core::slice::from_ref(row));
    }
}

impl<T: Element> Sample for T {
    type Slices<'a> = &'a [T];
    type SlicesMut<'a> = &'a mut [T];
    #[cfg(feature = "alloc")]
    type Rows = Vec<T>;

    const ZERO: Self = <T as Element>::ZERO;
    const FIELDS: usize = 1;

    #[inline]
    fn rows(slices: &[T]) -> Result<usize, (usize, usize)> {
        Ok(slices.len())
    }
    #[inline]
    fn rows_mut(slices: &&mut [T]) -> Result<usize, (usize, usize)> {
        Ok(slices.len())
    }
    #[inline]
    fn shorter<'a: 'b, 'b>(slices: &'a [T]) -> &'b [T] {
        slices
    }
    #[inline]
    fn part<'a>(slices: Self::Slices<'a>, start: usize, count: usize) -> Self::Slices<'a> {
        part(slices, start, count)
    }
    #[inline]
    fn part_mut<'a>(slices: &'a mut &mut [T], start: usize, count: usize) -> &'a mut [T] {
        part_mut(slices, start, count)
    }
    #[inline]
    fn first<'a>(slices: Self::Slices<'a>) -> (Flat<'a>, usize) {
        (T::flatten(slices), T::LAST_AXIS)
    }
    fn visit(slices: &[T], visitor: &mut dyn FnMut(Flat<'_>, usize)) {
        visitor(T::flatten(slices), T::WIDTH);
    }
    fn visit_reals_mut(slices: &mut [T], visitor: &mut dyn FnMut(&mut [f32], usize)) {
        visitor(T::reals_mut(slices), T::WIDTH);
    }

    #[cfg(feature = "alloc")]
    fn zeros(rows: usize) -> Vec<T> {
        vec![<T as Element>::ZERO; rows]
    }
    #[cfg(feature = "alloc")]
    fn slices(rows: &Vec<T>) -> &[T] {
        rows
    }
    #[cfg(feature = "alloc")]
    fn slices_mut(rows: &mut Vec<T>) -> &mut [T] {
        rows
    }
    #[cfg(feature = "alloc")]
    fn gather(slices: &[T], positions: &[usize], rows: &mut Vec<T>) {
        gather(slices, positions, rows);
    }
    #[cfg(feature = "alloc")]
    fn push(rows: &mut Vec<T>, sample: T) {
        rows.push(sample);
    }
    #[cfg(feature = "alloc")]
    fn extend(rows: &mut Vec<T>, samples: &[T]) {
        rows.extend_from_slice(samples);
    }
    #[cfg(feature = "alloc")]
    fn clear(rows: &mut Vec<T>) {
        rows.clear();
    }
    fn get(slices: &[T], row: usize) -> Option<T> {
        slices.get(row).copied()
    }
    fn one(&self) -> &[T] {
        core::slice::from_ref(self)
    }
    fn one_mut(&mut self) -> &mut [T] {
        core::slice::from_mut(self)
    }
}

macro_rules! tuple_sample {
    ($count:literal: $first:ident $($name:ident $place:tt)*) => {
        #[allow(non_snake_case, reason = "a type parameter names its value")]
        impl<$first: Element, $($name: Element),*> Sample for ($first, $($name,)*) {
            type Slices<'a> = (&'a [$first], $(&'a [$name],)*);
            type SlicesMut<'a> = (&'a mut [$first], $(&'a mut [$name],)*);
            #[cfg(feature = "alloc")]
            type Rows = (Vec<$first>, $(Vec<$name>,)*);

            const ZERO: Self = (<$first as Element>::ZERO, $(<$name as Element>::ZERO,)*);
            const FIELDS: usize = $count;

            #[inline]
            fn rows(slices: Self::Slices<'_>) -> Result<usize, (usize, usize)> {
                let ($first, $($name,)*) = slices;
                let expected = $first.len();
                $(if $name.len() != expected {
                    return Err((expected, $name.len()));
                })*
                Ok(expected)
            }
            #[inline]
            fn rows_mut(slices: &Self::SlicesMut<'_>) -> Result<usize, (usize, usize)> {
                let ($first, $($name,)*) = slices;
                let expected = $first.len();
                $(if $name.len() != expected {
                    return Err((expected, $name.len()));
                })*
                Ok(expected)
            }
            #[inline]
            fn shorter<'a: 'b, 'b>(slices: Self::Slices<'a>) -> Self::Slices<'b> {
                slices
            }
            #[inline]
            fn part<'a>(slices: Self::Slices<'a>, start: usize, count: usize) -> Self::Slices<'a> {
                let ($first, $($name,)*) = slices;
                (part($first, start, count), $(part($name, start, count),)*)
            }
            #[inline]
            fn part_mut<'a>(slices: &'a mut Self::SlicesMut<'_>, start: usize, count: usize) -> Self::SlicesMut<'a> {
                let ($first, $($name,)*) = slices;
                (part_mut($first, start, count), $(part_mut($name, start, count),)*)
            }
            #[inline]
            fn first<'a>(slices: Self::Slices<'a>) -> (Flat<'a>, usize) {
                (<$first>::flatten(slices.0), <$first>::LAST_AXIS)
            }
            fn visit(slices: Self::Slices<'_>, visitor: &mut dyn FnMut(Flat<'_>, usize)) {
                let ($first, $($name,)*) = slices;
                <$first as Sample>::visit($first, visitor);
                $(<$name as Sample>::visit($name, visitor);)*
            }
            fn visit_reals_mut(slices: Self::SlicesMut<'_>, visitor: &mut dyn FnMut(&mut [f32], usize)) {
                let ($first, $($name,)*) = slices;
                <$first as Sample>::visit_reals_mut($first, visitor);
                $(<$name as Sample>::visit_reals_mut($name, visitor);)*
            }

            #[cfg(feature = "alloc")]
            fn zeros(rows: usize) -> Self::Rows {
                (<$first as Sample>::zeros(rows), $(<$name as Sample>::zeros(rows),)*)
            }
            #[cfg(feature = "alloc")]
            fn slices(rows: &Self::Rows) -> Self::Slices<'_> {
                let ($first, $($name,)*) = rows;
                ($first, $($name,)*)
            }
            #[cfg(feature = "alloc")]
            fn slices_mut(rows: &mut Self::Rows) -> Self::SlicesMut<'_> {
                let ($first, $($name,)*) = rows;
                ($first, $($name,)*)
            }
            #[cfg(feature = "alloc")]
            fn gather(slices: Self::Slices<'_>, positions: &[usize], rows: &mut Self::Rows) {
                let ($first, $($name,)*) = slices;
                gather($first, positions, &mut rows.0);
                $(gather($name, positions, &mut rows.$place);)*
            }
            #[cfg(feature = "alloc")]
            fn push(rows: &mut Self::Rows, sample: Self) {
                rows.0.push(sample.0);
                $(rows.$place.push(sample.$place);)*
            }
            #[cfg(feature = "alloc")]
            fn extend(rows: &mut Self::Rows, samples: Self::Slices<'_>) {
                rows.0.extend_from_slice(samples.0);
                $(rows.$place.extend_from_slice(samples.$place);)*
            }
            #[cfg(feature = "alloc")]
            fn clear(rows: &mut Self::Rows) {
                rows.0.clear();
                $(rows.$place.clear();)*
            }
            fn get(slices: Self::Slices<'_>, row: usize) -> Option<Self> {
                let ($first, $($name,)*) = slices;
                Some((*$first.get(row)?, $(*$name.get(row)?,)*))
            }
            fn one(&self) -> Self::Slices<'_> {
                let ($first, $($name,)*) = self;
                (core::slice::from_ref($first), $(core::slice::from_ref($name),)*)
            }
            fn one_mut(&mut self) -> Self::SlicesMut<'_> {
                let ($first, $($name,)*) = self;
                (core::slice::from_mut($first), $(core::slice::from_mut($name),)*)
            }
        }

        tuple_fields!([$first $($name)*] $first 0 $($name $place)*);
    };
}

macro_rules! tuple_fields {
    ($all:tt $($name:ident $place:tt)*) => {
        $(tuple_field!($all $name $place);)*
    };
}

macro_rules! tuple_field {
    ([$($all:ident)*] $name:ident $place:tt) => {
        impl<$($all: Element),*> Field<$place> for ($($all,)*) {
            type Tensor = $name;

            #[inline]
            fn field<'a>(slices: Self::Slices<'a>) -> &'a [$name] {
                slices.$place
            }
        }
    };
}

tuple_sample!(2: A C 1);
tuple_sample!(3: A C 1 D 2);
tuple_sample!(4: A C 1 D 2 E 3);
tuple_sample!(5: A C 1 D 2 E 3 F 4);
tuple_sample!(6: A C 1 D 2 E 3 F 4 G 5);
tuple_sample!(7: A C 1 D 2 E 3 F 4 G 5 H 6);
tuple_sample!(8: A C 1 D 2 E 3 F 4 G 5 H 6 I 7);
