//! Value types: element kind and shape.

use std::fmt;

/// The kind of an element.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum DType {
    /// A real number, stored in 32 bits.
    F32,
    /// A whole number proven below the bound.
    Index(usize),
    /// True or false.
    Mask,
}

/// A length of `size`, or of `size` times the batch.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, PartialOrd, Ord)]
pub struct Dim {
    /// The number of elements, for one sample if batched.
    pub size: usize,
    /// Whether the length grows with the batch.
    pub batched: bool,
}

impl Dim {
    /// One element a sample: the batch axis of inputs.
    pub const BATCH: Self = Self { size: 1, batched: true };

    /// A length that does not depend on the batch.
    pub const fn fixed(size: usize) -> Self {
        Self { size, batched: false }
    }

    /// The length at a given batch.
    pub const fn at(self, batch: usize) -> usize {
        if self.batched { self.size * batch } else { self.size }
    }

    /// The product of two lengths, of which at most one is batched.
    pub const fn times(self, other: Self) -> Self {
        Self { size: self.size * other.size, batched: self.batched || other.batched }
    }
}

impl fmt::Display for Dim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.batched, self.size) {
            (false, size) => write!(f, "{size}"),
            (true, 1) => write!(f, "B"),
            (true, size) => write!(f, "{size}B"),
        }
    }
}

/// Lengths of the axes; only the first may be batched.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Shape(pub Vec<Dim>);

impl Shape {
    /// The shape of a scalar that is the same for the whole batch.
    pub const fn scalar() -> Self {
        Self(Vec::new())
    }

    /// Fixed lengths.
    pub fn fixed(sizes: &[usize]) -> Self {
        Self(sizes.iter().copied().map(Dim::fixed).collect())
    }

    /// The batch axis followed by fixed lengths.
    pub fn batched(sizes: &[usize]) -> Self {
        Self(std::iter::once(Dim::BATCH).chain(sizes.iter().copied().map(Dim::fixed)).collect())
    }

    /// The number of axes, with the batch.
    pub fn rank(&self) -> usize {
        self.0.len()
    }

    /// Whether the first axis is batched.
    pub fn is_batched(&self) -> bool {
        self.0.first().is_some_and(|dim| dim.batched)
    }

    /// The number of elements.
    pub fn elements(&self) -> Dim {
        self.0.iter().copied().fold(Dim::fixed(1), Dim::times)
    }

    /// The number of elements at a given batch.
    pub fn elements_at(&self, batch: usize) -> usize {
        self.elements().at(batch)
    }

    /// Lengths at a given batch.
    pub fn at(&self, batch: usize) -> Vec<usize> {
        self.0.iter().map(|dim| dim.at(batch)).collect()
    }

    /// The lengths a user wrote: without the batch axis of inputs.
    pub fn written(&self) -> Vec<usize> {
        self.0.iter().filter(|dim| **dim != Dim::BATCH).map(|dim| dim.size).collect()
    }

    /// Elements from one step along each axis to the next, row-major; a stride never depends on the batch.
    pub fn strides(&self) -> Vec<usize> {
        let mut strides = vec![1; self.rank()];
        for axis in (1..self.rank()).rev() {
            strides[axis - 1] = strides[axis] * self.0[axis].size;
        }
        strides
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lengths: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        write!(f, "[{}]", lengths.join(", "))
    }
}

/// Element kind and shape of a value.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Type {
    /// The kind of the elements.
    pub dtype: DType,
    /// The lengths of the axes.
    pub shape: Shape,
}

impl Type {
    /// Real numbers.
    pub const fn f32(shape: Shape) -> Self {
        Self { dtype: DType::F32, shape }
    }

    /// The type as a user writes it, without the batch: `f32[28, 28]`.
    pub fn written(&self) -> String {
        let lengths: Vec<String> = self.shape.written().iter().map(ToString::to_string).collect();
        format!("{}[{}]", self.dtype, lengths.join(", "))
    }
}

impl fmt::Display for DType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::F32 => write!(f, "f32"),
            Self::Index(bound) => write!(f, "index<{bound}>"),
            Self::Mask => write!(f, "mask"),
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.dtype, self.shape)
    }
}
