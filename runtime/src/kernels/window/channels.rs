//! The register tile of depthwise convolutions: a few pixels times a vector of channels, summed over the taps.

use core::marker::PhantomData;

use fearless_simd::{Simd, prelude::*};

use super::super::tile::Place;
use super::super::{Epilogue, register};
use super::strip::{Tiles, in_tiles, unrolled, unrolled_mut};
use super::taps::{Grid, HALF, grid_heights, strip, tallest};
use crate::arena::{get, row, tail};
use crate::lanes::{LANES, Vector, load_whole, splat};

/// Pixels and taps of which every channel has its own; distances are in floats.
#[derive(Clone, Copy)]
pub(super) struct Channels<'a> {
    pub memory: &'a [f32],
    /// The first float of the first pixel's window.
    pub first: usize,
    /// From one window to the next, down and across.
    pub steps: [usize; 2],
    /// Taps down and across.
    pub taps: [usize; 2],
    pub tap_steps: [usize; 2],
    /// For each vector of channels and each layer as many vectors as `weights_of` says.
    pub weights: &'a [[f32; LANES]],
    pub weights_of: usize,
    pub first_weight: usize,
    /// From one tap to the next in vectors, down and across; to the one before where `reverse`.
    pub weight_steps: [usize; 2],
    pub reverse: bool,
    /// Layers of channels that are added up.
    pub layers: usize,
    /// Steps are from one row of pixels and from one pixel to the next.
    pub place: Place,
}

/// What is known at compile time of the channels of a grid of pixels.
pub(super) trait ChannelGrid: Grid {
    const CHANNELS: usize;
    /// Whether no vector of channels is narrower than others.
    const ROUND: bool = Self::CHANNELS.is_multiple_of(LANES);
}

impl Channels<'_> {
    /// The sums of `rows` rows of a grid's pixels.
    #[inline(always)]
    pub fn run<S: Simd, E: Epilogue<S>, G: ChannelGrid>(self, simd: S, rows: usize, epilogue: &mut E) {
        let high = const { strip::<S, G, HALF>() };
        for channel in (0..G::CHANNELS).step_by(LANES) {
            for row in (0..rows).step_by(high) {
                let channels = Self {
                    first: self.first + row * self.steps[0],
                    place: Place { row: self.place.row + row * self.place.row_step, ..self.place },
                    ..self
                };
                let mut strip = Strip::<S, E, G> { simd, channels, channel, epilogue, grid: PhantomData };
                in_tiles(high.min(rows - row) * G::WIDTH, const { tallest::<S, HALF>() }, &mut strip);
            }
        }
    }

    /// The place of the first weight of a row of taps.
    #[inline(always)]
    fn weight(&self, channel: usize, layer: usize, row: usize, column: usize) -> usize {
        let steps = row * self.weight_steps[0] + column * self.weight_steps[1];
        let first = (channel / LANES * self.layers + layer) * self.weights_of + self.first_weight;
        if self.reverse { first.wrapping_sub(steps) } else { first + steps }
    }
}

/// Puts the weights of the `layers` of each vector of channels side by side; returns how many vectors there are.
#[inline(always)]
pub(super) fn pack<'a>(
    w: &[f32],
    taps: usize,
    channels: usize,
    layers: usize,
    scratch: &'a mut [f32],
) -> (&'a [[f32; LANES]], &'a mut [f32]) {
    let Some((packed, rest)) = scratch.split_at_mut_checked(packed_floats(taps, channels, layers)) else {
        return Default::default();
    };
    let packed = packed.as_chunks_mut::<LANES>().0;
    for (number, vector) in packed.iter_mut().enumerate() {
        let (tap, other) = (number % taps, number / taps);
        let (layer, channel) = (other % layers, other / layers * LANES);
        if layers == 1 && channel + LANES <= channels {
            *vector = *row(w, tap * channels + channel);
            continue;
        }
        for (lane, weight) in vector.iter_mut().enumerate() {
            let at = (tap * channels + channel + lane) * layers + layer;
            *weight = if channel + lane < channels { get(w, at) } else { 0.0 };
        }
    }
    (packed, rest)
}

/// Floats of packed weights.
pub(super) const fn packed_floats(taps: usize, channels: usize, layers: usize) -> usize {
    taps * layers * channels.next_multiple_of(LANES)
}

/// One row of pixels in a few tiles, or a few rows in one; a vector of channels.
struct Strip<'a, S: Simd, E: Epilogue<S>, G> {
    simd: S,
    channels: Channels<'a>,
    channel: usize,
    epilogue: &'a mut E,
    grid: PhantomData<G>,
}

impl<S: Simd, E: Epilogue<S>, G: ChannelGrid> Tiles for Strip<'_, S, E, G> {
    const HEIGHTS: u32 = grid_heights::<S, G, HALF>();

    #[inline(always)]
    fn run<const R: usize>(&mut self, pixel: usize) {
        if const { !G::ROUND } && self.ends_before::<R>(pixel) {
            return self.last::<R>(pixel);
        }
        let Channels { taps, layers, tap_steps, .. } = self.channels;
        let mut sums = [splat(self.simd, 0.0); R];
        for row in 0..taps[0] {
            for layer in 0..layers {
                let at = row * tap_steps[0] + layer * G::CHANNELS + self.channel;
                let shared = const { shared::<S, G>() };
                for tap in (0..taps[1]).step_by(shared) {
                    let weight = self.channels.weight(self.channel, layer, row, tap);
                    self.accumulate::<R>(pixel, at + tap * tap_steps[1], weight, &mut sums);
                }
            }
        }
        self.store(pixel, &sums);
    }
}

