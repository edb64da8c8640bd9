//! A band of an image with zeros where it ends, copied into scratch memory.

use crate::arena::{fill, get, view, view_mut};
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
        self.copy_with(image, to, assign);
    }

    /// Copies as [`Frame::copy`] does, whole pixels, each with `copy`.
    #[inline(always)]
    pub fn copy_with(self, image: &[f32], to: &mut [f32], copy: impl Fn(&[f32], &mut [f32]) + Copy) {
        let length = self.count[1] * self.pixel;
        for row in 0..self.count[0] {
            let to = view_mut(to, row * length, length);
            match usize::try_from(self.first[0] + row as isize) {
                Ok(row) if row < self.size[0] => self.line(image, row, to, copy),
                _ => fill(to, 0.0),
            }
        }
    }

    #[inline(always)]
    fn line(self, image: &[f32], row: usize, to: &mut [f32], copy: impl Fn(&[f32], &mut [f32])) {
        let before = usize::try_from(-self.first[1]).unwrap_or(0).min(self.count[1]);
        let first = usize::try_from(self.first[1]).unwrap_or(0);
        let inside = self.size[1].saturating_sub(first).min(self.count[1] - before);
        let from = (row * self.size[1] + first) * self.pitch;
        fill(view_mut(to, 0, before * self.pixel), 0.0);
        let middle = view_mut(to, before * self.pixel, inside * self.pixel);
        if self.pixel == self.pitch {
            copy(view(image, from, inside * self.pixel), middle);
        } else {
            for (number, pixel) in middle.chunks_mut(self.pixel.max(1)).enumerate() {
                copy(view(image, from + number * self.pitch, self.pixel), pixel);
            }
        }
        fill(view_mut(to, (before + inside) * self.pixel, usize::MAX), 0.0);
    }
}

/// Copies floats of pixels of `channels` times `multiplier`: first every `multiplier`th of a pixel, then those behind them.
#[inline(always)]
pub(super) fn separate(from: &[f32], channels: usize, multiplier: usize, to: &mut [f32]) {
    let pixel = (channels * multiplier).max(1);
    for (from, to) in from.chunks(pixel).zip(to.chunks_mut(pixel)) {
        for (layer, to) in to.chunks_mut(channels.max(1)).enumerate() {
            for (from, place) in from.chunks(multiplier.max(1)).zip(to) {
                *place = get(from, layer);
            }
        }
    }
}

/// Writes `length` floats at `at`, each of `from` as often as the multiplier says.
#[inline(always)]
pub(super) fn repeat(from: &[f32], multiplier: usize, length: usize, at: usize, to: &mut [f32]) {
    for (places, value) in view_mut(to, at, length).chunks_mut(multiplier.max(1)).zip(from) {
        fill(places, *value);
    }
}
