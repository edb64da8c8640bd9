//! Convolution and pooling: how windows slide, with the arithmetic of sizes in every message.

use std::rc::Rc;

use super::super::fault::Outcome;
use super::super::value::{Datum, Tensor};
use super::init::{Fans, init};
use super::layer::Leaf;
use super::slide::{Axes, Slide};
use super::{Builtin, Call};
use crate::ir::op::Reduce;
use crate::ir::window::Geometry;
use crate::ir::{Expr, Shape};
use crate::nn::{reduction, window as nn};

pub const TABLE: &[Builtin] = &[
    Builtin::new(
        "conv1d",
        "x, filters, kernel, stride = 1, padding = valid, dilation = 1, groups = 1, activation = none, use_bias = true, \
         init = glorot_uniform, bias_init = zeros, trainable = true",
        |call| convolution(call, Axes::Length),
    ),
    Builtin::new(
        "conv2d",
        "x, filters, kernel, stride = 1, padding = valid, dilation = 1, groups = 1, activation = none, use_bias = true, \
         init = glorot_uniform, bias_init = zeros, trainable = true",
        |call| convolution(call, Axes::Image),
    ),
    Builtin::new(
        "depthwise_conv2d",
        "x, kernel, stride = 1, padding = valid, depth_multiplier = 1, dilation = 1, activation = none, use_bias = true, \
         init = glorot_uniform, bias_init = zeros, trainable = true",
        depthwise,
    ),
    Builtin::new(
        "conv2d_transpose",
        "x, filters, kernel, stride = 1, padding = valid, output_padding = 0, dilation = 1, groups = 1, \
         activation = none, use_bias = true, init = glorot_uniform, bias_init = zeros, trainable = true",
        transposed,
    ),
    Builtin::new("max_pool1d", POOL, |call| pool(call, Axes::Length, nn::max_pool)),
    Builtin::new("max_pool2d", POOL, |call| pool(call, Axes::Image, nn::max_pool)),
    Builtin::new("avg_pool1d", POOL, |call| pool(call, Axes::Length, nn::avg_pool)),
    Builtin::new("avg_pool2d", POOL, |call| pool(call, Axes::Image, nn::avg_pool)),
    Builtin::new("global_avg_pool1d", GLOBAL, |call| global(call, Axes::Length, reduction::mean)),
    Builtin::new("global_avg_pool2d", GLOBAL, |call| global(call, Axes::Image, reduction::mean)),
    Builtin::new("global_max_pool1d", GLOBAL, |call| global(call, Axes::Length, largest)),
    Builtin::new("global_max_pool2d", GLOBAL, |call| global(call, Axes::Image, largest)),
];

const POOL: &str = "x, window = 2, stride = none, padding = valid";
const GLOBAL: &str = "x, keep_dims = false";

fn largest<'b>(x: Expr<'b>, axes: &[usize]) -> Expr<'b> {
    x.reduce(Reduce::Max, axes)
}

/// The filters of a layer.
struct Filters {
    shape: [usize; 4],
    fans: Fans,
    /// Whether each element of the input, rather than of the result, meets all taps.
    transposed: bool,
}

impl Filters {
    /// Filters of a window; `fans` are the channels of input and output that meet in one tap.
    fn new([out, own]: [usize; 2], fans: [usize; 2], geometry: &Geometry) -> Self {
        let [input, output] = fans.map(|channels| geometry.taps() * channels);
        let shape = [out, own, geometry.size[0], geometry.size[1]];
        Self { shape, fans: Fans { input, output }, transposed: false }
    }
}

impl<'b> Call<'_, 'b> {
    /// Declares filters `[out, in/groups, height, width]`; those of a sequence have no height.
    fn filters(&mut self, filters: &Filters, axes: Axes) -> Outcome<Expr<'b>> {
        let init = init(&self.arguments, "init", filters.fans)?;
        let role = self.role()?;
        let [out, own, height, width] = filters.shape;
        let logical = [out, own, width];
        let shape = if axes == Axes::Length { &logical[..] } else { &filters.shape };
        let weight = self.leaf(Leaf { name: "weight", shape, init, role })?;
        Ok(weight.reshape(Shape::fixed(&[out, own, height, width])))
    }

    fn bias(&mut self, y: Expr<'b>, units: usize) -> Outcome<Expr<'b>> {
        if !self.arguments.flag("use_bias")? {
            return Ok(y);
        }
        let (init, role) = (init(&self.arguments, "bias_init", Fans::of(&[units]))?, self.role()?);
        Ok(y + self.leaf(Leaf { name: "bias", shape: &[units], init, role })?)
    }

    /// What windows give: the shape of its axes, a row of the summary, and the story of its sizes.
    fn finish_window(&mut self, y: Expr<'b>, slide: &Slide<'b>, sizes: &str, taps: usize) -> Outcome<Datum<'b>> {
        self.evaluator.check_builder()?;
        let y = slide.axes.written(y);
        self.row(y, taps as u64);
        Ok(with_sizes(self.tensor(y), sizes))
    }

    /// A part of `count`, of equal parts; `name` is the argument that says how many.
    pub fn divided(&self, name: &str, what: &str, count: usize, groups: usize) -> Outcome<usize> {
        if count.is_multiple_of(groups) {
            return Ok(count / groups);
        }
        let subject = &self.arguments.subject;
        let (whole, rest) = (count / groups, count % groups);
        let message = format!(
            "`{subject}` cannot divide {count} {what} into {groups} equal groups: {count} = {groups}·{whole} + {rest}"
        );
        Err(self.arguments.mistake(name, message).into())
    }
}

