//! Strided copies, for movement that no reader or writer could take into its addressing.

/// One axis of a copy; strides count elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis {
    /// Elements along the axis.
    pub length: usize,
    /// Stride in the source; negative runs backwards, zero repeats.
    pub from: isize,
    /// Stride in the destination.
    pub to: usize,
}

/// Copies the element at every position of `axes`, the last axis fastest; positions outside either slice are left out.
#[inline(always)]
pub fn copy<const RANK: usize>(from: &[f32], from_offset: usize, to: &mut [f32], to_offset: usize, axes: [Axis; RANK]) {
    walk(from, from_offset as isize, to, to_offset, &axes);
}

#[inline(never)]
fn walk(from: &[f32], from_offset: isize, to: &mut [f32], to_offset: usize, axes: &[Axis]) {
    match axes {
        [] => copy_one(from, from_offset, to, to_offset),
        [last] => copy_line(from, from_offset, to, to_offset, *last),
        [axis, inner @ ..] => {
            let (mut read, mut write) = (from_offset, to_offset);
            for _ in 0..axis.length {
                walk(from, read, to, write, inner);
                read = read.wrapping_add(axis.from);
                write = write.wrapping_add(axis.to);
            }
        }
    }
}

fn copy_line(from: &[f32], from_offset: isize, to: &mut [f32], to_offset: usize, axis: Axis) {
    if axis.to == 1 && axis.from == 1 && copy_run(from, from_offset, to, to_offset, axis.length) {
        return;
    }
    let (mut read, mut write) = (from_offset, to_offset);
    for _ in 0..axis.length {
        copy_one(from, read, to, write);
        read = read.wrapping_add(axis.from);
        write = write.wrapping_add(axis.to);
    }
}

/// Copies a contiguous line that lies wholly inside; says whether it did.
fn copy_run(from: &[f32], from_offset: isize, to: &mut [f32], to_offset: usize, length: usize) -> bool {
    let source = usize::try_from(from_offset).ok().and_then(|start| from.get(start..start.checked_add(length)?));
    let target = to_offset.checked_add(length).and_then(|end| to.get_mut(to_offset..end));
    let (Some(source), Some(target)) = (source, target) else { return false };
    for (place, &value) in target.iter_mut().zip(source) {
        *place = value;
    }
    true
}

#[inline(always)]
fn copy_one(from: &[f32], read: isize, to: &mut [f32], write: usize) {
    if let (Some(&value), Some(place)) = (from.get(read as usize), to.get_mut(write)) {
        *place = value;
    }
}

/// Indices as real numbers, exact below 2^24.
#[inline(always)]
pub fn reals_from_indices(from: &[u32], to: &mut [f32]) {
    for (place, &index) in to.iter_mut().zip(from) {
        *place = index as f32;
    }
}
