//! The adjoint of a window along one direction: which windows' results a pixel went into, and by which taps.
//!
//! Pixel `i` went into result `o` by tap `k` where `i + padding = o·stride + k·dilation`. Pixels whose `i + padding`
//! leaves the same rest when divided by the stride meet the same taps; they are a phase. In a phase the results of
//! neighbouring pixels are neighbours, so the adjoint is a convolution of stride one.

/// A window in one direction.
#[derive(Clone, Copy)]
pub(super) struct Axis {
    pub size: usize,
    pub padding: usize,
    pub kernel: usize,
    pub stride: usize,
    pub dilation: usize,
    pub output: usize,
}

/// The pixels of a window that lie inside the image.
#[derive(Clone, Copy)]
pub(super) struct Inside {
    pub first: usize,
    pub count: usize,
}

impl Inside {
    /// The number behind the last pixel.
    pub const fn end(self, dilation: usize) -> usize {
        if self.count == 0 { 0 } else { self.first + (self.count - 1) * dilation + 1 }
    }
}

/// Windows that a pixel is in.
#[derive(Clone, Copy)]
pub(super) struct Reached {
    pub first: usize,
    pub count: usize,
    pub step: usize,
}

/// Pixels that meet the same taps.
#[derive(Clone, Copy)]
pub(super) struct Phase {
    /// The first of these pixels; others follow one stride apart.
    pub first: usize,
    /// How many taps.
    pub taps: usize,
    /// The last of them.
    pub last_tap: usize,
    /// From one tap to the one before it.
    pub tap_step: usize,
    /// From the result that a pixel went into by one tap to the result by the tap before it.
    pub source_step: usize,
}

impl Axis {
    /// Pixels of remainder `rest`, which is below the stride.
    pub const fn phase(self, rest: usize) -> Phase {
        let (mut taps, mut last_tap, mut tap_step) = (0, 0, self.kernel);
        let mut tap = 0;
        while tap < self.kernel {
            if (tap * self.dilation) % self.stride == rest {
                tap_step = tap - last_tap;
                last_tap = tap;
                taps += 1;
            }
            tap += 1;
        }
        let first = (rest + self.stride - self.padding % self.stride) % self.stride;
        Phase { first, taps, last_tap, tap_step, source_step: tap_step * self.dilation / self.stride }
    }

    /// The result that `pixel` went into by `tap`, which is one of its taps; it may lie outside.
    pub const fn source(self, pixel: usize, tap: usize) -> isize {
        ((pixel + self.padding) as isize - (tap * self.dilation) as isize).div_euclid(self.stride as isize)
    }

    /// The first result that pixels from `pixel` on went into; it may lie outside.
    pub const fn first_source(self, pixel: usize) -> isize {
        let reach = (self.kernel - 1) * self.dilation;
        -(reach as isize - (pixel + self.padding) as isize).div_euclid(self.stride as isize)
    }

    /// Results, outside or not, that `count` pixels from `pixel` on went into.
    pub const fn sources(self, pixel: usize, count: usize) -> usize {
        if count == 0 {
            return 0;
        }
        let sources = self.source(pixel + count - 1, 0) - self.first_source(pixel) + 1;
        if sources > 0 { sources as usize } else { 0 }
    }

    /// The most results, outside or not, that `count` neighbouring pixels went into.
    pub const fn sources_of(self, count: usize) -> usize {
        (count - 1 + (self.kernel - 1) * self.dilation) / self.stride + 1
    }

    /// Pixels that certainly go into no more than `sources` neighbouring results, at least one.
    pub const fn pixels_of(self, sources: usize) -> usize {
        let reach = (self.kernel - 1) * self.dilation;
        let pixels = (sources.saturating_sub(1) * self.stride).saturating_sub(reach);
        pixels + 1
    }

    /// The windows that `pixel` is in.
    pub const fn windows(self, pixel: usize) -> Reached {
        if self.dilation == 1 {
            let (first, end) = (
                (pixel + self.padding + self.stride).saturating_sub(self.kernel) / self.stride,
                (pixel + self.padding) / self.stride + 1,
            );
            let end = if end < self.output { end } else { self.output };
            return Reached { first, count: end.saturating_sub(first), step: 1 };
        }
        let phase = self.phase((pixel + self.padding) % self.stride);
        let step = if phase.source_step == 0 { 1 } else { phase.source_step };
        let last = self.source(pixel, phase.last_tap);
        let skipped = if last < 0 { (-last as usize).div_ceil(step) } else { 0 };
        let first = (last + (skipped * step) as isize) as usize;
        let inside = self.output.saturating_sub(first).div_ceil(step);
        let left = phase.taps.saturating_sub(skipped);
        Reached { first, count: if inside < left { inside } else { left }, step }
    }

    /// The pixels inside the image of window `number`.
    pub const fn inside(self, number: usize) -> Inside {
        let start = number * self.stride;
        let skipped = self.padding.saturating_sub(start).div_ceil(self.dilation);
        let first = start + skipped * self.dilation - self.padding;
        let count = self.size.saturating_sub(first).div_ceil(self.dilation);
        let left = self.kernel.saturating_sub(skipped);
        Inside { first, count: if count < left { count } else { left } }
    }
}
