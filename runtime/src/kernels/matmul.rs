//! Products of matrices of activations, many at a time.

use fearless_simd::{Simd, prelude::*};

use super::Epilogue;
use super::tile::{Blocks, Lines, Place, Slices, Transposed, in_blocks, rows as product};
use crate::arena::{get, view};
use crate::lanes::{self, LANES, Vector, load_partial, splat};

/// Shapes of a batch of products `[m, k] × [k, n]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matmul {
    /// Products.
    pub batch: usize,
    /// Rows of the left factor and of the result.
    pub m: usize,
    /// Contracted length.
    pub k: usize,
    /// Columns of the right factor and of the result.
    pub n: usize,
    /// Whether the left factor lies as `[k, m]`.
    pub a_transposed: bool,
    /// Whether the right factor lies as `[n, k]`.
    pub b_transposed: bool,
}

/// `batch` products of row-major matrices; row `i` of product `p` is row `p·m + i` of the result.
#[inline(never)]
pub fn matmul<S: Simd, E: Epilogue<S>>(simd: S, form: Matmul, a: &[f32], b: &[f32], epilogue: &mut E) {
    simd.vectorize(
        #[inline(always)]
        || {
            for number in 0..form.batch {
                let a = view(a, number * form.m * form.k, form.m * form.k);
                let b = view(b, number * form.k * form.n, form.k * form.n);
                let mut product = Product { simd, form, a, b, row: number * form.m, epilogue };
                if form.b_transposed {
                    product.with_transposed();
                } else {
                    in_blocks::<S, _>(form.m, &mut product);
                }
            }
        },
    );
}

struct Product<'a, S: Simd, E: Epilogue<S>> {
    simd: S,
    form: Matmul,
    a: &'a [f32],
    b: &'a [f32],
    row: usize,
    epilogue: &'a mut E,
}

impl<S: Simd, E: Epilogue<S>> Blocks for Product<'_, S, E> {
    #[inline(always)]
    fn run<const R: usize>(&mut self, row: usize) {
        let Matmul { m, k, n, .. } = self.form;
        let right = Lines { memory: self.b, first: 0, stride: n, width: n };
        let place = Place { row: self.row + row, row_step: 1, column: 0, column_step: 0 };
        if self.form.a_transposed {
            let left = Transposed { memory: self.a, first: row, stride: m };
            product::<S, E, R>(self.simd, &left, right, k, place, self.epilogue);
        } else {
            let mut rows = [[].as_slice(); R];
            for (number, line) in rows.iter_mut().enumerate() {
                *line = view(self.a, (row + number) * k, k);
            }
            product::<S, E, R>(self.simd, &Slices(rows), right, k, place, self.epilogue);
        }
    }
}

impl<S: Simd, E: Epilogue<S>> Product<'_, S, E> {
    /// The right factor has the contraction along its lines.
    #[inline(always)]
    fn with_transposed(&mut self) {
        let Matmul { m, n, .. } = self.form;
        for row in 0..m {
            for column in (0..n).step_by(LANES) {
                let lanes = LANES.min(n - column);
                let mut sums = [splat(self.simd, 0.0); LANES];
                for (number, sum) in sums.iter_mut().enumerate().take(lanes) {
                    *sum = self.dot(row, column + number);
                }
                self.epilogue.store(self.simd, self.row + row, column, lanes, lanes::sums(sums));
            }
        }
    }

    /// Products of a row of the left factor and a line of the right one, to be added up across lanes.
    #[inline(always)]
    fn dot(&self, row: usize, line: usize) -> Vector<S> {
        let k = self.form.k;
        let mut sum = splat(self.simd, 0.0);
        for (vector, b) in view(self.b, line * k, k).chunks(LANES).enumerate() {
            let first = vector * LANES;
            let a = if self.form.a_transposed {
                self.column(row, first)
            } else {
                load_partial(self.simd, view(self.a, row * k + first, b.len()))
            };
            sum = a.mul_add(load_partial(self.simd, b), sum);
        }
        sum
    }

    /// Sixteen steps of a row of the left factor that lies as a column.
    #[inline(always)]
    fn column(&self, row: usize, first: usize) -> Vector<S> {
        let mut values = [0.0; LANES];
        for (step, value) in values.iter_mut().enumerate() {
            *value = get(self.a, (first + step) * self.form.m + row);
        }
        values.simd_into(self.simd)
    }
}
