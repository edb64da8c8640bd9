//! The register tile of convolutions: a few pixels times one or two vectors of filters, summed over the taps of a window.

use fearless_simd::Simd;

use super::super::tile::{Lines, Place, Slices, accumulate, store};
use super::super::{Epilogue, register};
use crate::lanes::{LANES, splat};

/// The taps of a window as runs of neighbouring floats; distances are in floats.
#[derive(Clone, Copy)]
pub(super) struct Taps {
    pub rows: usize,
    pub row_step: usize,
    /// Runs of a row.
    pub runs: usize,
    pub run_step: usize,
    /// Length of a run.
    pub run: usize,
}

/// Pixels whose windows are multiplied with the columns of `right`.
#[derive(Clone, Copy)]
pub(super) struct Pixels<'a> {
    pub memory: &'a [f32],
    /// The first float of the first pixel's window.
    pub first: usize,
    /// From one window to the next.
    pub step: usize,
    pub taps: Taps,
    pub right: Lines<'a>,
    pub place: Place,
}

impl Pixels<'_> {
    /// The products of `R` pixels, beginning with number `pixel`.
    #[inline(always)]
    pub fn run<S: Simd, E: Epilogue<S>, const R: usize>(self, simd: S, pixel: usize, epilogue: &mut E) {
        let pixels = Self {
            first: self.first + pixel * self.step,
            place: Place { column: self.place.column + pixel * self.place.column_step, ..self.place },
            ..self
        };
        let width = self.right.width;
        let mut column = 0;
        if const { register::<S>() == LANES } {
            while width - column > LANES {
                pixels.tile::<S, E, R, 2>(simd, column, epilogue);
                column = width.min(column + 2 * LANES);
            }
        }
        while column < width {
            pixels.tile::<S, E, R, 1>(simd, column, epilogue);
            column += LANES;
        }
    }

    #[inline(always)]
    fn tile<S: Simd, E: Epilogue<S>, const R: usize, const V: usize>(self, simd: S, column: usize, epilogue: &mut E) {
        let Self { taps, mut right, place, .. } = self;
        let mut sums = [[splat(simd, 0.0); V]; R];
        for row in 0..taps.rows {
            for run in 0..taps.runs {
                let first = self.first + row * taps.row_step + run * taps.run_step;
                if let Some(left) = self.left::<R>(first) {
                    accumulate(simd, &left, right, column, taps.run, &mut sums);
                }
                right.first += taps.run * right.stride;
            }
        }
        store(simd, &sums, place, column, right.width, epilogue);
    }

    /// The same run of `R` windows.
    #[inline(always)]
    fn left<const R: usize>(&self, first: usize) -> Option<Slices<'_, R>> {
        let mut rows = [[].as_slice(); R];
        for (number, row) in rows.iter_mut().enumerate() {
            let first = first + number * self.step;
            *row = self.memory.get(first..first + self.taps.run)?;
        }
        Some(Slices(rows))
    }
}
