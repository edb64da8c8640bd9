//! Windows as kernels do them: where the image lies in its buffer, and the order of filters in memory.

use graven_runtime::tensors::{Layout, PANEL};

use crate::ir::Dim;
use crate::ir::window::{Geometry, Window, WindowKind};
use crate::plan::kernel::CopyAxis;

/// An operator over windows as a kernel does it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct WindowForm {
    /// Images.
    pub rows: Dim,
    /// What is done.
    pub window: Window,
    /// Channels of the images.
    pub channels: usize,
    /// Channels of the results.
    pub filters: usize,
    /// Rows of pixels from one image to the next, and pixels from one row to the next, where the images lie.
    pub pitch: [usize; 2],
    /// Rows of pixels and pixels before the image where it lies.
    pub border: [usize; 2],
}

impl WindowForm {
    /// How the image lies in its buffer.
    pub fn lying(self, pitch: [usize; 2], border: [usize; 2]) -> Self {
        Self { pitch, border, ..self }
    }

    /// The filters, if there are any.
    pub fn order(self) -> Option<Filters> {
        let kind = self.window.kind;
        let (groups, taps) = (kind.groups(), self.window.geometry.taps());
        let filters = Filters { groups, own: self.channels / groups, taps, filters: self.filters };
        (kind.takes_filters() || kind.gives_filters()).then_some(filters)
    }

    /// The runtime's kernel, and how many floats of scratch memory it takes, if it takes any.
    pub fn kernel(self) -> (&'static str, Option<usize>) {
        let window = self.window();
        match (self.window.kind, self.order().is_some_and(Filters::is_depthwise)) {
            (WindowKind::Convolution { .. }, false) => ("convolution", None),
            (WindowKind::Convolution { .. }, true) => ("depthwise", Some(window.depthwise_scratch())),
            (WindowKind::ConvolutionByInput { .. }, false) => {
                ("convolution_input_gradient", Some(window.input_gradient_scratch()))
            }
            (WindowKind::ConvolutionByInput { .. }, true) => {
                ("depthwise_input_gradient", Some(window.depthwise_input_gradient_scratch()))
            }
            (WindowKind::ConvolutionByFilter { .. }, false) => {
                ("convolution_weight_gradient", Some(window.weight_gradient_scratch()))
            }
            (WindowKind::ConvolutionByFilter { .. }, true) => {
                ("depthwise_weight_gradient", Some(window.depthwise_weight_gradient_scratch()))
            }
            (WindowKind::Sum, _) => ("sum_pool", None),
            (WindowKind::SumByInput, _) => ("sum_pool_gradient", None),
            (WindowKind::Max, _) => ("max_pool", None),
            (WindowKind::MaxByInput, _) => ("max_pool_gradient", Some(window.max_pool_gradient_scratch())),
            (WindowKind::MaxAt, _) => ("max_pool_at", None),
        }
    }

    /// The window as the runtime knows it.
    pub fn window(self) -> graven_runtime::Window {
        let geometry = &self.window.geometry;
        graven_runtime::Window {
            height: self.pitch[0],
            width: self.pitch[1],
            channels: self.channels,
            size: geometry.input,
            padding: geometry.low,
            kernel: geometry.size,
            stride: geometry.stride,
            dilation: geometry.dilation,
            output: geometry.output(),
            filters: self.filters,
            groups: self.order().map_or(self.channels, |order| order.groups),
        }
    }

    /// Where the first window, or for pools the first pixel, lies in the buffer of the images.
    pub fn start(self) -> usize {
        let low = if self.window.kind.reads_padding() { self.window.geometry.low } else { [0; 2] };
        let pixels = (self.border[0] - low[0]) * self.pitch[1] + self.border[1] - low[1];
        pixels * self.channels
    }

    /// Height, width and channels of the result, if it is one of pixels.
    pub fn result(self) -> Option<[usize; 3]> {
        let Geometry { input, .. } = self.window.geometry;
        let [height, width] = self.window.geometry.output();
        match self.window.kind {
            kind if kind.gives_filters() => None,
            kind if kind.gives_images() => Some([input[0], input[1], self.channels]),
            _ => Some([height, width, self.filters]),
        }
    }

    /// Rows and columns of the epilogue.
    pub fn rows_and_width(self) -> (Dim, usize) {
        match (self.result(), self.order()) {
            (Some([height, width, channels]), _) => (self.rows.times(Dim::fixed(height * width)), channels),
            (None, order) => (Dim::fixed(1), order.map_or(0, Filters::len)),
        }
    }
}

