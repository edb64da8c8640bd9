//! What a data set may be made of: vectors, slices and arrays of rows, tuples of those, arrays of `ndarray`.

use graven_runtime::index::Index;
use graven_runtime::sample::{Element, Sample};

use super::error::DataError;

/// Something that gives rows of samples `X`: an [`IntoTensor`], or a tuple of two to eight for samples of several tensors.
pub trait IntoRows<X: Sample> {
    /// The rows.
    ///
    /// # Errors
    /// A number that is no index, or an array of another shape.
    fn into_rows(self) -> Result<X::Rows, DataError>;
}

/// Something that gives rows of one tensor: `Vec<T>`, `&[T]`, `[T; N]`, whole numbers where `T` is an
/// [`Index`], and with feature `ndarray` its arrays.
pub trait IntoTensor<T: Element> {
    /// The rows.
    ///
    /// # Errors
    /// A number that is no index, or an array of another shape.
    fn into_tensor(self) -> Result<Vec<T>, DataError>;
}

impl<T: Element, C: IntoTensor<T>> IntoRows<T> for C {
    fn into_rows(self) -> Result<Vec<T>, DataError> {
        self.into_tensor()
    }
}

impl<T: Element> IntoTensor<T> for Vec<T> {
    fn into_tensor(self) -> Result<Vec<T>, DataError> {
        Ok(self)
    }
}

impl<T: Element> IntoTensor<T> for &Vec<T> {
    fn into_tensor(self) -> Result<Vec<T>, DataError> {
        Ok(self.clone())
    }
}

impl<T: Element> IntoTensor<T> for &[T] {
    fn into_tensor(self) -> Result<Vec<T>, DataError> {
        Ok(self.to_vec())
    }
}

impl<T: Element, const N: usize> IntoTensor<T> for [T; N] {
    fn into_tensor(self) -> Result<Vec<T>, DataError> {
        Ok(self.to_vec())
    }
}

impl<T: Element, const N: usize> IntoTensor<T> for &[T; N] {
    fn into_tensor(self) -> Result<Vec<T>, DataError> {
        Ok(self.to_vec())
    }
}

macro_rules! whole_numbers {
    ($($number:ty)*) => {$(
        impl<const N: usize> IntoTensor<Index<N>> for Vec<$number> {
            fn into_tensor(self) -> Result<Vec<Index<N>>, DataError> {
                self.as_slice().into_tensor()
            }
        }

        impl<const N: usize> IntoTensor<Index<N>> for &[$number] {
            fn into_tensor(self) -> Result<Vec<Index<N>>, DataError> {
                let checked = self.iter().enumerate().map(|(row, &value)| {
                    let index = usize::try_from(value).ok().and_then(|value| Index::new(value).ok());
                    index.ok_or(DataError::Index { row, position: 0, value: value as f64, bound: N })
                });
                checked.collect()
            }
        }
    )*};
}

whole_numbers!(u8 u16 u32 u64 usize i32 i64);

macro_rules! tuple_rows {
    ($($name:ident $tensor:ident),*) => {
        #[allow(non_snake_case, reason = "a type parameter names its value")]
        impl<$($name: Element,)* $($tensor: IntoTensor<$name>),*> IntoRows<($($name,)*)> for ($($tensor,)*) {
            fn into_rows(self) -> Result<<($($name,)*) as Sample>::Rows, DataError> {
                let ($($tensor,)*) = self;
                Ok(($($tensor.into_tensor()?,)*))
            }
        }
    };
}

tuple_rows!(A A1, C C1);
tuple_rows!(A A1, C C1, D D1);
tuple_rows!(A A1, C C1, D D1, E E1);
tuple_rows!(A A1, C C1, D D1, E E1, F F1);
tuple_rows!(A A1, C C1, D D1, E E1, F F1, G G1);
tuple_rows!(A A1, C C1, D D1, E E1, F F1, G G1, H H1);
tuple_rows!(A A1, C C1, D D1, E E1, F F1, G G1, H H1, I I1);
