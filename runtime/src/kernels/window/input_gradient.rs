//! The gradient of the input of a convolution: for each phase of the stride a convolution of stride one over the
//! cotangents, with zeros around them, by the taps in reverse.

use core::marker::PhantomData;

use fearless_simd::Simd;

use super::super::Epilogue;
use super::super::tile::{Lines, Place};
use super::frame::Frame;
use super::geometry::{Window, Windowed};
use super::phase::Phase;
use super::taps::{Grid, HALF, NARROW, Pixels, Taps, WIDE, kind};
use crate::arena::tail;
use crate::lanes::{self, LANES, splat, transpose};
use crate::tensors::{PANEL, panel_place};

/// The cotangents `dy` of shape `[rows, height, width, filters]` times the weights of
/// [`convolution`](super::convolution), for each pixel of the images without their border; results of zero where no
/// window is. A row of results is a row of pixels, `[width, channels]`.
///
/// `scratch` has at least [`Window::input_gradient_scratch`] floats.
#[inline(never)]
pub fn convolution_input_gradient<S: Simd, E: Epilogue<S>, W: Windowed>(
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
            let [channels, _] = window.group();
            for group in 0..window.groups {
                let part = |first, width| Panel { window, group, first, width };
                for panel in 0..channels / PANEL {
                    part(panel * PANEL, PANEL).run::<S, E, W, PANEL>(simd, dy, w, rows, scratch, epilogue);
                }
                let (first, width) = (channels / PANEL * PANEL, channels % PANEL);
                match const { kind(W::WINDOW.group()[0] % PANEL) } {
                    _ if width == 0 => {}
                    HALF => part(first, HALF).run::<S, E, W, HALF>(simd, dy, w, rows, scratch, epilogue),
                    NARROW => part(first, width).run::<S, E, W, NARROW>(simd, dy, w, rows, scratch, epilogue),
                    _ => part(first, width).run::<S, E, W, WIDE>(simd, dy, w, rows, scratch, epilogue),
                }
            }
        },
    );
}

/// Some channels of a group.
#[derive(Clone, Copy)]
struct Panel {
    window: Window,
    group: usize,
    first: usize,
    width: usize,
}

impl Panel {
    #[inline(always)]
    fn run<S: Simd, E: Epilogue<S>, W: Windowed, const P: usize>(
        self,
        simd: S,
        dy: &[f32],
        w: &[f32],
        rows: usize,
        scratch: &mut [f32],
        epilogue: &mut E,
    ) {
        let window = self.window;
        let [_, filters] = window.group();
        let weights = window.taps() * filters * self.width;
        let Some((packed, frame)) = scratch.split_at_mut_checked(weights) else { return };
        self.pack(simd, tail(w, self.group * window.depth() * filters), packed);
        let (down, across) = (window.axis(0), window.axis(1));
        let columns = const { W::WINDOW.columns() };
        let high = down.pixels_of(frame.len() / (columns * filters).max(1));
        for image in 0..rows {
            let dy = tail(dy, image * window.output[0] * window.output[1] * window.filters + self.group * filters);
            let mut first = 0;
            while first < window.size[0] {
                let count = high.min(window.size[0] - first);
                let rows = down.sources(first, count);
                let top = [down.first_source(first), across.first_source(0)];
                let size = window.output;
                Frame { size, first: top, count: [rows, columns], pitch: window.filters, pixel: filters }
                    .copy(dy, frame);
                let band = Band { panel: self, memory: frame, top, image, first, count };
                band.run::<S, E, W, P>(simd, packed, epilogue);
                first += count;
            }
        }
    }

    /// Writes the weights of each phase as a matrix of rows (tap down, tap across, filter), taps in reverse, and a
    /// column for each channel.
    #[inline(always)]
    fn pack<S: Simd>(self, simd: S, w: &[f32], mut packed: &mut [f32]) {
        let [_, filters] = self.window.group();
        self.phases(
            #[inline(always)]
            |down, across| {
                for row in 0..down.taps {
                    for column in 0..across.taps {
                        let tap = (down.last_tap - row * down.tap_step) * self.window.kernel[1]
                            + (across.last_tap - column * across.tap_step);
                        let all = core::mem::take(&mut packed);
                        let Some((part, rest)) = all.split_at_mut_checked(filters * self.width) else { return };
                        self.pack_tap(simd, w, tap, part);
                        packed = rest;
                    }
                }
            },
        );
    }

