//! Arrays of `ndarray`: rows along the first axis come in, rows of outputs go out.

use graven_runtime::sample::{Element, Flat};
use ndarray::{Array2, ArrayBase, Data, Dimension};

use super::elements::{Misfit, rows_from_numbers};
use super::error::{DataError, Part, Wanted};
use super::rows::IntoTensor;

/// Numbers that an array of data may hold.
pub trait Number: Copy {
    /// The number; every `f32` and every index is exact.
    fn number(self) -> f64;
}

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl Number for $number {
            fn number(self) -> f64 {
                self as f64
            }
        }
    )*};
}

numbers!(f32 f64 u8 u16 u32 u64 usize i32 i64);

impl<T: Element, A: Number, S: Data<Elem = A>, D: Dimension> IntoTensor<T> for ArrayBase<S, D> {
    fn into_tensor(self) -> Result<Vec<T>, DataError> {
        (&self).into_tensor()
    }
}

impl<T: Element, A: Number, S: Data<Elem = A>, D: Dimension> IntoTensor<T> for &ArrayBase<S, D> {
    fn into_tensor(self) -> Result<Vec<T>, DataError> {
        if self.ndim() == 0 || self.shape().iter().skip(1).product::<usize>() != T::WIDTH {
            return Err(DataError::Shape { shape: self.shape().to_vec(), width: T::WIDTH });
        }
        rows_from_numbers(self.iter().map(|number| number.number())).map_err(misfit::<T>)
    }
}

fn misfit<T: Element>(Misfit { position, value, wanted }: Misfit) -> DataError {
    let (row, position) = (position / T::WIDTH, position % T::WIDTH);
    match wanted {
        Wanted::Index { bound } => DataError::Index { row, position, value, bound },
        Wanted::FiniteNumber | Wanted::Category => {
            DataError::NotFinite { part: Part::Inputs, tensor: 0, row, position, value: value as f32 }
        }
    }
}

/// A matrix with a line for each row, for instance of predictions; indices become numbers.
#[must_use]
pub fn to_array<T: Element>(rows: &[T]) -> Array2<f32> {
    let shape = (rows.len(), T::WIDTH);
    match T::flatten(rows) {
        Flat::Reals(values) => Array2::from_shape_fn(shape, |(row, column)| values[row * T::WIDTH + column]),
        Flat::Indices(values) => Array2::from_shape_fn(shape, |(row, column)| values[row * T::WIDTH + column] as f32),
    }
}
