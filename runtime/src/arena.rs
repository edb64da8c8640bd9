//! Cuts memory into buffers, rows and scalars; whatever does not fit is clamped, nothing panics.

/// Takes disjoint buffers from one memory, in the order of their offsets.
#[derive(Debug)]
pub struct Cut<'a> {
    rest: &'a mut [f32],
    position: usize,
}

impl<'a> Cut<'a> {
    /// Starts at the front of `memory`.
    #[inline(always)]
    #[must_use]
    pub fn new(memory: &'a mut [f32]) -> Self {
        Self { rest: memory, position: 0 }
    }

    /// The buffer at `offset`, counted from the front of the memory; offsets ascend from one call to the next.
    #[inline(always)]
    pub fn take(&mut self, offset: usize, length: usize) -> &'a mut [f32] {
        let rest = core::mem::take(&mut self.rest);
        let (_, rest) = split_mut(rest, offset.saturating_sub(self.position));
        let (buffer, rest) = split_mut(rest, length);
        self.rest = rest;
        self.position = offset.saturating_add(length);
        buffer
    }
}

/// A memory of buffers whose offsets and lengths are counted in `rows` scalars.
#[derive(Debug)]
pub struct Arena<'a> {
    memory: &'a mut [f32],
    rows: usize,
}

impl<'a> Arena<'a> {
    /// The arena in `memory`.
    #[inline(always)]
    #[must_use]
    pub fn new(memory: &'a mut [f32], rows: usize) -> Self {
        Self { memory, rows }
    }

    /// One buffer.
    #[inline(always)]
    #[must_use]
    pub fn at(&mut self, offset: usize, length: usize) -> &mut [f32] {
        view_mut(self.memory, offset.saturating_mul(self.rows), length.saturating_mul(self.rows))
    }

    /// Disjoint buffers, each by offset and length; offsets ascend.
    #[inline(always)]
    #[must_use]
    pub fn cut<const N: usize>(&mut self, places: [(usize, usize); N]) -> [&mut [f32]; N] {
        let mut cut = Cut::new(self.memory);
        let rows = self.rows;
        places.map(|(offset, length)| cut.take(offset.saturating_mul(rows), length.saturating_mul(rows)))
    }

    /// The first scalar of a buffer; zero when it is out of range.
    #[inline(always)]
    #[must_use]
    pub fn get(&self, offset: usize) -> f32 {
        get(self.memory, offset.saturating_mul(self.rows))
    }
}

#[inline(always)]
fn split_mut(memory: &mut [f32], at: usize) -> (&mut [f32], &mut [f32]) {
    let at = at.min(memory.len());
    memory.split_at_mut_checked(at).unwrap_or_default()
}

/// `length` scalars from `offset` on, fewer at the end of memory.
#[inline(always)]
#[must_use]
pub fn view(memory: &[f32], offset: usize, length: usize) -> &[f32] {
    let rest = tail(memory, offset);
    rest.get(..length).unwrap_or(rest)
}

/// Everything from `offset` on.
#[inline(always)]
#[must_use]
pub fn tail(memory: &[f32], offset: usize) -> &[f32] {
    memory.get(offset..).unwrap_or_default()
}

/// Everything from `offset` on.
#[inline(always)]
#[must_use]
pub fn tail_mut(memory: &mut [f32], offset: usize) -> &mut [f32] {
    split_mut(memory, offset).1
}

/// `length` scalars from `offset` on, fewer at the end of memory.
#[inline(always)]
#[must_use]
pub fn view_mut(memory: &mut [f32], offset: usize, length: usize) -> &mut [f32] {
    split_mut(split_mut(memory, offset).1, length).0
}

/// The row of `W` scalars at `at`; zeros when it is out of range.
#[inline(always)]
#[must_use]
pub fn row<const W: usize>(memory: &[f32], at: usize) -> &[f32; W] {
    tail(memory, at).first_chunk().unwrap_or(const { &[0.0; W] })
}

/// The row of `W` scalars at `at`.
#[inline(always)]
#[must_use]
pub fn row_mut<const W: usize>(memory: &mut [f32], at: usize) -> Option<&mut [f32; W]> {
    memory.get_mut(at..)?.first_chunk_mut()
}

/// The scalar at `at`; zero when it is out of range.
#[inline(always)]
#[must_use]
pub fn get(memory: &[f32], at: usize) -> f32 {
    memory.get(at).copied().unwrap_or(0.0)
}

/// Writes the scalar at `at`, if there is one.
#[inline(always)]
pub fn put(memory: &mut [f32], at: usize, value: f32) {
    if let Some(place) = memory.get_mut(at) {
        *place = value;
    }
}

/// Sets every scalar to `value`.
#[inline(always)]
pub fn fill(memory: &mut [f32], value: f32) {
    memory.fill(value);
}
