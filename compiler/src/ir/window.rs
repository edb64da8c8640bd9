//! Windows that slide over images `[batch, height, width, channels]`: convolution, pooling, and their adjoints.

use super::types::{Dim, Shape};

/// How a window slides along height and width.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Geometry {
    /// Height and width of the images.
    pub input: [usize; 2],
    /// Elements of the window.
    pub size: [usize; 2],
    /// From one window to the next.
    pub stride: [usize; 2],
    /// From one element of the window to the next.
    pub dilation: [usize; 2],
    /// Elements before the image.
    pub low: [usize; 2],
    /// Elements behind the image.
    pub high: [usize; 2],
}

impl Geometry {
    /// What a window covers along an axis.
    pub const fn extent(&self, axis: usize) -> usize {
        (self.size[axis] - 1) * self.dilation[axis] + 1
    }

    /// The image with its padding.
    pub const fn padded(&self, axis: usize) -> usize {
        self.low[axis] + self.input[axis] + self.high[axis]
    }

    /// Height and width of the result; zero where no window fits.
    pub fn output(&self) -> [usize; 2] {
        std::array::from_fn(|axis| match self.padded(axis).checked_sub(self.extent(axis)) {
            Some(rest) => rest / self.stride[axis] + 1,
            None => 0,
        })
    }

    /// Elements of the window.
    pub const fn taps(&self) -> usize {
        self.size[0] * self.size[1]
    }

    /// Whether each window is one pixel and each pixel one window.
    pub fn is_pointwise(&self) -> bool {
        [self.size, self.stride] == [[1; 2]; 2] && [self.low, self.high] == [[0; 2]; 2]
    }

    /// The images that windows lie on, with the batch and channels of the results.
    pub fn images(&self, results: &Shape, channels: usize) -> Shape {
        with_sizes(results, self.input, channels)
    }

    /// The results of windows, with the batch of the images.
    pub fn results(&self, images: &Shape, channels: usize) -> Shape {
        with_sizes(images, self.output(), channels)
    }

    /// The position in the image, if it is inside, of an element of a window.
    pub fn place(&self, axis: usize, window: usize, element: usize) -> Option<usize> {
        let padded = window * self.stride[axis] + element * self.dilation[axis];
        padded.checked_sub(self.low[axis]).filter(|place| *place < self.input[axis])
    }
}

fn with_sizes(images: &Shape, sizes: [usize; 2], channels: usize) -> Shape {
    let batch = images.0.first().copied().unwrap_or(Dim::fixed(1));
    Shape([batch].into_iter().chain([sizes[0], sizes[1], channels].map(Dim::fixed)).collect())
}

/// An operator over windows.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Window {
    /// Where the windows lie.
    pub geometry: Geometry,
    /// What is done with each.
    pub kind: WindowKind,
}

/// What is done with each window. Filters are `[out, in/groups, height, width]`, as in PyTorch's files.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum WindowKind {
    /// Of images and filters: products summed over a window and the channels of a group; padding is zero.
    Convolution {
        /// Equal parts of the channels, convolved each for itself.
        groups: usize,
    },
    /// Of cotangents of the results and filters: the cotangents of the images.
    ConvolutionByInput {
        /// As of the convolution.
        groups: usize,
    },
    /// Of images and cotangents of the results: the cotangents of the filters.
    ConvolutionByFilter {
        /// As of the convolution.
        groups: usize,
    },
    /// Of images: the sum of each window.
    Sum,
    /// Of cotangents of sums: the cotangents of the images.
    SumByInput,
    /// Of images: the largest of each window, padding aside; NaN if any is.
    Max,
    /// Of images and cotangents of their largest: the cotangents of the images; that of a window goes to its first
    /// largest element, row by row.
    MaxByInput,
    /// Of images and others of their shape: what the others have where each window of the images is first largest.
    MaxAt,
}

impl WindowKind {
    /// Equal parts of the channels, of which no two meet; one where channels never do.
    pub const fn groups(self) -> usize {
        match self {
            Self::Convolution { groups }
            | Self::ConvolutionByInput { groups }
            | Self::ConvolutionByFilter { groups } => groups,
            Self::Sum | Self::SumByInput | Self::Max | Self::MaxByInput | Self::MaxAt => 1,
        }
    }

    /// Whether there are two operands.
    pub const fn takes_two(self) -> bool {
        !matches!(self, Self::Sum | Self::SumByInput | Self::Max)
    }

    /// Whether the second operand is filters.
    pub const fn takes_filters(self) -> bool {
        matches!(self, Self::Convolution { .. } | Self::ConvolutionByInput { .. })
    }

    /// Whether windows read images with zeros around them, rather than leave out what lies outside.
    pub const fn reads_padding(self) -> bool {
        matches!(self, Self::Convolution { .. } | Self::ConvolutionByFilter { .. })
    }

    /// Whether the first operand is images, rather than results.
    pub const fn reads_images(self) -> bool {
        !matches!(self, Self::ConvolutionByInput { .. } | Self::SumByInput)
    }

    /// Whether the result is filters.
    pub const fn gives_filters(self) -> bool {
        matches!(self, Self::ConvolutionByFilter { .. })
    }

    /// Whether the result is images.
    pub const fn gives_images(self) -> bool {
        matches!(self, Self::ConvolutionByInput { .. } | Self::SumByInput | Self::MaxByInput)
    }
}