/// Filters in the order in which kernels read them: of each group a matrix in panels, whose rows are the taps and the
/// channels of each; or, if each channel is a group, a row of all filters for each tap.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Filters {
    /// Equal parts of the channels.
    pub groups: usize,
    /// Channels of a group.
    pub own: usize,
    /// Elements of a window.
    pub taps: usize,
    /// All filters.
    pub filters: usize,
}

impl Filters {
    /// The number of scalars.
    pub const fn len(self) -> usize {
        self.filters * self.own * self.taps
    }

    /// Whether there are no scalars.
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Whether each channel is a group.
    pub const fn is_depthwise(self) -> bool {
        self.groups > 1 && self.own == 1
    }

    /// The place of a scalar at its row-major index in `[filters, own, taps]`.
    pub const fn place(self, index: usize) -> usize {
        let Self { groups, own, taps, filters } = self;
        Layout::Filters { groups, own, taps, filters }.place(index)
    }

    /// Copies that bring filters from row-major order into this one: offsets of both, and their loops.
    pub fn copies(self) -> Vec<([usize; 2], Vec<CopyAxis>)> {
        let axis =
            |length: usize, from: usize, to: usize| CopyAxis { length: Dim::fixed(length), from: from as isize, to };
        let of_filter = self.own * self.taps;
        if self.is_depthwise() {
            return vec![([0; 2], vec![axis(self.taps, 1, self.filters), axis(self.filters, of_filter, 1)])];
        }
        let width = self.filters / self.groups;
        let mut copies = Vec::new();
        for group in 0..self.groups {
            let start = group * width * of_filter;
            let (whole, rest) = (width / PANEL, width % PANEL);
            let inner = |panel: usize| {
                [axis(self.taps, 1, self.own * panel), axis(self.own, self.taps, panel), axis(panel, of_filter, 1)]
            };
            if whole > 0 {
                let panels = axis(whole, PANEL * of_filter, PANEL * of_filter);
                copies.push(([start; 2], [&[panels][..], &inner(PANEL)].concat()));
            }
            if rest > 0 {
                let first = start + whole * PANEL * of_filter;
                copies.push(([first; 2], inner(rest).to_vec()));
            }
        }
        copies
    }
}

/// A buffer of images with a border around each.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Bordered {
    /// Height, width and channels without the border.
    pub image: [usize; 3],
    /// Rows of pixels above and pixels to the left.
    pub low: [usize; 2],
    /// Rows of pixels below and pixels to the right.
    pub high: [usize; 2],
}

impl Bordered {
    /// What windows need around images of these channels.
    pub fn of(geometry: &Geometry, channels: usize) -> Self {
        let [height, width] = geometry.input;
        Self { image: [height, width, channels], low: geometry.low, high: geometry.high }
    }

    /// Rows of pixels and pixels of a row, with the border.
    pub fn pitch(&self) -> [usize; 2] {
        [0, 1].map(|axis| self.low[axis] + self.image[axis] + self.high[axis])
    }

    /// Elements of an image with its border.
    pub fn len(&self) -> usize {
        let [height, width] = self.pitch();
        height * width * self.image[2]
    }

    /// Whether there are no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether there is no border.
    pub fn is_bare(&self) -> bool {
        [self.low, self.high] == [[0; 2]; 2]
    }

    /// Where the first pixel lies.
    pub fn offset(&self) -> usize {
        (self.low[0] * self.pitch()[1] + self.low[1]) * self.image[2]
    }

    /// Elements from one image, row of pixels, pixel and channel to the next.
    pub fn strides(&self) -> [usize; 4] {
        [self.len(), self.pitch()[1] * self.image[2], self.image[2], 1]
    }

    /// A border that is at least as wide as both.
    pub fn joined(self, other: Self) -> Self {
        let widest = |a: [usize; 2], b: [usize; 2]| [a[0].max(b[0]), a[1].max(b[1])];
        Self { low: widest(self.low, other.low), high: widest(self.high, other.high), ..self }
    }

    /// Whether the border is wide enough for another.
    pub fn covers(&self, other: &Self) -> bool {
        self.image == other.image
            && (0..2).all(|axis| self.low[axis] >= other.low[axis] && self.high[axis] >= other.high[axis])
    }
}
