//! Numbers in binary files: bytes and their kind go in, checked elements come out.

use graven_runtime::sample::Element;
use half::f16;

use super::elements::{Misfit, is_index, set_indices, wanted};
use super::error::Wanted;

/// How a number is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    pub scalar: Scalar,
    pub big_endian: bool,
}

/// The type of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scalar {
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    U64,
    I64,
    F16,
    F32,
    F64,
}

impl Kind {
    /// Bytes of a number.
    pub(super) fn bytes(self) -> usize {
        match self.scalar {
            Scalar::U8 | Scalar::I8 => 1,
            Scalar::U16 | Scalar::I16 | Scalar::F16 => 2,
            Scalar::U32 | Scalar::I32 | Scalar::F32 => 4,
            Scalar::U64 | Scalar::I64 | Scalar::F64 => 8,
        }
    }

    /// Visits every number; bytes that do not make one are left out.
    pub(super) fn each(self, bytes: &[u8], mut visit: impl FnMut(f64)) {
        macro_rules! numbers {
            ($type:ident $number:expr) => {{
                let number: fn($type) -> f64 = $number;
                if self.big_endian {
                    bytes.as_chunks().0.iter().for_each(|&chunk| visit(number($type::from_be_bytes(chunk))));
                } else {
                    bytes.as_chunks().0.iter().for_each(|&chunk| visit(number($type::from_le_bytes(chunk))));
                }
            }};
        }
        match self.scalar {
            Scalar::U8 => numbers!(u8 | number | number.into()),
            Scalar::I8 => numbers!(i8 | number | number.into()),
            Scalar::U16 => numbers!(u16 | number | number.into()),
            Scalar::I16 => numbers!(i16 | number | number.into()),
            Scalar::U32 => numbers!(u32 | number | number.into()),
            Scalar::I32 => numbers!(i32 | number | number.into()),
            Scalar::U64 => numbers!(u64 | number | number as f64),
            Scalar::I64 => numbers!(i64 | number | number as f64),
            Scalar::F16 => numbers!(f16 | number | number.into()),
            Scalar::F32 => numbers!(f32 | number | number.into()),
            Scalar::F64 => numbers!(f64 | number | number),
        }
    }

    /// Sets all scalars of some rows from as many numbers.
    pub(super) fn fill<T: Element>(self, bytes: &[u8], rows: &mut [T]) -> Result<(), Misfit> {
        if is_index::<T>() {
            let mut numbers = Vec::with_capacity(rows.len() * T::WIDTH);
            self.each(bytes, |number| numbers.push(number));
            return set_indices(rows, numbers);
        }
        let places = T::reals_mut(rows);
        let mut next = places.iter_mut();
        self.each(bytes, |number| {
            if let Some(place) = next.next() {
                *place = number as f32;
            }
        });
        match places.iter().position(|value| !value.is_finite()) {
            Some(position) => Err(Misfit { position, value: self.at(bytes, position), wanted: Wanted::FiniteNumber }),
            None => Ok(()),
        }
    }

    fn at(self, bytes: &[u8], position: usize) -> f64 {
        let mut value = f64::NAN;
        self.each(&bytes[position * self.bytes()..][..self.bytes()], |number| value = number);
        value
    }

    /// Rows of `T` from the numbers of whole rows.
    pub(super) fn rows<T: Element>(self, bytes: &[u8]) -> Result<Vec<T>, Misfit> {
        let mut rows = vec![T::ZERO; bytes.len() / (T::WIDTH * self.bytes()).max(1)];
        self.fill(bytes, &mut rows)?;
        Ok(rows)
    }
}

/// The fault of a number in a file.
pub(super) fn fault<T: Element>(misfit: Misfit, first: usize) -> super::FileProblem {
    let Misfit { position, value, wanted: expected } = misfit;
    debug_assert_eq!(expected, wanted::<T>());
    super::FileProblem::Value {
        row: first + position / T::WIDTH,
        position: position % T::WIDTH,
        value,
        wanted: expected,
    }
}
