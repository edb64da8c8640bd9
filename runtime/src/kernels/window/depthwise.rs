//! Depthwise convolutions: each channel has filters of its own, and the channels lie in the lanes.

use core::marker::PhantomData;

use fearless_simd::Simd;

use super::super::Epilogue;
use super::super::tile::Place;
use super::channels::{ChannelGrid, Channels, pack, packed_floats};
use super::frame::repeat;
use super::geometry::{Window, Windowed};
use super::taps::Grid;
use crate::arena::tail;
use crate::lanes::LANES;

/// The windows of `rows` images times the weights `w` of shape `[taps, filters]`; filter `n` reads channel
/// `n / multiplier`.
///
/// `x` begins at the first tap of the first window. A row of results is a row of pixels, `[width, filters]`.
/// `scratch` has at least [`Window::depthwise_scratch`] floats.
#[inline(never)]
pub fn depthwise<S: Simd, E: Epilogue<S>, W: Windowed>(
    simd: S,
    x: &[f32],
    w: &[f32],
    rows: usize,
    scratch: &mut [f32],
    epilogue: &mut E,
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let window = const { W::WINDOW };
            let (w, scratch) = pack(w, window.taps(), window.filters, 1, scratch);
            for image in 0..rows {
                let x = tail(x, image * window.image());
                if const { W::WINDOW.multiplier() == 1 } {
                    window.band::<S, E, W>(simd, x, w, [image * window.output[0], window.output[0]], epilogue);
                    continue;
                }
                let mut first = 0;
                while first < window.output[0] {
                    let count = window.repeat(x, [first, window.output[0]], scratch);
                    let wide = const { W::WINDOW.repeated() };
                    wide.band::<S, E, W>(simd, scratch, w, [image * window.output[0] + first, count], epilogue);
                    first += count;
                }
            }
        },
    );
}

/// The pixels of an image or of a part of one.
struct Pixels<W>(PhantomData<W>);

impl<W: Windowed> Grid for Pixels<W> {
    const WIDTH: usize = W::WINDOW.output[1];
    const HEIGHT: Option<usize> = if W::WINDOW.multiplier() == 1 { Some(W::WINDOW.output[0]) } else { None };
    const SHARED: usize = W::WINDOW.kernel[1];
}

impl<W: Windowed> ChannelGrid for Pixels<W> {
    const CHANNELS: usize = W::WINDOW.filters;
}

impl Window {
    /// Rows of windows that `x` begins with.
    #[inline(always)]
    fn band<S: Simd, E: Epilogue<S>, W: Windowed>(
        self,
        simd: S,
        x: &[f32],
        weights: &[[f32; LANES]],
        [row, rows]: [usize; 2],
        epilogue: &mut E,
    ) {
        let channels = Channels {
            memory: x,
            first: 0,
            steps: self.steps(),
            taps: self.kernel,
            tap_steps: self.tap_steps(),
            weights,
            weights_of: self.taps(),
            first_weight: 0,
            weight_steps: [self.kernel[1], 1],
            reverse: false,
            layers: 1,
            place: Place { row, row_step: 1, column: 0, column_step: self.filters },
        };
        channels.run::<S, E, Pixels<W>>(simd, rows, epilogue);
    }

    /// From one tap to the next, down and across.
    pub(super) const fn tap_steps(self) -> [usize; 2] {
        [self.dilation[0] * self.row(), self.dilation[1] * self.channels]
    }

    /// Rows or columns of pixels that `count` windows cover.
    const fn covered(self, axis: usize, count: usize) -> usize {
        (count - 1) * self.stride[axis] + (self.kernel[axis] - 1) * self.dilation[axis] + 1
    }

    /// This window over images in which each channel is there once for each of its filters.
    pub(super) const fn repeated(self) -> Self {
        Self { width: self.covered(1, self.output[1]), channels: self.filters, ..self }
    }

    /// Copies rows of pixels from row `first` of windows on, each channel once for each of its filters, as many as fit;
    /// returns for how many rows of windows they are, at least one and at most up to row `end`.
    #[inline(always)]
    pub(super) fn repeat(self, x: &[f32], [first, end]: [usize; 2], to: &mut [f32]) -> usize {
        let wide = self.repeated();
        let fitting = (to.len() / wide.row().max(1)).saturating_sub(self.covered(0, 1)) / self.stride[0] + 1;
        let count = fitting.min(end - first);
        for row in 0..self.covered(0, count) {
            let from = tail(x, (first * self.stride[0] + row) * self.row());
            repeat(from, self.multiplier(), wide.row(), row * wide.row(), to);
        }
        count
    }

    /// Floats of scratch memory of [`depthwise`].
    #[must_use]
    pub const fn depthwise_scratch(self) -> usize {
        packed_floats(self.taps(), self.filters, 1) + self.repeated_floats()
    }

    /// Floats of repeated rows that stay near.
    pub(super) const fn repeated_floats(self) -> usize {
        if self.multiplier() == 1 {
            return 0;
        }
        const NEAR: usize = 16_384;
        let row = self.repeated().row();
        let (least, all) = (self.covered(0, 1), self.covered(0, self.output[0]));
        let near = NEAR / row;
        let rows = if near > least { near } else { least };
        (if rows < all { rows } else { all }) * row
    }
}
