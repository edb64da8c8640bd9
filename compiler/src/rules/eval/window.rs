//! Windows, tap by tap.

use ndarray::{ArrayD, IxDyn};

use crate::ir::window::{Geometry, Window, WindowKind};

type Image = ArrayD<f64>;

/// The result of an operator over windows, of this shape.
pub(super) fn eval(window: &Window, operands: &[&Image], shape: &[usize]) -> Image {
    let geometry = &window.geometry;
    if let (true, [a, b]) = (window.kind.takes_filters() || window.kind.gives_filters(), operands) {
        let slide = Slide { geometry, groups: window.kind.groups() };
        return convolved(window.kind, &slide, [a, b], shape);
    }
    let mut result = ArrayD::zeros(IxDyn(shape));
    match (window.kind, operands) {
        (WindowKind::Sum, [x]) => pooled(geometry, x.shape(), |result_at, taps| {
            result[result_at] = taps.iter().map(|tap| x[*tap]).sum();
        }),
        (WindowKind::SumByInput, [y]) => pooled(geometry, shape, |result_at, taps| {
            taps.iter().for_each(|tap| result[*tap] += y[result_at]);
        }),
        (WindowKind::Max, [x]) => pooled(geometry, x.shape(), |result_at, taps| {
            result[result_at] = first_largest(x, taps).map_or(f64::NEG_INFINITY, |tap| x[tap]);
        }),
        (WindowKind::MaxByInput, [x, y]) => pooled(geometry, shape, |result_at, taps| {
            first_largest(x, taps).into_iter().for_each(|tap| result[tap] += y[result_at]);
        }),
        (WindowKind::MaxAt, [x, other]) => pooled(geometry, x.shape(), |result_at, taps| {
            result[result_at] = first_largest(x, taps).map_or(0.0, |tap| other[tap]);
        }),
        _ => {}
    }
    result
}

/// A convolution or one of its adjoints.
struct Slide<'g> {
    geometry: &'g Geometry,
    groups: usize,
}

/// Positions of what one product of a convolution is of, row-major.
struct Product {
    image: usize,
    filter: usize,
    result: usize,
}

fn convolved(kind: WindowKind, slide: &Slide<'_>, operands: [&Image; 2], shape: &[usize]) -> Image {
    let [a, b] = operands.map(|operand| operand.iter().copied().collect::<Vec<f64>>());
    let [x, y] = operands.map(|operand| operand.shape());
    let mut sums = vec![0.0; shape.iter().product()];
    match kind {
        WindowKind::ConvolutionByInput { .. } => {
            slide.products(shape, y, |p| sums[p.image] += a[p.result] * b[p.filter]);
        }
        WindowKind::ConvolutionByFilter { .. } => {
            slide.products(x, shape, |p| sums[p.filter] += a[p.image] * b[p.result]);
        }
        _ => slide.products(x, y, |p| sums[p.result] += a[p.image] * b[p.filter]),
    }
    ArrayD::from_shape_vec(IxDyn(shape), sums).expect("a sum for each element")
}

impl Slide<'_> {
    fn products(&self, images: &[usize], filters: &[usize], mut visit: impl FnMut(Product)) {
        let (geometry, own, group) = (self.geometry, filters[1], filters[0] / self.groups);
        let ([height, width], taps) = (geometry.output(), geometry.taps());
        for_each_tap(geometry, images[0], |row, [oh, ow], [kh, kw], [ih, iw]| {
            let image = ((row * images[1] + ih) * images[2] + iw) * images[3];
            let result = ((row * height + oh) * width + ow) * filters[0];
            let tap = kh * geometry.size[1] + kw;
            for out in 0..filters[0] {
                let (image, result, filter) = (image + out / group * own, result + out, out * own * taps + tap);
                (0..own).for_each(|channel| {
                    visit(Product { image: image + channel, filter: filter + channel * taps, result });
                });
            }
        });
    }
}

/// Visits each window's result and its elements inside the image, row by row.
fn pooled(geometry: &Geometry, images: &[usize], mut visit: impl FnMut([usize; 4], &[[usize; 4]])) {
    let [height, width] = geometry.output();
    for row in 0..images[0] {
        for (oh, ow) in (0..height).flat_map(|oh| (0..width).map(move |ow| (oh, ow))) {
            for channel in 0..images[3] {
                let inside = |axis: usize, window: usize| {
                    (0..geometry.size[axis]).filter_map(move |element| geometry.place(axis, window, element))
                };
                let taps: Vec<[usize; 4]> =
                    inside(0, oh).flat_map(|ih| inside(1, ow).map(move |iw| [row, ih, iw, channel])).collect();
                visit([row, oh, ow, channel], &taps);
            }
        }
    }
}

fn for_each_tap(geometry: &Geometry, rows: usize, mut visit: impl FnMut(usize, [usize; 2], [usize; 2], [usize; 2])) {
    let pairs = |[height, width]: [usize; 2]| (0..height).flat_map(move |h| (0..width).map(move |w| [h, w]));
    for row in 0..rows {
        for window in pairs(geometry.output()) {
            for element in pairs(geometry.size) {
                let place = |axis: usize| geometry.place(axis, window[axis], element[axis]);
                if let (Some(ih), Some(iw)) = (place(0), place(1)) {
                    visit(row, window, element, [ih, iw]);
                }
            }
        }
    }
}

/// The first largest of some elements; NaN is larger than all.
pub(crate) fn first_largest(x: &Image, taps: &[[usize; 4]]) -> Option<[usize; 4]> {
    let larger = |a: f64, b: f64| a > b || a.is_nan() && !b.is_nan();
    taps.iter().copied().reduce(|best, tap| if larger(x[tap], x[best]) { tap } else { best })
}
