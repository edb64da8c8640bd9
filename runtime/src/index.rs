//! Integers proven below a bound.

/// An integer below `N`, checked once when it is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct Index<const N: usize>(u32);

/// An integer that is not below the bound of its [`Index`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexError {
    /// Position in the slice given, 0 for a single value.
    pub position: usize,
    /// The integer given.
    pub value: usize,
    /// The bound it must stay below.
    pub bound: usize,
}

impl core::fmt::Display for IndexError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "index {} at position {} is not below {}", self.value, self.position, self.bound)
    }
}

impl core::error::Error for IndexError {}

impl<const N: usize> Index<N> {
    /// The index zero.
    pub const ZERO: Self = Self(0);

    /// An index from an integer.
    ///
    /// # Errors
    /// The integer is `N` or more.
    pub const fn new(value: usize) -> Result<Self, IndexError> {
        if value < N && value <= u32::MAX as usize {
            Ok(Self(value as u32))
        } else {
            Err(IndexError { position: 0, value, bound: N })
        }
    }

    /// Views a slice of integers as indices, without copying.
    ///
    /// # Errors
    /// The first integer that is `N` or more.
    pub fn from_slice(values: &[u32]) -> Result<&[Self], IndexError> {
        match values.iter().position(|&value| value as usize >= N) {
            Some(position) => Err(IndexError { position, value: values[position] as usize, bound: N }),
            // SAFETY: `Index` is a transparent `u32`, and every value is below `N`.
            None => Ok(unsafe { core::slice::from_raw_parts(values.as_ptr().cast(), values.len()) }),
        }
    }

    /// The integer.
    #[must_use]
    pub const fn get(self) -> usize {
        self.0 as usize
    }

    /// An index from an integer, the largest index when it is too large.
    #[inline]
    pub(crate) const fn saturating(value: u32) -> Self {
        let largest = N.saturating_sub(1);
        if (value as usize) < largest { Self(value) } else { Self(largest as u32) }
    }

    /// Views indices as integers.
    #[must_use]
    #[inline]
    pub const fn as_u32s(indices: &[Self]) -> &[u32] {
        // SAFETY: `Index` is a transparent `u32`.
        unsafe { core::slice::from_raw_parts(indices.as_ptr().cast(), indices.len()) }
    }
}

impl<const N: usize> From<Index<N>> for usize {
    fn from(index: Index<N>) -> Self {
        index.get()
    }
}
