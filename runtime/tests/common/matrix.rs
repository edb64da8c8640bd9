//! An epilogue that keeps every result and insists that each comes once.

use graven_runtime::{Epilogue, Simd, Vector, store};

/// Stores results in a matrix and counts how often each place is written.
pub struct Matrix<'a> {
    pub values: &'a mut [f32],
    pub columns: usize,
    pub writes: Vec<u8>,
}

impl<S: Simd> Epilogue<S> for Matrix<'_> {
    #[inline(always)]
    fn store(&mut self, _simd: S, row: usize, column: usize, lanes: usize, value: Vector<S>) {
        let at = row * self.columns + column;
        assert!((1..=16).contains(&lanes) && column + lanes <= self.columns.max(self.values.len()));
        self.writes[at..at + lanes].iter_mut().for_each(|writes| *writes += 1);
        store(self.values, at, lanes, value);
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
