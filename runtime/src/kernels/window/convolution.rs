//! Convolutions, directly from the padded image.

use core::marker::PhantomData;

use fearless_simd::Simd;

use super::super::Epilogue;
use super::super::tile::{Lines, Place};
use super::geometry::{Window, Windowed};
use super::taps::{Grid, HALF, NARROW, Pixels, Taps, WIDE, kind};
use crate::tensors::PANEL;

/// The windows of `rows` images times the weights `w`: for each group a matrix of rows (tap down, tap across, channel)
/// and a column for each filter, in panels.
///
/// `x` begins at the first tap of the first window. A row of results is a row of pixels, `[width, filters]`.
#[inline(never)]
pub fn convolution<S: Simd, E: Epilogue<S>, W: Windowed>(simd: S, x: &[f32], w: &[f32], rows: usize, epilogue: &mut E) {
    simd.vectorize(
        #[inline(always)]
        || {
            let filters = const { W::WINDOW.group()[1] };
            for group in 0..W::WINDOW.groups {
                let mut images = Images::<_, _, W> { simd, x, w, rows, group, epilogue, window: PhantomData };
                for panel in 0..filters / PANEL {
                    images.panel::<PANEL>(panel * PANEL, PANEL);
                }
                let (first, width) = (filters / PANEL * PANEL, filters % PANEL);
                match const { kind(W::WINDOW.group()[1] % PANEL) } {
                    _ if width == 0 => {}
                    HALF => images.panel::<HALF>(first, HALF),
                    NARROW => images.panel::<NARROW>(first, width),
                    _ => images.panel::<WIDE>(first, width),
                }
            }
        },
    );
}

/// The channels of a group of all images.
struct Images<'a, S: Simd, E: Epilogue<S>, W> {
    simd: S,
    x: &'a [f32],
    w: &'a [f32],
    rows: usize,
    group: usize,
    epilogue: &'a mut E,
    window: PhantomData<W>,
}

impl<S: Simd, E: Epilogue<S>, W: Windowed> Images<'_, S, E, W> {
    /// The products of all windows with the panel of the filters from `filter` on.
    #[inline(always)]
    fn panel<const P: usize>(&mut self, filter: usize, width: usize) {
        let window = const { W::WINDOW };
        let ([channels, filters], depth) = (window.group(), window.depth());
        let first = self.group * depth * filters + filter * depth;
        let right = Lines { memory: self.w, first, stride: width, width };
        for image in 0..self.rows {
            let column = self.group * filters + filter;
            let place = Place { row: image * window.output[0], row_step: 1, column, column_step: window.filters };
            let pixels = Pixels {
                memory: self.x,
                first: image * window.image() + self.group * channels,
                steps: window.steps(),
                taps: window.runs(),
                right,
                place,
            };
            pixels.run::<S, E, Results<W>, P>(self.simd, window.output[0], self.epilogue);
        }
    }
}

/// The results of an image.
struct Results<W>(PhantomData<W>);

impl<W: Windowed> Grid for Results<W> {
    const WIDTH: usize = W::WINDOW.output[1];
    const HEIGHT: Option<usize> = Some(W::WINDOW.output[0]);
    const SHARED: usize = W::WINDOW.shared(W::WINDOW.groups);
}

impl Window {
    /// Neighbouring taps whose pixels are neighbours, where memory has as many groups.
    pub(super) const fn shared(self, groups: usize) -> usize {
        if groups == 1 && self.stride[1] == 1 && self.dilation[1] == 1 { self.kernel[1] } else { 1 }
    }

    /// The taps of a group's channels in the padded image.
    pub(super) const fn runs(self) -> Taps {
        let row_step = self.dilation[0] * self.row();
        let [channels, _] = self.group();
        if self.groups == 1 && self.dilation[1] == 1 {
            return Taps { rows: self.kernel[0], row_step, runs: 1, run_step: 0, run: self.kernel[1] * channels };
        }
        let run_step = self.dilation[1] * self.channels;
        Taps { rows: self.kernel[0], row_step, runs: self.kernel[1], run_step, run: channels }
    }
}
