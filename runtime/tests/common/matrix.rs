//! An epilogue that keeps every result and insists that each comes once.

use fearless_simd::prelude::*;
use graven_runtime::lanes::LANES;
use graven_runtime::{Epilogue, Simd, Vector};

/// Stores results in a matrix and counts how often each place is written.
pub struct Matrix<'a> {
    pub values: &'a mut [f32],
    pub columns: usize,
    pub writes: Vec<u8>,
}

impl<S: Simd> Epilogue<S> for Matrix<'_> {
    #[inline(always)]
    fn store(&mut self, _simd: S, row: usize, column: usize, lanes: usize, value: Vector<S>) {
        let mut values = [0.0; LANES];
        value.store_array(&mut values);
        self.put(row, column, lanes, &values);
    }
}

impl Matrix<'_> {
    /// Apart from the kernels, which would become much longer to compile.
    #[inline(never)]
    fn put(&mut self, row: usize, column: usize, lanes: usize, values: &[f32; LANES]) {
        let at = row * self.columns + column;
        assert!((1..=LANES).contains(&lanes) && column + lanes <= self.columns.max(self.values.len()));
        self.writes[at..at + lanes].iter_mut().for_each(|writes| *writes += 1);
        self.values[at..at + lanes].copy_from_slice(&values[..lanes]);
    }
}

/// Runs a kernel into a matrix of `rows` by `columns` and checks that it writes every place once.
pub fn collect(rows: usize, columns: usize, kernel: impl FnOnce(&mut Matrix)) -> Vec<f32> {
    let mut values = vec![f32::NAN; rows * columns];
    let mut matrix = Matrix { values: &mut values, columns, writes: vec![0; rows * columns] };
    kernel(&mut matrix);
    assert!(matrix.writes.iter().all(|&writes| writes == 1), "every result is stored once");
    values
}
