//! Zeros around images, so that windows read what lies beyond the edge without looking for it.

use crate::arena::{fill, view_mut};

/// Images in memory with a border around each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bordered {
    /// Height, width and channels without the border.
    pub image: [usize; 3],
    /// Rows of pixels above and pixels to the left.
    pub low: [usize; 2],
    /// Rows of pixels below and pixels to the right.
    pub high: [usize; 2],
}

/// Sets the border of each of `rows` images to zero; the images stay.
#[inline(never)]
pub fn border(to: &mut [f32], rows: usize, bordered: Bordered) {
    let Bordered { image: [height, width, channels], low: [top, left], high: [bottom, right] } = bordered;
    let pitch = (left + width + right) * channels;
    // from the last pixel of a row to the first of the next there is no gap
    let between = (right + left) * channels;
    for row in 0..rows {
        let start = row * (top + height + bottom) * pitch;
        let first = top * pitch + left * channels;
        fill(view_mut(to, start, first), 0.0);
        for line in 1..height {
            fill(view_mut(to, start + first + line * pitch - between, between), 0.0);
        }
        let last = first + height.saturating_sub(1) * pitch + width * channels;
        fill(view_mut(to, start + last, bottom * pitch + right * channels), 0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_around_images_is_zero_and_they_stay() {
        for (low, high) in [([1, 2], [3, 1]), ([0, 0], [1, 1]), ([2, 0], [0, 0]), ([0, 1], [0, 1])] {
            let bordered = Bordered { image: [3, 2, 2], low, high };
            let (height, width) = (low[0] + 3 + high[0], low[1] + 2 + high[1]);
            let mut memory = [7.0; 600];
            let images = 2 * height * width * 2;
            border(&mut memory, 2, bordered);
            for (place, value) in memory.iter().enumerate() {
                let (row, column) = (place / 2 / width % height, place / 2 % width);
                let inside = (low[0]..low[0] + 3).contains(&row) && (low[1]..low[1] + 2).contains(&column);
                let expected = if place < images && !inside { 0.0 } else { 7.0 };
                assert_eq!(*value, expected, "{bordered:?} at {place}");
            }
        }
    }
}