/// A tensor whose story ends with how its sizes came to be.
fn with_sizes<'b>(mut tensor: Tensor<'b>, sizes: &str) -> Datum<'b> {
    Rc::make_mut(&mut tensor.origin).made.push_str(&format!(": {sizes}"));
    Datum::Tensor(tensor)
}

/// Multiply-accumulates of a sample: `terms` for each element of the result.
fn macs(y: Expr<'_>, terms: usize) -> usize {
    y.shape().written().iter().product::<usize>().saturating_mul(terms)
}

/// What a layer with filters does.
struct Layer<'b> {
    slide: Slide<'b>,
    geometry: Geometry,
    /// How the sizes of the result came to be.
    sizes: String,
    filters: Filters,
    /// Channels of the result.
    units: usize,
}

impl<'b> Layer<'b> {
    /// Declares filters and bias, applies the filters by `of`, and finishes the layer.
    fn finish(
        self,
        call: &mut Call<'_, 'b>,
        of: impl Fn(Expr<'b>, Expr<'b>, Geometry) -> Expr<'b>,
    ) -> Outcome<Datum<'b>> {
        let Self { slide, geometry, sizes, filters, units } = self;
        let weight = call.filters(&filters, slide.axes)?;
        let y = of(slide.x, weight, geometry);
        let y = call.bias(y, units)?;
        let [_, own, height, width] = filters.shape;
        let terms = own * height * width;
        let counted = if filters.transposed { slide.x } else { y };
        let y = call.finish_window(y, &slide, &sizes, macs(counted, terms))?;
        call.activate("activation", y)
    }
}

fn convolution<'b>(call: &mut Call<'_, 'b>, axes: Axes) -> Outcome<Datum<'b>> {
    let slide = Slide::of(call, axes, "kernel")?;
    let (units, groups) = (call.arguments.size("filters")?, call.arguments.size("groups")?);
    let own = call.divided("groups", "channels", slide.channels, groups)?;
    call.divided("groups", "filters", units, groups)?;
    let geometry = slide.geometry(call)?;
    let fans = [own, units];
    let layer = Layer {
        sizes: slide.sizes(&geometry),
        filters: Filters::new([units, own], fans, &geometry),
        slide,
        geometry,
        units,
    };
    layer.finish(call, |x, weight, geometry| nn::convolution(x, weight, geometry, groups))
}

fn depthwise<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let slide = Slide::of(call, Axes::Image, "kernel")?;
    let (multiplier, channels) = (call.arguments.size("depth_multiplier")?, slide.channels);
    let geometry = slide.geometry(call)?;
    let (units, fans) = (channels.saturating_mul(multiplier), [channels, multiplier]);
    let layer = Layer {
        sizes: slide.sizes(&geometry),
        filters: Filters::new([units, 1], fans, &geometry),
        slide,
        geometry,
        units,
    };
    layer.finish(call, |x, weight, geometry| nn::convolution(x, weight, geometry, channels))
}

fn transposed<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let slide = Slide::of(call, Axes::Image, "kernel")?;
    let (units, groups) = (call.arguments.size("filters")?, call.arguments.size("groups")?);
    call.divided("groups", "channels", slide.channels, groups)?;
    let own = call.divided("groups", "filters", units, groups)?;
    let (geometry, sizes) = slide.transposed(call)?;
    let fans = [own, slide.channels];
    let filters = Filters { transposed: true, ..Filters::new([slide.channels, own], fans, &geometry) };
    let layer = Layer { sizes, filters, slide, geometry, units };
    layer.finish(call, |x, weight, geometry| nn::transposed(x, weight, geometry, groups))
}

fn pool<'b>(call: &mut Call<'_, 'b>, axes: Axes, of: impl Fn(Expr<'b>, Geometry) -> Expr<'b>) -> Outcome<Datum<'b>> {
    let slide = Slide::of(call, axes, "window")?;
    let geometry = slide.geometry(call)?;
    let y = of(slide.x, geometry);
    call.finish_window(y, &slide, &slide.sizes(&geometry), 0)
}

fn global<'b>(
    call: &mut Call<'_, 'b>,
    axes: Axes,
    reduce: impl Fn(Expr<'b>, &[usize]) -> Expr<'b>,
) -> Outcome<Datum<'b>> {
    let x = axes.tensor(call)?.expr;
    let rank = x.shape().rank();
    let reduced: Vec<usize> = (usize::from(x.shape().is_batched())..rank - 1).collect();
    let y = reduce(x, &reduced);
    let y = if call.arguments.flag("keep_dims")? { reduction::keep_dims(y, x, &reduced) } else { y };
    call.row(y, 0);
    Ok(call.made(y))
}
