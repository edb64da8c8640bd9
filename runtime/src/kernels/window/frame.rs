//! A band of an image with zeros where it ends, copied into scratch memory.

use crate::arena::{fill, view, view_mut};
use crate::glue::assign;

/// Rows and columns of an image, outside or not.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    /// The height and width of the image.
    pub size: [usize; 2],
    pub first: [isize; 2],
    pub count: [usize; 2],
    /// Floats of a pixel of the image.
    pub pitch: usize,
    /// Floats of a pixel that are copied.
    pub pixel: usize,
}

impl Frame {
    /// Copies the frame of `image`, which begins at the first float of a pixel that is copied.
    #[inline(always)]
    pub fn copy(self, image: &[f32], to: &mut [f32]) {
        let length = self.count[1] * self.pixel;
        for row in 0..self.count[0] {
            let to = view_mut(to, row * length, length);
            match usize::try_from(self.first[0] + row as isize) {
                Ok(row) if row < self.size[0] => self.line(image, row, to),
                _ => fill(to, 0.0),
            }
        }
    }

    #[inline(always)]
    fn line(self, image: &[f32], row: usize, to: &mut [f32]) {
        let before = usize::try_from(-self.first[1]).unwrap_or(0).min(self.count[1]);
        let first = usize::try_from(self.first[1]).unwrap_or(0);
        let inside = self.size[1].saturating_sub(first).min(self.count[1] - before);
        let from = (row * self.size[1] + first) * self.pitch;
        fill(view_mut(to, 0, before * self.pixel), 0.0);
        let middle = view_mut(to, before * self.pixel, inside * self.pixel);
        if self.pixel == self.pitch {
            assign(view(image, from, inside * self.pixel), middle);
        } else {
            for (number, pixel) in middle.chunks_mut(self.pixel.max(1)).enumerate() {
                assign(view(image, from + number * self.pitch, self.pixel), pixel);
            }
        }
        fill(view_mut(to, (before + inside) * self.pixel, usize::MAX), 0.0);
    }
}
