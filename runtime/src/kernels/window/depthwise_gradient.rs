//! The gradient of the input of a depthwise convolution: for each phase of the stride a depthwise convolution over the
//! cotangents, with zeros around them, by the taps in reverse.

use fearless_simd::Simd;

use super::super::Epilogue;
use super::super::tile::Place;
use super::channels::{ChannelGrid, Channels, pack};
use super::frame::{Frame, separate};
use super::geometry::{Window, Windowed};
use super::input_gradient::Part;
use super::phase::Phase;
use crate::arena::tail;
use crate::lanes::LANES;

/// The cotangents `dy` of shape `[rows, height, width, filters]` times the weights of [`depthwise`](super::depthwise),
/// for each pixel of the images without their border; results of zero where no window is. A row of results is a row
/// of pixels, `[width, channels]`.
///
/// `scratch` has at least [`Window::depthwise_input_gradient_scratch`] floats.
#[inline(never)]
pub fn depthwise_input_gradient<S: Simd, E: Epilogue<S>, W: Windowed>(
    simd: S,
    dy: &[f32],
    w: &[f32],
    rows: usize,
    scratch: &mut [f32],
    epilogue: &mut E,
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let window = const { W::WINDOW };
            let (w, frame) = pack(w, window.taps(), window.channels, window.multiplier(), scratch);
            window.images::<S, E, W>(simd, dy, w, rows, frame, epilogue);
        },
    );
}

impl Window {
    #[inline(always)]
    fn images<S: Simd, E: Epilogue<S>, W: Windowed>(
        self,
        simd: S,
        dy: &[f32],
        w: &[[f32; LANES]],
        rows: usize,
        frame: &mut [f32],
        epilogue: &mut E,
    ) {
        let (down, across) = (self.axis(0), self.axis(1));
        let columns = const { W::WINDOW.columns() };
        let high = down.pixels_of(frame.len() / (columns * self.filters).max(1));
        for image in 0..rows {
            let dy = tail(dy, image * self.output[0] * self.output[1] * self.filters);
            let mut first = 0;
            while first < self.size[0] {
                let count = high.min(self.size[0] - first);
                let top = [down.first_source(first), across.first_source(0)];
                let cotangents = Frame {
                    size: self.output,
                    first: top,
                    count: [down.sources(first, count), columns],
                    pitch: self.filters,
                    pixel: self.filters,
                };
                if self.multiplier() == 1 {
                    cotangents.copy(dy, frame);
                } else {
                    cotangents.copy_with(
                        dy,
                        frame,
                        #[inline(always)]
                        |from, to| separate(from, self.channels, self.multiplier(), to),
                    );
                }
                let band = Band { window: self, memory: frame, w, top, image, first, count };
                for rest in 0..self.stride[0] {
                    for other in 0..self.stride[1] {
                        band.phase::<S, E, W>(simd, down.phase(rest), across.phase(other), epilogue);
                    }
                }
                first += count;
            }
        }
    }
}

/// Rows of an image and the cotangents that they need.
#[derive(Clone, Copy)]
struct Band<'a> {
    window: Window,
    memory: &'a [f32],
    w: &'a [[f32; LANES]],
    /// The first row and column of cotangents.
    top: [isize; 2],
    image: usize,
    first: usize,
    count: usize,
}

impl Band<'_> {
    /// The pixels of a phase.
    #[inline(always)]
    fn phase<S: Simd, E: Epilogue<S>, W: Windowed>(self, simd: S, down: Phase, across: Phase, epilogue: &mut E) {
        let window = self.window;
        let ([stride, step], filters) = (window.stride, window.filters);
        let columns = const { W::WINDOW.columns() };
        let skipped = self.first.saturating_sub(down.first).div_ceil(stride);
        let row = down.first + skipped * stride;
        let rows = (self.first + self.count).saturating_sub(row).div_ceil(stride);
        let top = window.axis(0).source(row, down.last_tap) - self.top[0];
        let left = window.axis(1).source(across.first, across.last_tap) - self.top[1];
        let channels = Channels {
            memory: self.memory,
            first: (top as usize).wrapping_mul(columns).wrapping_add(left as usize).wrapping_mul(filters),
            steps: [columns * filters, filters],
            taps: [down.taps, across.taps],
            tap_steps: [down.source_step * columns * filters, across.source_step * filters],
            weights: self.w,
            weights_of: window.taps(),
            first_weight: down.last_tap * window.kernel[1] + across.last_tap,
            weight_steps: [down.tap_step * window.kernel[1], across.tap_step],
            reverse: true,
            layers: window.multiplier(),
            place: Place {
                row: self.image * window.size[0] + row,
                row_step: stride,
                column: across.first * window.channels,
                column_step: step * window.channels,
            },
        };
        let count = window.size[1].saturating_sub(across.first).div_ceil(step);
        if count * step >= window.size[1] {
            channels.run::<S, E, Part<W, true>>(simd, rows, epilogue);
        } else {
            channels.run::<S, E, Part<W, false>>(simd, rows, epilogue);
        }
    }
}

impl<W: Windowed, const LONG: bool> ChannelGrid for Part<W, LONG> {
    const CHANNELS: usize = W::WINDOW.channels;
}
