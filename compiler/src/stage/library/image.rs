//! Images: other sizes, normalisation by groups of channels, and what changes them in training.

use super::super::fault::Outcome;
use super::super::value::{Datum, Tensor};
use super::slide::Axes;
use super::{Builtin, Call};
use crate::ir::Expr;
use crate::nn::{image, norm, shape};

pub const TABLE: &[Builtin] = &[
    Builtin::new("upsample2d", "x, size = 2, interpolation = nearest", upsample),
    Builtin::new("zero_pad2d", "x, padding = 1", zero_pad),
    Builtin::new("crop2d", "x, cropping", crop),
    Builtin::new(
        "group_norm",
        "x, groups = 32, epsilon = 1e-3, center = true, scale = true, trainable = true",
        |call| {
            let groups = call.arguments.size("groups")?;
            group_norm(call, Some(groups))
        },
    ),
    Builtin::new("instance_norm", "x, epsilon = 1e-3, center = true, scale = true, trainable = true", |call| {
        group_norm(call, None)
    }),
    Builtin::new("spatial_dropout", "x, rate", spatial_dropout),
    Builtin::new("random_flip", "x, mode = horizontal_and_vertical", random_flip),
    Builtin::new("random_crop", "x, height, width", random_crop),
    Builtin::new("cutout", "x, size", cutout),
];

fn upsample<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let x = Axes::Image.tensor(call)?;
    let size = call.image_sizes("size")?;
    let y = match call.arguments.get("interpolation") {
        Datum::Symbol("nearest") => image::upsample_nearest(x.expr, size),
        Datum::Symbol("bilinear") => image::upsample_bilinear(x.expr, size),
        other => {
            let message = format!("`interpolation` is `nearest` or `bilinear`, but this is {}", other.describe());
            return Err(call.arguments.mistake("interpolation", message).into());
        }
    };
    Ok(call.made(y))
}

fn zero_pad<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let x = Axes::Image.tensor(call)?;
    let [low, high] = call.sides("padding")?;
    let [low, high] = [low, high].map(|side| [side[0], side[1], 0]);
    Ok(call.made(shape::pad(x.expr, &low, &high, 0.0)))
}

fn crop<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let x = Axes::Image.tensor(call)?;
    let [low, high] = call.sides("cropping")?;
    let written = x.expr.shape().written();
    let mut lengths = written.clone();
    for axis in 0..2 {
        match written[axis].checked_sub(low[axis] + high[axis]).filter(|length| *length > 0) {
            Some(length) => lengths[axis] = length,
            None => {
                let name = ["height", "width"][axis];
                let sum = format!("{} − {} − {}", written[axis], low[axis], high[axis]);
                let message = format!("`crop2d` leaves nothing of the {name}: {sum}");
                return Err(call.arguments.mistake("cropping", message).note(x.story("its input")).into());
            }
        }
    }
    Ok(call.made(shape::slice(x.expr, &[low[0], low[1], 0], &lengths)))
}

/// Over groups of channels, or over each channel for itself.
fn group_norm<'b>(call: &mut Call<'_, 'b>, groups: Option<usize>) -> Outcome<Datum<'b>> {
    let x = call.arguments.tensor("x")?;
    let channels = call.features(&x)?;
    let groups = groups.unwrap_or(channels);
    call.divided("groups", "channels", channels, groups)?;
    let y = norm::group_norm(x.expr, groups, call.arguments.real("epsilon")?);
    call.finish_affine(y, &[channels])
}

impl<'b> Call<'_, 'b> {
    fn drawn(&mut self, from: &Tensor<'b>, y: Expr<'b>) -> Datum<'b> {
        self.row(y, 0);
        self.made_from(from, y)
    }
}

fn spatial_dropout<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let x = call.arguments.tensor("x")?;
    let rate = call.arguments.real_in("rate", 0.0, 1.0)?;
    let operator = call.next_draw();
    let y = if call.is_training() && rate > 0.0 { image::spatial_dropout(x.expr, rate, operator) } else { x.expr };
    Ok(call.drawn(&x, y))
}

fn random_flip<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let x = Axes::Image.tensor(call)?;
    let axes: &[usize] = match call.arguments.get("mode") {
        Datum::Symbol("horizontal") => &[2],
        Datum::Symbol("vertical") => &[1],
        Datum::Symbol("horizontal_and_vertical") => &[1, 2],
        other => {
            let modes = "`horizontal`, `vertical` or `horizontal_and_vertical`";
            let message = format!("`mode` is {modes}, but this is {}", other.describe());
            return Err(call.arguments.mistake("mode", message).into());
        }
    };
    let mut y = x.expr;
    for &axis in axes {
        let operator = call.next_draw();
        if call.is_training() && y.shape().is_batched() {
            y = image::random_flip(y, axis, operator);
        }
    }
    Ok(call.drawn(&x, y))
}

fn random_crop<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let x = Axes::Image.tensor(call)?;
    let (size, written) = ([call.arguments.size("height")?, call.arguments.size("width")?], x.expr.shape().written());
    for (axis, name) in ["height", "width"].into_iter().enumerate() {
        if size[axis] > written[axis] {
            let message = format!("`random_crop` cannot take a {name} of {} from {}", size[axis], written[axis]);
            return Err(call.arguments.mistake(name, message).note(x.story("its input")).into());
        }
    }
    let operators = [call.next_draw(), call.next_draw()];
    let y = if call.is_training() && x.expr.shape().is_batched() {
        image::random_crop(x.expr, size, operators)
    } else {
        let starts = [(written[0] - size[0]) / 2, (written[1] - size[1]) / 2, 0];
        shape::slice(x.expr, &starts, &[size[0], size[1], written[2]])
    };
    Ok(call.drawn(&x, y))
}

fn cutout<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let x = Axes::Image.tensor(call)?;
    let side = call.arguments.size("size")?;
    let operators = [call.next_draw(), call.next_draw()];
    let y =
        if call.is_training() && x.expr.shape().is_batched() { image::cutout(x.expr, side, operators) } else { x.expr };
    Ok(call.drawn(&x, y))
}
