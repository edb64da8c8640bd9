//! Random changes of images that keep their meaning.

use graven_runtime::sample::Element;
use serde::{Deserialize, Serialize};

use super::Draw;

/// An image: `[[f32; WIDTH]; HEIGHT]`, or `[[[f32; CHANNELS]; WIDTH]; HEIGHT]`.
pub trait Image: Element {
    /// Height, width and channels.
    const SIZE: [usize; 3];
}

impl<const H: usize, const W: usize> Image for [[f32; W]; H] {
    const SIZE: [usize; 3] = [H, W, 1];
}

impl<const H: usize, const W: usize, const C: usize> Image for [[[f32; C]; W]; H] {
    const SIZE: [usize; 3] = [H, W, C];
}

/// Which changes are made, and how often. They follow from what is drawn alone: in a stream from its seed, the epoch and
/// the row.
///
/// ```
/// use graven::Dataset;
/// use graven::data::{Augment, Stream};
///
/// let data: Dataset<[[f32; 8]; 8], f32> = Dataset::new(vec![[[1.0; 8]; 8]; 10], vec![0.0; 10])?;
/// let augment = Augment::new().flip_horizontally(0.5).shift(2).cut_out(3);
/// let stream = Stream::new(data).shuffle(0, 7).map(move |image, _, draw| augment.apply(image, draw));
/// # Ok::<(), graven::DataError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Augment {
    horizontally: f32,
    vertically: f32,
    shift: usize,
    square: usize,
}

impl Augment {
    /// No change.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Mirrors left and right with that probability.
    #[must_use]
    pub fn flip_horizontally(self, probability: f32) -> Self {
        Self { horizontally: probability, ..self }
    }

    /// Mirrors top and bottom with that probability.
    #[must_use]
    pub fn flip_vertically(self, probability: f32) -> Self {
        Self { vertically: probability, ..self }
    }

    /// Moves by up to that many pixels in each direction, with zeros where nothing comes from: the same as to surround the
    /// image with so many zeros and to cut an image of the old size from anywhere in it.
    #[must_use]
    pub fn shift(self, pixels: usize) -> Self {
        Self { shift: pixels, ..self }
    }

    /// Sets a square of that side to zero; its middle is anywhere in the image.
    #[must_use]
    pub fn cut_out(self, side: usize) -> Self {
        Self { square: side, ..self }
    }

    /// Changes an image.
    pub fn apply<I: Image>(&self, image: &mut I, draw: &mut Draw) {
        let pixels = I::reals_mut(std::slice::from_mut(image));
        let size @ [height, width, _] = I::SIZE;
        if pixels.is_empty() {
            return;
        }
        if self.horizontally > 0.0 && draw.chance(self.horizontally) {
            mirror_columns(pixels, size);
        }
        if self.vertically > 0.0 && draw.chance(self.vertically) {
            mirror_rows(pixels, size);
        }
        if self.shift > 0 {
            let mut offset = || draw.below(2 * self.shift + 1) as isize - self.shift as isize;
            let (down, right) = (offset(), offset());
            shift(pixels, size, down, right);
        }
        if self.square > 0 {
            let (row, column) = (draw.below(height), draw.below(width));
            cut_out(pixels, size, [row, column], self.square);
        }
    }
}

fn mirror_columns(pixels: &mut [f32], [_, width, channels]: [usize; 3]) {
    for row in pixels.chunks_exact_mut(width * channels) {
        for column in 0..width / 2 {
            let (left, right) = (column * channels, (width - 1 - column) * channels);
            (0..channels).for_each(|channel| row.swap(left + channel, right + channel));
        }
    }
}

fn mirror_rows(pixels: &mut [f32], [height, width, channels]: [usize; 3]) {
    let row = width * channels;
    for upper in 0..height / 2 {
        let lower = height - 1 - upper;
        (0..row).for_each(|place| pixels.swap(upper * row + place, lower * row + place));
    }
}

