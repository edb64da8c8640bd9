//! Convolution and pooling of images `[batch, height, width, channels]`, or of one image without a batch.

use crate::ir::op::{Binary, Source};
use crate::ir::window::{Geometry, WindowKind};
use crate::ir::{Dim, Expr, Shape};

/// The convolution of images with filters `[out, in/groups, height, width]`.
pub fn convolution<'b>(x: Expr<'b>, filters: Expr<'b>, geometry: Geometry, groups: usize) -> Expr<'b> {
    on_images(x, |x| x.window(geometry, WindowKind::Convolution { groups }, Some(filters)))
}

/// The adjoint of a convolution by its images, as a layer: images of the size that the geometry says.
pub fn transposed<'b>(y: Expr<'b>, filters: Expr<'b>, geometry: Geometry, groups: usize) -> Expr<'b> {
    on_images(y, |y| y.window(geometry, WindowKind::ConvolutionByInput { groups }, Some(filters)))
}

/// The largest of each window.
pub fn max_pool(x: Expr<'_>, geometry: Geometry) -> Expr<'_> {
    on_images(x, |x| x.window(geometry, WindowKind::Max, None))
}

/// The mean of each window's elements inside the image.
pub fn avg_pool(x: Expr<'_>, geometry: Geometry) -> Expr<'_> {
    on_images(x, |x| {
        let sum = x.window(geometry, WindowKind::Sum, None);
        if [geometry.low, geometry.high] == [[0; 2]; 2] {
            return sum * (1.0 / geometry.taps() as f64);
        }
        let counts = [0, 1].map(|axis| inside(x, &geometry, axis).broadcast(sum.shape(), vec![axis + 1]));
        sum / (counts[0] * counts[1])
    })
}

/// For each window along an axis, how many of its elements are inside the image:
/// min(i·stride − low + size, length) − max(i·stride − low, 0)
fn inside<'b>(x: Expr<'b>, geometry: &Geometry, axis: usize) -> Expr<'b> {
    let number = |value: usize| x.builder.scalar(value as f64);
    let windows = x.builder.source(Source::Iota(geometry.output()[axis])) * geometry.stride[axis] as f64;
    let first = windows - geometry.low[axis] as f64;
    let end = first + geometry.size[axis] as f64;
    end.binary(Binary::Min, number(geometry.input[axis])) - first.binary(Binary::Max, number(0))
}

/// Gives a value that is the same for all rows a batch axis of length one meanwhile.
fn on_images<'b>(x: Expr<'b>, f: impl FnOnce(Expr<'b>) -> Expr<'b>) -> Expr<'b> {
    let shape = x.shape();
    if shape.is_batched() {
        return f(x);
    }
    let y = f(x.reshape(Shape([&[Dim::fixed(1)], &shape.0[..]].concat())));
    let result = Shape(y.shape().0.into_iter().skip(1).collect());
    y.reshape(result)
}
