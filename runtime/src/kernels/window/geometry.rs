//! The shape of a window operator, and what follows from it.

use super::channels::packed_floats;
use super::phase::Axis;
use crate::tensors::PANEL;

/// Floats of a band of padded rows that stays in a near cache, where a row is not longer.
const BAND: usize = 65_536;

/// A window that moves over images, in pixels; lengths of two are of height and width.
///
/// Every length, step and number is at least one, and the last window ends inside the padded image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    /// Rows of pixels from one image to the next in memory.
    pub height: usize,
    /// Pixels from one row to the next in memory.
    pub width: usize,
    /// Channels of the input, of all groups; also the floats from one pixel to the next.
    pub channels: usize,
    /// The image without its border.
    pub size: [usize; 2],
    /// Rows above and columns left of the image where the first window begins.
    pub padding: [usize; 2],
    /// Taps.
    pub kernel: [usize; 2],
    /// From one window to the next.
    pub stride: [usize; 2],
    /// From one tap to the next.
    pub dilation: [usize; 2],
    /// Windows.
    pub output: [usize; 2],
    /// Channels of the result, of all groups.
    pub filters: usize,
    /// Groups of channels that know nothing of each other.
    pub groups: usize,
}

/// A type that stands for a window, so that each distinct window has kernels of its own.
pub trait Windowed {
    /// The window.
    const WINDOW: Window;
}

impl Window {
    /// Floats from one image to the next.
    pub(super) const fn image(self) -> usize {
        self.height * self.row()
    }

    /// Floats from one row of pixels to the next.
    pub(super) const fn row(self) -> usize {
        self.width * self.channels
    }

    /// Floats from the first pixel of one window to that of the next, down and across.
    pub(super) const fn steps(self) -> [usize; 2] {
        [self.stride[0] * self.row(), self.stride[1] * self.channels]
    }

    /// Taps of a window.
    pub(super) const fn taps(self) -> usize {
        self.kernel[0] * self.kernel[1]
    }

    /// Channels and filters of a group.
    pub(super) const fn group(self) -> [usize; 2] {
        [self.channels / self.groups, self.filters / self.groups]
    }

    /// Rows of the weight matrix of a group.
    pub(super) const fn depth(self) -> usize {
        self.taps() * self.group()[0]
    }

    /// Filters that read a channel of a depthwise convolution.
    pub(super) const fn multiplier(self) -> usize {
        self.filters / self.channels
    }

    /// One direction: 0 is down, 1 is across.
    pub(super) const fn axis(self, number: usize) -> Axis {
        Axis {
            size: self.size[number],
            padding: self.padding[number],
            kernel: self.kernel[number],
            stride: self.stride[number],
            dilation: self.dilation[number],
            output: self.output[number],
        }
    }

    /// Pixels of a row of cotangents with zeros around.
    pub(super) const fn columns(self) -> usize {
        self.axis(1).sources(0, self.size[1])
    }

    /// Floats of a band of cotangents with zeros around, of `pixel` floats a pixel: as many rows as stay near.
    const fn cotangents(self, pixel: usize) -> usize {
        let (down, row) = (self.axis(0), self.columns() * pixel);
        let (least, all) = (down.sources_of(1), down.sources(0, self.size[0]));
        let near = match BAND.checked_div(row) {
            Some(rows) => rows,
            None => 0,
        };
        let rows = if near > least { near } else { least };
        (if rows < all { rows } else { all }) * row
    }

    /// Floats of scratch memory of [`convolution_input_gradient`](super::convolution_input_gradient).
    #[must_use]
    pub const fn input_gradient_scratch(self) -> usize {
        let [channels, filters] = self.group();
        let width = if channels < PANEL { channels } else { PANEL };
        self.taps() * filters * width + self.cotangents(filters)
    }

    /// Floats of scratch memory of [`depthwise_input_gradient`](super::depthwise_input_gradient).
    #[must_use]
    pub const fn depthwise_input_gradient_scratch(self) -> usize {
        packed_floats(self.taps(), self.channels, self.multiplier()) + self.cotangents(self.filters)
    }
}