/// The most taps of a row that share the vectors of pixels; room for so many, as in `taps` and for the same reason.
const MOST_SHARED: usize = 5;

/// Taps of a row that share the vectors of pixels, where there are registers enough.
const fn shared<S: Simd, G: Grid>() -> usize {
    if register::<S>() == LANES && G::SHARED <= MOST_SHARED { G::SHARED } else { 1 }
}

impl<S: Simd, E: Epilogue<S>, G: ChannelGrid> Strip<'_, S, E, G> {
    /// Row and column of a tile's pixel.
    #[inline(always)]
    fn place(&self, pixel: usize, number: usize) -> (usize, usize) {
        if const { strip::<S, G, HALF>() == 1 } {
            return (0, pixel + number);
        }
        (number / G::WIDTH, number % G::WIDTH)
    }

    /// From the window of a tile's first pixel to that of another one.
    #[inline(always)]
    fn offset(&self, number: usize) -> usize {
        let (down, across) = self.place(0, number);
        down * self.channels.steps[0] + across * self.channels.steps[1]
    }

    #[inline(always)]
    fn store<const R: usize>(&mut self, pixel: usize, sums: &[Vector<S>; R]) {
        let lanes = if const { G::ROUND } { LANES } else { LANES.min(G::CHANNELS - self.channel) };
        unrolled(
            sums,
            #[inline(always)]
            |number, sum| {
                let ((down, across), place) = (self.place(pixel, number), self.channels.place);
                let column = place.column + across * place.column_step + self.channel;
                self.epilogue.store(self.simd, place.row + down * place.row_step, column, lanes, *sum);
            },
        );
    }

    /// Whether the memory ends before the last whole vector of a tile.
    #[inline(always)]
    fn ends_before<const R: usize>(&self, pixel: usize) -> bool {
        let Channels { memory, first, steps, taps, tap_steps, layers, .. } = self.channels;
        let last = (taps[0].saturating_sub(1)) * tap_steps[0] + taps[1].saturating_sub(1) * tap_steps[1];
        let layer = (layers - 1) * G::CHANNELS + self.channel;
        memory.len() < first + pixel * steps[1] + self.offset(R - 1) + last + layer + LANES
    }

    /// The sums of a tile where the memory ends, one by one.
    #[inline(always)]
    fn last<const R: usize>(&mut self, pixel: usize) {
        let lanes = LANES.min(G::CHANNELS - self.channel);
        for number in 0..R {
            let ((down, across), place) = (self.place(pixel, number), self.channels.place);
            let column = place.column + across * place.column_step + self.channel;
            let at = pixel * self.channels.steps[1] + self.offset(number);
            let sums = one(self.channels, at, self.channel, G::CHANNELS, lanes);
            let sums = load_whole(self.simd, &sums);
            self.epilogue.store(self.simd, place.row + down * place.row_step, column, lanes, sums);
        }
    }

    /// Adds the products of the taps of a row that share vectors.
    #[inline(always)]
    fn accumulate<const R: usize>(&self, pixel: usize, at: usize, weight: usize, sums: &mut [Vector<S>; R]) {
        let shared = const { shared::<S, G>() };
        let Channels { memory, first, steps, tap_steps, weights, weight_steps, reverse, .. } = self.channels;
        let mut vectors = [splat(self.simd, 0.0); MOST_SHARED];
        for (tap, vector) in vectors.iter_mut().take(shared).enumerate() {
            let step = tap * weight_steps[1];
            let weight = weights.get(if reverse { weight.wrapping_sub(step) } else { weight + step });
            *vector = load_whole(self.simd, weight.unwrap_or(const { &[0.0; LANES] }));
        }
        let first = first + pixel * steps[1] + at;
        let last = self.offset(R - 1) + (shared - 1) * tap_steps[1];
        let Some(span) = memory.get(first..first + last + LANES) else { return };
        unrolled_mut(
            sums,
            #[inline(always)]
            |number, sum| {
                let offset = self.offset(number);
                for (tap, vector) in vectors.iter().take(shared).enumerate() {
                    let values = load_whole(self.simd, row(span, offset + tap * tap_steps[1]));
                    *sum = values.mul_add(*vector, *sum);
                }
            },
        );
    }
}

/// The sums of a pixel, apart from the code around vectors.
#[cold]
#[inline(never)]
fn one(channels: Channels, at: usize, channel: usize, count: usize, lanes: usize) -> [f32; LANES] {
    let mut sums = [0.0; LANES];
    for row in 0..channels.taps[0] {
        for column in 0..channels.taps[1] {
            for layer in 0..channels.layers {
                let weights = channels.weights.get(channels.weight(channel, layer, row, column));
                let at = channels.first + at + row * channels.tap_steps[0] + column * channels.tap_steps[1];
                let values = tail(channels.memory, at + layer * count + channel);
                for ((sum, weight), value) in sums.iter_mut().zip(weights.into_iter().flatten()).zip(values).take(lanes)
                {
                    *sum += weight * value;
                }
            }
        }
    }
    sums
}
