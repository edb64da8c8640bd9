//! Convolution and pooling: derivatives of both orders against central differences, and plans against the evaluator.

mod passes_common;
mod plan_common;

use graven_compiler::ir::op::{Binary, Reduce, Source};
use graven_compiler::ir::window::{Geometry, WindowKind};
use graven_compiler::ir::{Builder, Expr, Purpose, Shape, Type};
use graven_compiler::nn::window::{avg_pool, convolution, max_pool, transposed};
use graven_compiler::plan::window::Filters;
use passes_common::differences::{ANY, check as check_derivatives};
use plan_common::{Net, check, dense, parameter};

const fn geometry(input: [usize; 2], size: [usize; 2]) -> Geometry {
    Geometry { input, size, stride: [1; 2], dilation: [1; 2], low: [0; 2], high: [0; 2] }
}

/// Windows of all kinds over images of 5 by 6: plain, padded unevenly, strided, dilated, and wider than the image.
fn geometries() -> Vec<Geometry> {
    let plain = geometry([5, 6], [3, 2]);
    vec![
        plain,
        Geometry { low: [1, 0], high: [1, 1], ..plain },
        Geometry { stride: [2, 3], low: [1, 1], high: [0, 1], ..plain },
        Geometry { dilation: [2, 2], low: [0, 1], high: [1, 0], ..plain },
        Geometry { stride: [2, 2], ..geometry([5, 6], [1, 1]) },
        Geometry { low: [3, 3], high: [3, 3], ..geometry([5, 6], [6, 7]) },
        geometry([5, 6], [5, 6]),
    ]
}

fn window<'b>(x: Expr<'b>, geometry: Geometry, kind: WindowKind, other: Option<Expr<'b>>) -> Expr<'b> {
    x.window(geometry, kind, other)
}

#[test]
fn derivatives_of_convolutions() {
    for geometry in geometries() {
        for (channels, filters, groups) in [(2, 3, 1), (2, 4, 2)] {
            let images = [1, 5, 6, channels];
            let [height, width] = geometry.output();
            let results = [1, height, width, filters];
            let weights = [filters, channels / groups, geometry.size[0], geometry.size[1]];
            let kinds: [(WindowKind, [&[usize]; 2]); 3] = [
                (WindowKind::Convolution { groups }, [&images, &weights]),
                (WindowKind::ConvolutionByInput { groups }, [&results, &weights]),
                (WindowKind::ConvolutionByFilter { groups }, [&images, &results]),
            ];
            for (kind, shapes) in kinds {
                check_derivatives(&format!("{kind:?} {geometry:?}"), ANY, &shapes, |x| {
                    window(x[0], geometry, kind, Some(x[1]))
                });
            }
        }
    }
}

#[test]
fn derivatives_of_pools() {
    for geometry in geometries() {
        let images: &[usize] = &[1, 5, 6, 2];
        let [height, width] = geometry.output();
        let results: &[usize] = &[1, height, width, 2];
        check_derivatives("sum", ANY, &[images], |x| window(x[0], geometry, WindowKind::Sum, None).square());
        check_derivatives("sum by input", ANY, &[results], |x| {
            window(x[0], geometry, WindowKind::SumByInput, None).square()
        });
        check_derivatives("mean", ANY, &[&[5, 6, 2]], |x| avg_pool(x[0], geometry));
        check_derivatives("max", ANY, &[images], |x| window(x[0], geometry, WindowKind::Max, None).square());
        check_derivatives("max by input", ANY, &[images, results], |x| {
            window(x[0], geometry, WindowKind::MaxByInput, Some(x[1])) * x[0]
        });
        check_derivatives("max at", ANY, &[images, images], |x| {
            window(x[0], geometry, WindowKind::MaxAt, Some(x[1])) * x[1].reduce(Reduce::Sum, &[0, 1, 2, 3])
        });
    }
}

fn input<'b>(builder: &'b Builder, sizes: &[usize]) -> Expr<'b> {
    builder.input("x", Type::f32(Shape::batched(sizes)))
}

fn relu(x: Expr<'_>) -> Expr<'_> {
    x.binary(Binary::Max, x.builder.scalar(0.0))
}

/// A convolution with a bias.
fn layer<'b>(x: Expr<'b>, name: &str, filters: usize, geometry: Geometry, groups: usize) -> Expr<'b> {
    let channels = x.shape().0[3].size;
    let shape = [filters, channels / groups, geometry.size[0], geometry.size[1]];
    let weight = parameter(x.builder, &format!("{name}.weight"), &shape);
    convolution(x, weight, geometry, groups) + parameter(x.builder, &format!("{name}.bias"), &[filters])
}

fn square_loss(y: Expr<'_>) {
    let axes: Vec<usize> = (0..y.shape().rank()).collect();
    let loss = y.square().reduce(Reduce::Sum, &axes) * y.builder.source(Source::InverseTotal);
    y.builder.keep(Purpose::Output(0), y.value);
    y.builder.keep(Purpose::Loss, loss.value);
}

