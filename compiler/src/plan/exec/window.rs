//! Windows over memory, tap by tap.

use crate::ir::window::{Geometry, WindowKind};
use crate::plan::window::{Filters, WindowForm};

/// Memory of a kernel's operands, and where things lie in it.
struct Operands<'a> {
    form: &'a WindowForm,
    a: &'a [f64],
    b: &'a [f64],
}

/// What the epilogue gets, row by row; `a` and `b` are the operands' buffers.
pub(super) fn results(form: &WindowForm, rows: usize, a: &[f64], b: &[f64]) -> Vec<f64> {
    let operands = Operands { form, a, b };
    let (result_rows, width) = form.rows_and_width();
    let mut results = vec![0.0; result_rows.at(rows) * width];
    let images = form.rows.at(rows);
    match form.order() {
        Some(order) => operands.convolve(images, order, &mut results),
        None => operands.pool(images, &mut results),
    }
    results
}

impl Operands<'_> {
    fn geometry(&self) -> &Geometry {
        &self.form.window.geometry
    }

    /// Where a pixel of the images lies in `a`; outside of the image it may lie in the border.
    fn pixel(&self, image: usize, [row, column]: [isize; 2]) -> usize {
        let ([height, width], [top, left]) = (self.form.pitch, self.form.border);
        let (row, column) = (row + top as isize, column + left as isize);
        ((image * height) as isize + row).unsigned_abs() * width * self.form.channels
            + column.unsigned_abs() * self.form.channels
    }

    /// Where a pixel of images or results lies in memory without gaps.
    fn dense(image: usize, [row, column]: [usize; 2], [height, width]: [usize; 2], channels: usize) -> usize {
        ((image * height + row) * width + column) * channels
    }

    fn place(&self, window: [usize; 2], element: [usize; 2]) -> [isize; 2] {
        let geometry = self.geometry();
        [0, 1].map(|axis| {
            (window[axis] * geometry.stride[axis] + element[axis] * geometry.dilation[axis]) as isize
                - geometry.low[axis] as isize
        })
    }

    fn inside(&self, place: [isize; 2]) -> Option<[usize; 2]> {
        let inside = |axis: usize| usize::try_from(place[axis]).ok().filter(|at| *at < self.geometry().input[axis]);
        Some([inside(0)?, inside(1)?])
    }

    fn windows(&self, images: usize) -> Vec<(usize, [usize; 2])> {
        let windows = pairs(self.geometry().output());
        (0..images).flat_map(|image| windows.iter().map(move |&window| (image, window))).collect()
    }

    fn convolve(&self, images: usize, order: Filters, results: &mut [f64]) {
        let (geometry, channels) = (self.geometry(), self.form.channels);
        let group = order.filters / order.groups;
        for (image, window) in self.windows(images) {
            let result = Self::dense(image, window, geometry.output(), order.filters);
            for (tap, element) in pairs(geometry.size).into_iter().enumerate() {
                let place = self.place(window, element);
                for filter in 0..order.filters {
                    for own in 0..order.own {
                        let channel = filter / group * order.own + own;
                        let weight = order.place((filter * order.own + own) * order.taps + tap);
                        match self.form.window.kind {
                            WindowKind::Convolution { .. } => {
                                results[result + filter] += self.a[self.pixel(image, place) + channel] * self.b[weight];
                            }
                            WindowKind::ConvolutionByFilter { .. } => {
                                results[weight] += self.a[self.pixel(image, place) + channel] * self.b[result + filter];
                            }
                            _ => {
                                let Some(inside) = self.inside(place) else { continue };
                                let to = Self::dense(image, inside, geometry.input, channels);
                                results[to + channel] += self.a[result + filter] * self.b[weight];
                            }
                        }
                    }
                }
            }
        }
    }

    fn pool(&self, images: usize, results: &mut [f64]) {
        let (geometry, channels) = (self.geometry(), self.form.channels);
        for (image, window) in self.windows(images) {
            let result = Self::dense(image, window, geometry.output(), channels);
            let elements = pairs(geometry.size).into_iter();
            let taps: Vec<[usize; 2]> =
                elements.filter_map(|element| self.inside(self.place(window, element))).collect();
            let memory = |tap: [usize; 2]| self.pixel(image, tap.map(|at| at as isize));
            let dense = |tap: [usize; 2]| Self::dense(image, tap, geometry.input, channels);
            for channel in 0..channels {
                let value = |tap: [usize; 2]| self.a[memory(tap) + channel];
                let larger = |a: f64, b: f64| a > b || a.is_nan() && !b.is_nan();
                let first = || {
                    taps.iter().copied().reduce(|best, tap| if larger(value(tap), value(best)) { tap } else { best })
                };
                match self.form.window.kind {
                    WindowKind::Sum => results[result + channel] = taps.iter().map(|&tap| value(tap)).sum(),
                    WindowKind::SumByInput => {
                        taps.iter().for_each(|&tap| results[dense(tap) + channel] += self.a[result + channel]);
                    }
                    WindowKind::Max => results[result + channel] = first().map_or(f64::NEG_INFINITY, value),
                    WindowKind::MaxAt => {
                        results[result + channel] = first().map_or(0.0, |tap| self.b[dense(tap) + channel]);
                    }
                    _ => first().into_iter().for_each(|tap| results[dense(tap) + channel] += self.b[result + channel]),
                }
            }
        }
    }
}

fn pairs([height, width]: [usize; 2]) -> Vec<[usize; 2]> {
    (0..height).flat_map(|row| (0..width).map(move |column| [row, column])).collect()
}