/// Rows are visited in the order in which none is overwritten before it is read.
fn shift(pixels: &mut [f32], [height, width, channels]: [usize; 3], down: isize, right: isize) {
    let row = width * channels;
    let moved = right.unsigned_abs().min(width) * channels;
    let (from, to) = if right >= 0 { (0, moved) } else { (moved, 0) };
    let empty = if right >= 0 { 0..moved } else { row - moved..row };
    let mut fill = |target: usize| {
        let place = target * row;
        match target.checked_add_signed(-down).filter(|&source| source < height) {
            Some(source) => {
                let start = source * row + from;
                pixels.copy_within(start..start + row - moved, place + to);
                pixels[place + empty.start..place + empty.end].fill(0.0);
            }
            None => pixels[place..place + row].fill(0.0),
        }
    };
    if down > 0 { (0..height).rev().for_each(&mut fill) } else { (0..height).for_each(&mut fill) }
}

fn cut_out(pixels: &mut [f32], [height, width, channels]: [usize; 3], middle: [usize; 2], side: usize) {
    let span = |middle: usize, end: usize| {
        let start = middle.saturating_sub(side / 2);
        start..(middle + side.div_ceil(2)).min(end)
    };
    let columns = span(middle[1], width);
    for row in span(middle[0], height) {
        let place = row * width;
        pixels[(place + columns.start) * channels..(place + columns.end) * channels].fill(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image() -> [[[f32; 2]; 3]; 3] {
        std::array::from_fn(|row| {
            std::array::from_fn(|column| [(10 * row + column) as f32 + 1.0, -((10 * row + column) as f32) - 1.0])
        })
    }

    /// The first channel; the second must be its negative.
    fn first(image: [[[f32; 2]; 3]; 3]) -> [[f32; 3]; 3] {
        image.map(|row| {
            row.map(|[first, second]| {
                assert_eq!(first, -second);
                first
            })
        })
    }

    fn changed(change: impl FnOnce(&mut [f32], [usize; 3])) -> [[f32; 3]; 3] {
        let mut image = image();
        change(image.as_flattened_mut().as_flattened_mut(), [3, 3, 2]);
        first(image)
    }

    #[test]
    fn mirrors_are_their_own_inverse() {
        assert_eq!(changed(mirror_columns)[1], [13.0, 12.0, 11.0]);
        assert_eq!(changed(mirror_rows), [[21.0, 22.0, 23.0], [11.0, 12.0, 13.0], [1.0, 2.0, 3.0]]);
        for mirror in [mirror_columns, mirror_rows] {
            assert_eq!(changed(|pixels, size| (mirror(pixels, size), mirror(pixels, size)).0), first(image()));
        }
    }

    #[test]
    fn shifts_fill_with_zeros() {
        let original = first(image());
        for down in -4isize..=4 {
            for right in -4isize..=4 {
                let shifted = changed(|pixels, size| shift(pixels, size, down, right));
                for (row, values) in shifted.iter().enumerate() {
                    for (column, &value) in values.iter().enumerate() {
                        let source = (row as isize - down, column as isize - right);
                        let inside = (0..3).contains(&source.0) && (0..3).contains(&source.1);
                        let expected = if inside { original[source.0 as usize][source.1 as usize] } else { 0.0 };
                        assert_eq!(value, expected, "{down} {right} at {row} {column}");
                    }
                }
            }
        }
    }

    #[test]
    fn squares_are_cut_at_the_border() {
        let corner = changed(|pixels, size| cut_out(pixels, size, [0, 2], 3));
        assert_eq!(corner, [[1.0, 0.0, 0.0], [11.0, 0.0, 0.0], [21.0, 22.0, 23.0]]);
        let point = changed(|pixels, size| cut_out(pixels, size, [1, 1], 1));
        assert_eq!(point.as_flattened().iter().filter(|&&value| value == 0.0).count(), 1);
        assert_eq!(changed(|pixels, size| cut_out(pixels, size, [1, 1], 99)), [[0.0; 3]; 3]);
    }

    #[test]
    fn the_draw_decides() {
        let augment = Augment::new().flip_horizontally(0.5).flip_vertically(0.5).shift(1).cut_out(1);
        let of = |row| {
            let mut image = image();
            augment.apply(&mut image, &mut Draw::new(1, 1, row));
            image
        };
        assert_eq!(of(3), of(3));
        let different: std::collections::BTreeSet<String> = (0..20).map(|row| format!("{:?}", of(row))).collect();
        assert!(different.len() > 10);
        let mut image = image();
        Augment::new().apply(&mut image, &mut Draw::new(1, 1, 1));
        assert_eq!(first(image), first(self::image()));
    }
}
