//! The type rules of windows: images are `[batch, height, width, channels]`, filters `[out, in/groups, height, width]`.

use super::{fault, one, real, two};
use crate::ir::window::{Geometry, Window, WindowKind};
use crate::ir::{Dim, Fault, Shape, Type};

/// The type of images, results or filters, whichever the operator gives.
pub(super) fn infer(window: &Window, operands: &[&Type]) -> Result<Type, Fault> {
    let geometry = &window.geometry;
    check(geometry)?;
    let shape = match window.kind {
        WindowKind::Convolution { groups } => {
            let (images, filters) = two(operands)?;
            let channels = sized(images, geometry.input)?;
            let [out, own] = filter(filters, geometry, groups)?;
            equal("channels", channels, own * groups)?;
            geometry.results(&images.shape, out)
        }
        WindowKind::ConvolutionByInput { groups } => {
            let (results, filters) = two(operands)?;
            let channels = sized(results, geometry.output())?;
            let [out, own] = filter(filters, geometry, groups)?;
            equal("filters", channels, out)?;
            geometry.images(&results.shape, own * groups)
        }
        WindowKind::ConvolutionByFilter { groups } => {
            let (images, results) = two(operands)?;
            let (channels, out) = (sized(images, geometry.input)?, sized(results, geometry.output())?);
            same_batch(images, results)?;
            divides(groups, channels)?;
            divides(groups, out)?;
            Shape::fixed(&[out, channels / groups, geometry.size[0], geometry.size[1]])
        }
        WindowKind::Sum | WindowKind::Max => {
            let images = one(operands)?;
            let channels = sized(images, geometry.input)?;
            geometry.results(&images.shape, channels)
        }
        WindowKind::SumByInput => {
            let results = one(operands)?;
            let channels = sized(results, geometry.output())?;
            geometry.images(&results.shape, channels)
        }
        WindowKind::MaxByInput => {
            let (images, results) = two(operands)?;
            equal("channels", sized(images, geometry.input)?, sized(results, geometry.output())?)?;
            same_batch(images, results)?;
            images.shape.clone()
        }
        WindowKind::MaxAt => {
            let (images, others) = two(operands)?;
            let channels = sized(images, geometry.input)?;
            if images != others {
                return fault(format!("{} and {} differ", images.written(), others.written()));
            }
            geometry.results(&images.shape, channels)
        }
    };
    Ok(Type::f32(shape))
}

fn check(geometry: &Geometry) -> Result<(), Fault> {
    let lengths = [geometry.input, geometry.size, geometry.stride, geometry.dilation];
    if lengths.as_flattened().contains(&0) {
        return fault("a length of a window is zero".to_owned());
    }
    match geometry.output().iter().position(|&length| length == 0) {
        Some(axis) => {
            let (extent, padded) = (geometry.extent(axis), geometry.padded(axis));
            fault(format!("a window of {extent} does not fit into {padded}"))
        }
        None => Ok(()),
    }
}

/// The channels of images of this height and width.
fn sized(ty: &Type, size: [usize; 2]) -> Result<usize, Fault> {
    match real(ty)?.shape.0[..] {
        [_, height, width, Dim { size: channels, .. }] if [height, width] == size.map(Dim::fixed) => Ok(channels),
        _ => fault(format!("{} has no images of {} by {}", ty.written(), size[0], size[1])),
    }
}

/// The outputs of filters, and the channels that each reads.
fn filter(ty: &Type, geometry: &Geometry, groups: usize) -> Result<[usize; 2], Fault> {
    match real(ty)?.shape.0[..] {
        [out, own, height, width] if [height, width] == geometry.size.map(Dim::fixed) && !out.batched && groups > 0 => {
            divides(groups, out.size)?;
            Ok([out.size, own.size])
        }
        _ => fault(format!("{} is not made of filters of {:?}", ty.written(), geometry.size)),
    }
}

fn divides(groups: usize, channels: usize) -> Result<(), Fault> {
    if groups > 0 && channels.is_multiple_of(groups) {
        Ok(())
    } else {
        fault(format!("{channels} channels are not {groups} equal groups"))
    }
}

fn equal(what: &str, a: usize, b: usize) -> Result<(), Fault> {
    if a == b { Ok(()) } else { fault(format!("{a} and {b} {what} differ")) }
}

fn same_batch(a: &Type, b: &Type) -> Result<(), Fault> {
    if a.shape.0[0] == b.shape.0[0] { Ok(()) } else { fault(format!("{a} and {b} have different batches")) }
}
