//! Rows from plain numbers: numbers go in, checked elements come out.

use graven_runtime::sample::{Element, Flat};

use super::error::Wanted;

/// The first number that does not fit, by its position among all numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Misfit {
    pub position: usize,
    pub value: f64,
    pub wanted: Wanted,
}

/// Rows of `T` from as many numbers as they have scalars; numbers that do not fill a row are left out.
pub(super) fn rows_from_numbers<T: Element>(numbers: impl ExactSizeIterator<Item = f64>) -> Result<Vec<T>, Misfit> {
    let mut rows = vec![T::ZERO; numbers.len().checked_div(T::WIDTH).unwrap_or(0)];
    if is_index::<T>() {
        set_indices(&mut rows, numbers.collect())?;
    } else {
        set_reals(T::reals_mut(&mut rows), numbers)?;
    }
    Ok(rows)
}

/// Whether the scalars are indices.
pub(super) fn is_index<T: Element>() -> bool {
    matches!(T::flatten(&[T::ZERO]), Flat::Indices(_))
}

/// The bound of the indices, found by asking for the largest one.
fn bound<T: Element>() -> usize {
    let mut rows = [T::ZERO];
    T::set_indices(&mut rows, &[u32::MAX as f32]);
    T::indices(&rows).first().map_or(0, |&largest| largest as usize + 1)
}

/// What a scalar of `T` must be.
pub(super) fn wanted<T: Element>() -> Wanted {
    if is_index::<T>() { Wanted::Index { bound: bound::<T>() } } else { Wanted::FiniteNumber }
}

pub(super) fn set_indices<T: Element>(rows: &mut [T], numbers: Vec<f64>) -> Result<(), Misfit> {
    let values: Vec<f32> = numbers.iter().map(|&number| number as f32).collect();
    T::set_indices(rows, &values);
    let mut pairs = T::indices(rows).iter().zip(numbers).enumerate();
    match pairs.find(|&(_, (&index, number))| f64::from(index) != number) {
        Some((position, (_, value))) => Err(Misfit { position, value, wanted: wanted::<T>() }),
        None => Ok(()),
    }
}

fn set_reals(places: &mut [f32], numbers: impl Iterator<Item = f64>) -> Result<(), Misfit> {
    for (position, (place, number)) in places.iter_mut().zip(numbers).enumerate() {
        *place = number as f32;
        if !place.is_finite() {
            return Err(Misfit { position, value: number, wanted: Wanted::FiniteNumber });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use graven_runtime::index::Index;

    #[test]
    fn reals_are_laid_out_row_by_row() {
        let rows = rows_from_numbers::<[[f32; 2]; 2]>((1..9).map(f64::from)).unwrap();
        assert_eq!(rows, [[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]]);
    }

    #[test]
    fn indices_are_whole_and_bounded() {
        let rows = rows_from_numbers::<Index<3>>([0.0, 2.0, 1.0].into_iter()).unwrap();
        assert_eq!(rows.iter().map(|row| row.get()).collect::<Vec<_>>(), [0, 2, 1]);
        for bad in [3.0, -1.0, 0.5, f64::NAN] {
            let misfit = rows_from_numbers::<Index<3>>([1.0, bad].into_iter()).unwrap_err();
            assert_eq!((misfit.position, misfit.wanted), (1, Wanted::Index { bound: 3 }));
        }
    }

    #[test]
    fn reals_must_be_finite_as_f32() {
        for bad in [f64::NAN, f64::INFINITY, 1e300] {
            assert_eq!(rows_from_numbers::<f32>([0.0, bad].into_iter()).unwrap_err().position, 1);
        }
    }
}