#[test]
fn plans_of_one_convolution() {
    for geometry in geometries() {
        for (channels, filters, groups) in [(2, 35, 1), (4, 66, 2), (3, 3, 3), (2, 6, 2), (1, 33, 1)] {
            check(&Net::trained(|b| {
                square_loss(relu(layer(input(b, &[5, 6, channels]), "conv", filters, geometry, groups)));
            }));
        }
    }
}

#[test]
fn plans_of_padded_towers() {
    let same = Geometry { low: [1; 2], high: [1; 2], ..geometry([5, 6], [3, 3]) };
    let half = Geometry { stride: [2; 2], low: [1, 0], high: [1, 1], ..geometry([5, 6], [3, 3]) };
    let point = Geometry { stride: [2; 2], ..geometry([5, 6], [1, 1]) };
    check(&Net::trained(|b| {
        let x = relu(layer(input(b, &[5, 6, 3]), "stem", 4, same, 1));
        let y = relu(layer(x, "first", 4, same, 1));
        let y = relu(layer(y, "second", 4, same, 1) + x);
        let z = layer(y, "down", 5, half, 1) + layer(y, "shortcut", 5, point, 1);
        let z = z.reduce(Reduce::Sum, &[1, 2]);
        square_loss(dense(z, "head", 3));
    }));
}

#[test]
fn plans_of_depthwise_and_pointwise_towers() {
    let same = Geometry { low: [1; 2], high: [1; 2], ..geometry([5, 6], [3, 3]) };
    let pixel = geometry([5, 6], [1, 1]);
    check(&Net::trained(|b| {
        let x = relu(layer(input(b, &[5, 6, 3]), "stem", 4, pixel, 1));
        let y = relu(layer(x, "depthwise", 4, same, 4));
        let y = relu(layer(y, "pointwise", 6, pixel, 1));
        let y = relu(layer(y, "depthwise_1", 6, same, 6));
        square_loss(layer(y, "pointwise_1", 2, pixel, 1));
    }));
}

#[test]
fn plans_of_pools() {
    for geometry in geometries() {
        for pool in [avg_pool, max_pool] {
            check(&Net::trained(|b| {
                let same = Geometry { low: [1; 2], high: [1; 2], ..self::geometry([5, 6], [3, 3]) };
                let x = layer(input(b, &[5, 6, 2]), "conv", 3, same, 1);
                let skip = layer(x, "skip", 3, same, 1);
                square_loss(relu(pool(x, geometry)) + pool(skip, geometry));
            }));
        }
    }
}

#[test]
fn plans_of_transposed_convolutions() {
    let twice = Geometry { stride: [2; 2], low: [0; 2], high: [1, 1], ..geometry([6, 8], [3, 3]) };
    for groups in [1, 2] {
        check(&Net::trained(|b| {
            let x = input(b, &[3, 4, 4]);
            let weight = parameter(b, "weight", &[4, 6 / groups, 3, 3]);
            let y = relu(transposed(x, weight, twice, groups));
            let same = Geometry { low: [1; 2], high: [1; 2], ..geometry([6, 8], [3, 3]) };
            square_loss(layer(y, "conv", 2, same, 1));
        }));
    }
}

#[test]
fn plans_of_filters_in_row_major_order() {
    let same = Geometry { low: [1; 2], high: [1; 2], ..geometry([5, 6], [3, 3]) };
    for (channels, filters, groups) in [(2, 66, 1), (4, 66, 2), (3, 6, 3)] {
        check(&Net::trained(|b| {
            let weight = parameter(b, "weight", &[filters, channels / groups, 3, 3]);
            let norm = weight.square().reduce(Reduce::Sum, &[1, 2, 3]).broadcast(weight.shape(), vec![0]);
            square_loss(convolution(input(b, &[5, 6, channels]), weight / norm, same, groups));
        }));
    }
}

#[test]
fn the_order_of_filters_is_a_permutation() {
    for (groups, own, filters) in [(1, 3, 70), (2, 3, 70), (5, 1, 10), (1, 1, 40)] {
        let order = Filters { groups, own, taps: 6, filters };
        let mut places: Vec<usize> = (0..order.len()).map(|index| order.place(index)).collect();
        let mut moved = vec![usize::MAX; order.len()];
        for ([from, to], axes) in order.copies() {
            let lengths: Vec<usize> = axes.iter().map(|axis| axis.length.size).collect();
            for number in 0..lengths.iter().product() {
                let (mut rest, mut from, mut to) = (number, from, to);
                for (axis, length) in axes.iter().zip(&lengths).rev() {
                    from += rest % length * axis.from.unsigned_abs();
                    to += rest % length * axis.to;
                    rest /= length;
                }
                moved[from] = to;
            }
        }
        assert_eq!(moved, places);
        places.sort_unstable();
        assert!(places.into_iter().eq(0..order.len()));
    }
}
