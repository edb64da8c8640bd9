//! Windows, tap by tap.

use ndarray::{ArrayD, IxDyn};

use crate::ir::window::{Geometry, Window, WindowKind};

type Image = ArrayD<f64>;

/// The result of an operator over windows, of this shape.
pub(super) fn eval(window: &Window, operands: &[&Image], shape: &[usize]) -> Image {
    let geometry = &window.geometry;
    let mut result = ArrayD::zeros(IxDyn(shape));
    match (window.kind, operands) {
        (WindowKind::Convolution { groups }, [x, filter]) => {
            products(geometry, groups, x.shape(), filter.shape(), |p| {
                result[p.result] += x[p.image] * filter[p.filter];
            })
        }
        (WindowKind::ConvolutionByInput { groups }, [y, filter]) => {
            products(geometry, groups, shape, filter.shape(), |p| {
                result[p.image] += y[p.result] * filter[p.filter];
            })
        }
        (WindowKind::ConvolutionByFilter { groups }, [x, y]) => products(geometry, groups, x.shape(), shape, |p| {
            result[p.filter] += x[p.image] * y[p.result];
        }),
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

/// What one product of a convolution is of.
struct Product {
    image: [usize; 4],
    filter: [usize; 4],
    result: [usize; 4],
}

fn products(geometry: &Geometry, groups: usize, images: &[usize], filters: &[usize], mut visit: impl FnMut(Product)) {
    let (own, group) = (filters[1], filters[0] / groups);
    for_each_tap(geometry, images[0], |row, [oh, ow], [kh, kw], [ih, iw]| {
        for out in 0..filters[0] {
            for channel in 0..own {
                visit(Product {
                    image: [row, ih, iw, out / group * own + channel],
                    filter: [out, channel, kh, kw],
                    result: [row, oh, ow, out],
                });
            }
        }
    });
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