    /// Transposes the weights of a tap.
    #[inline(always)]
    fn pack_tap<S: Simd>(self, simd: S, w: &[f32], tap: usize, to: &mut [f32]) {
        let [channels, filters] = self.window.group();
        let (depth, line) = (self.window.depth(), tap * channels + self.first);
        // Both halves of a line of weights are read one after the other.
        for panel in (0..filters).step_by(PANEL) {
            for first in (0..self.width).step_by(LANES) {
                for filter in (panel..filters.min(panel + PANEL)).step_by(LANES) {
                    let mut vectors = [splat(simd, 0.0); LANES];
                    let lines = LANES.min(self.width - first);
                    let lanes = LANES.min(filters - filter);
                    for (number, vector) in vectors.iter_mut().enumerate().take(lines) {
                        let at = panel_place(depth, filters, line + first + number, filter);
                        *vector = lanes::load(simd, w, at, lanes);
                    }
                    for (number, vector) in transpose(vectors).iter().enumerate().take(lanes) {
                        lanes::store(to, (filter + number) * self.width + first, lines, *vector);
                    }
                }
            }
        }
    }

    #[inline(always)]
    fn phases(self, mut each: impl FnMut(Phase, Phase)) {
        for down in 0..self.window.stride[0] {
            for across in 0..self.window.stride[1] {
                each(self.window.axis(0).phase(down), self.window.axis(1).phase(across));
            }
        }
    }
}

/// Rows of an image and the cotangents that they need.
#[derive(Clone, Copy)]
struct Band<'a> {
    panel: Panel,
    memory: &'a [f32],
    /// The first row and column of cotangents.
    top: [isize; 2],
    image: usize,
    first: usize,
    count: usize,
}

impl Band<'_> {
    #[inline(always)]
    fn run<S: Simd, E: Epilogue<S>, W: Windowed, const P: usize>(self, simd: S, packed: &[f32], epilogue: &mut E) {
        let Panel { window, width, .. } = self.panel;
        let [_, filters] = window.group();
        let mut weights = 0;
        self.panel.phases(
            #[inline(always)]
            |down, across| {
                let right = Lines { memory: packed, first: weights, stride: width, width };
                self.phase::<S, E, W, P>(simd, down, across, right, epilogue);
                weights += down.taps * across.taps * filters * width;
            },
        );
    }

    /// The pixels of a phase.
    #[inline(always)]
    fn phase<S: Simd, E: Epilogue<S>, W: Windowed, const P: usize>(
        self,
        simd: S,
        down: Phase,
        across: Phase,
        right: Lines,
        epilogue: &mut E,
    ) {
        let Panel { window, group, first, .. } = self.panel;
        let ([channels, filters], [stride, step]) = (window.group(), window.stride);
        let columns = const { W::WINDOW.columns() };
        let taps = Self::taps(down, across, columns, filters);
        let left = window.axis(1).source(across.first, across.last_tap) - self.top[1];
        let skipped = self.first.saturating_sub(down.first).div_ceil(stride);
        let column = across.first * window.channels + group * channels + first;
        let count = window.size[1].saturating_sub(across.first).div_ceil(step);
        let row = down.first + skipped * stride;
        let rows = (self.first + self.count).saturating_sub(row).div_ceil(stride);
        let top = window.axis(0).source(row, down.last_tap) - self.top[0];
        let source = (top as usize).wrapping_mul(columns).wrapping_add(left as usize).wrapping_mul(filters);
        let row = self.image * window.size[0] + row;
        let place = Place { row, row_step: stride, column, column_step: step * window.channels };
        let steps = [columns * filters, filters];
        let pixels = Pixels { memory: self.memory, first: source, steps, taps, right, place };
        if count * step >= window.size[1] {
            pixels.run::<S, E, Part<W, true>, P>(simd, rows, epilogue);
        } else {
            pixels.run::<S, E, Part<W, false>, P>(simd, rows, epilogue);
        }
    }

    const fn taps(down: Phase, across: Phase, columns: usize, filters: usize) -> Taps {
        let rows = if across.taps == 0 { 0 } else { down.taps };
        let row_step = down.source_step * columns * filters;
        if across.source_step == 1 || across.taps == 1 {
            return Taps { rows, row_step, runs: 1, run_step: 0, run: across.taps * filters };
        }
        Taps { rows, row_step, runs: across.taps, run_step: across.source_step * filters, run: filters }
    }
}

/// The pixels of a phase; it is `LONG` where the width is no multiple of the stride and this phase has one more.
pub(super) struct Part<W, const LONG: bool>(PhantomData<W>);

impl<W: Windowed, const LONG: bool> Grid for Part<W, LONG> {
    const WIDTH: usize = {
        let (width, stride) = (W::WINDOW.size[1], W::WINDOW.stride[1]);
        if LONG { width.div_ceil(stride) } else { width / stride }
    };
    const HEIGHT: Option<usize> = None;
    const SHARED: usize = W::WINDOW.shared(1);
}
