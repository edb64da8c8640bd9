//! How a window slides over the axes of an image or a sequence: sizes, strides and padding as arguments say them, and
//! the arithmetic of lengths as a sentence.

use super::super::fault::{Mistake, Outcome};
use super::super::value::{Datum, Tensor};
use super::Call;
use crate::ir::window::Geometry;
use crate::ir::{Dim, Expr};

/// The axes that windows slide along.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Axes {
    /// The length of a sequence `[length, channels]`, which is taken for an image of height one.
    Length,
    /// Height and width of an image `[height, width, channels]`.
    Image,
}

impl Axes {
    /// The argument `x`, an image or a sequence.
    pub fn tensor<'b>(self, call: &Call<'_, 'b>) -> Outcome<Tensor<'b>> {
        let x = call.arguments.tensor("x")?;
        let shape = x.expr.shape().written();
        let (rank, what) = match self {
            Self::Length => (2, "a sequence [length, channels]"),
            Self::Image => (3, "an image [height, width, channels]"),
        };
        if shape.len() == rank {
            return Ok(x);
        }
        let message = format!("`{}` takes {what}, not {shape:?}", call.arguments.subject);
        let mistake = call.arguments.mistake("x", message).note(x.story("its input"));
        Err(mistake.maybe_help(self.reshaped(&x, &shape)).into())
    }

    fn reshaped(self, x: &Tensor<'_>, shape: &[usize]) -> Option<String> {
        let name = x.origin.name.as_deref().unwrap_or("x");
        let dims = match (self, shape) {
            (Self::Length, [length]) => format!("[{length}, 1]"),
            (Self::Image, [height, width]) => format!("[{height}, {width}, 1]"),
            (Self::Image, [length]) => {
                let side = length.isqrt();
                (side * side == *length).then(|| format!("[{side}, {side}, 1]"))?
            }
            _ => return None,
        };
        Some(format!("`reshape({name}, {dims})` makes one of it"))
    }

    /// The place of an axis of windows among the numbers of an argument, if it has one.
    fn position(self, axis: usize) -> Option<usize> {
        match self {
            Self::Length => axis.checked_sub(1),
            Self::Image => Some(axis),
        }
    }

    fn count(self) -> usize {
        match self {
            Self::Length => 1,
            Self::Image => 2,
        }
    }

    fn name(self, axis: usize) -> &'static str {
        match (self, axis) {
            (Self::Length, _) => "length",
            (Self::Image, 0) => "height",
            (Self::Image, _) => "width",
        }
    }

    /// A result as the user sees it: a sequence has no height.
    pub fn written(self, y: Expr<'_>) -> Expr<'_> {
        if self == Self::Image {
            return y;
        }
        let mut shape = y.shape();
        shape.0.remove(shape.rank() - 3);
        y.reshape(shape)
    }

    /// An input as windows see it.
    fn images(self, x: Expr<'_>) -> Expr<'_> {
        if self == Self::Image {
            return x;
        }
        let mut shape = x.shape();
        shape.0.insert(shape.rank() - 2, Dim::fixed(1));
        x.reshape(shape)
    }
}

/// What slides over what.
pub struct Slide<'b> {
    /// The axes.
    pub axes: Axes,
    /// The images.
    pub x: Expr<'b>,
    /// Their channels.
    pub channels: usize,
    tensor: Tensor<'b>,
    argument: &'static str,
    /// Where the windows lie without padding.
    bare: Geometry,
}

/// Elements before and behind each axis.
type Sides = [[usize; 2]; 2];

/// One axis of an adjoint: its padding, its length if anything is left of it, and how that came to be.
struct Transposed {
    low: usize,
    high: usize,
    whole: Option<usize>,
    sum: String,
}

enum Padding {
    Valid,
    Same,
    Causal,
    Given(Sides),
}

impl<'b> Slide<'b> {
    /// What the arguments of a layer say but for the padding; `argument` is the one that says the size of the window.
    pub fn of(call: &Call<'_, 'b>, axes: Axes, argument: &'static str) -> Outcome<Self> {
        let tensor = axes.tensor(call)?;
        let x = axes.images(tensor.expr);
        let written = x.shape().written();
        let size = call.sizes(argument, axes)?;
        let stride = if call.arguments.is_none("stride") { size } else { call.sizes("stride", axes)? };
        let has_dilation = call.arguments.builtin.parameters().any(|(name, _)| name == "dilation");
        let dilation = if has_dilation { call.sizes("dilation", axes)? } else { [1; 2] };
        let input = [written[0], written[1]];
        let bare = Geometry { input, size, stride, dilation, low: [0; 2], high: [0; 2] };
        Ok(Self { axes, x, channels: written[2], tensor, argument, bare })
    }

    /// Where the windows of a convolution or pool lie.
    pub fn geometry(&self, call: &Call<'_, 'b>) -> Outcome<Geometry> {
        let [low, high] = match padding(call, self.axes)? {
            Padding::Valid => [[0; 2]; 2],
            Padding::Given(sides) => sides,
            Padding::Causal => [[0, self.bare.extent(1) - 1], [0; 2]],
            Padding::Same => self.same(),
        };
        let geometry = Geometry { low, high, ..self.bare };
        match (0..2).find(|&axis| geometry.extent(axis) > geometry.padded(axis)) {
            Some(axis) => Err(self.no_room(call, &geometry, axis).into()),
            None => Ok(geometry),
        }
    }

    fn no_room(&self, call: &Call<'_, 'b>, geometry: &Geometry, axis: usize) -> Mistake {
        let (argument, name) = (self.argument, self.axes.name(axis));
        let subject = &call.arguments.subject;
        let rest = geometry.padded(axis) as i128 - geometry.extent(axis) as i128;
        let result = rest.div_euclid(geometry.stride[axis] as i128) + 1;
        let sum = arithmetic(geometry, axis);
        let result = result.to_string().replace('-', "−");
        let message = format!("the {argument} of `{subject}` is larger than the padded {name}: {sum} = {result}");
        let mistake = call.arguments.mistake(argument, message).note(self.tensor.story("its input"));
        mistake.help("`padding = same` adds what is missing")
    }

    /// As much padding as makes the result `input / stride` long, rounded up; what is odd goes behind.
    fn same(&self) -> Sides {
        let total = [0, 1].map(|axis| {
            let (input, stride) = (self.bare.input[axis], self.bare.stride[axis]);
            ((input.div_ceil(stride) - 1) * stride + self.bare.extent(axis)).saturating_sub(input)
        });
        [total.map(|total| total / 2), total.map(|total| total.div_ceil(2))]
    }

    /// Where the windows of the convolution lie whose adjoint is asked for, and how its size came to be.
    pub fn transposed(&self, call: &Call<'_, 'b>) -> Outcome<(Geometry, String)> {
        let padding = padding(call, self.axes)?;
        let extra = call.numbers("output_padding", self.axes, 0)?;
        let mut geometry = self.bare;
        let mut sums = Vec::new();
        for (axis, extra) in extra.into_iter().enumerate() {
            let stride = self.bare.stride[axis];
            if extra > 0 && extra >= stride {
                let message = format!("`output_padding` must be less than the stride, but it is {extra} and {stride}");
                return Err(call.arguments.mistake("output_padding", message).into());
            }
            let Transposed { low, high, whole, sum } = self.transposed_axis(&padding, axis, extra);
            let Some(whole) = whole.filter(|whole| *whole > 0) else {
                let (subject, name) = (&call.arguments.subject, self.axes.name(axis));
                let message = format!("the padding of `{subject}` leaves nothing of the {name}: {sum}");
                return Err(call.arguments.mistake("padding", message).note(self.tensor.story("its input")).into());
            };
            (geometry.input[axis], geometry.low[axis], geometry.high[axis]) = (whole, low, high);
            sums.push(format!("{sum} = {whole}"));
        }
        if geometry.output() != self.bare.input {
            let (subject, from) = (&call.arguments.subject, geometry.input);
            let (given, asked) = (geometry.output(), self.bare.input);
            let message = format!(
                "`{subject}` cannot be the adjoint of a convolution: from {from:?} that would give {given:?}, not {asked:?}"
            );
            return Err(call.arguments.mistake("padding", message).note(self.tensor.story("its input")).into());
        }
        Ok((geometry, self.told(&sums[0], &sums[1])))
    }

    fn transposed_axis(&self, padding: &Padding, axis: usize, extra: usize) -> Transposed {
        let Geometry { input, stride, .. } = self.bare;
        let (length, stride, extent) = (input[axis], stride[axis], self.bare.extent(axis));
        let beyond = extent.saturating_sub(stride);
        match padding {
            Padding::Same => Transposed {
                low: beyond / 2,
                high: beyond.div_ceil(2),
                whole: Some(length * stride),
                sum: format!("{length}·{stride}"),
            },
            Padding::Valid | Padding::Causal => Transposed {
                low: 0,
                high: 0,
                whole: Some(length * stride + beyond + extra),
                sum: format!("{length}·{stride} + max({extent} − {stride}, 0)"),
            },
            Padding::Given([low, high]) => {
                let (low, high) = (low[axis], high[axis]);
                let sides = if low == high { format!("2·{low}") } else { format!("({low} + {high})") };
                let whole = ((length - 1) * stride + extent + extra).checked_sub(low + high);
                Transposed {
                    low, high, whole, sum: format!("({length} − 1)·{stride} − {sides} + {extent} + {extra}")
                }
            }
        }
    }

    /// How the lengths of the result came to be.
    pub fn sizes(&self, geometry: &Geometry) -> String {
        let sum = |axis: usize| format!("{} = {}", arithmetic(geometry, axis), geometry.output()[axis]);
        self.told(&sum(0), &sum(1))
    }

    fn told(&self, height: &str, width: &str) -> String {
        match self.axes {
            Axes::Length => format!("length {width}"),
            Axes::Image if height == width => format!("height and width {height}"),
            Axes::Image => format!("height {height}, width {width}"),
        }
    }
}

/// `(28 + 2·0 − 5)/1 + 1`
fn arithmetic(geometry: &Geometry, axis: usize) -> String {
    let (low, high, stride) = (geometry.low[axis], geometry.high[axis], geometry.stride[axis]);
    let padding = if low == high { format!("2·{low}") } else { format!("{low} + {high}") };
    let covered = match (geometry.size[axis], geometry.dilation[axis]) {
        (size, 1) => size.to_string(),
        (size, dilation) => format!("{dilation}·({size} − 1) − 1"),
    };
    format!("({} + {padding} − {covered})/{stride} + 1", geometry.input[axis])
}

fn padding(call: &Call<'_, '_>, axes: Axes) -> Outcome<Padding> {
    let given = call.arguments.get("padding");
    match &given {
        Datum::Symbol("valid") => return Ok(Padding::Valid),
        Datum::Symbol("same") => return Ok(Padding::Same),
        Datum::Symbol("causal") if axes == Axes::Length => return Ok(Padding::Causal),
        Datum::Text(text) if text == "valid" => return Ok(Padding::Valid),
        Datum::Text(text) if text == "same" => return Ok(Padding::Same),
        _ => {}
    }
    match sides(&given, axes) {
        Some(sides) => Ok(Padding::Given(sides)),
        None => {
            let forms = match axes {
                Axes::Length => "`valid`, `same`, `causal`, a number, or `[(before, behind)]`",
                Axes::Image => "`valid`, `same`, a number, `[height, width]`, or `[(top, bottom), (left, right)]`",
            };
            let subject = &call.arguments.subject;
            let message = format!("`padding` of `{subject}` must be {forms}, but this is {}", given.describe());
            Err(call.arguments.mistake("padding", message).into())
        }
    }
}

/// Elements before and behind each axis: of a number, of one for each axis, or of a pair for each axis.
fn sides(datum: &Datum<'_>, axes: Axes) -> Option<Sides> {
    let number = |datum: &Datum<'_>| match datum {
        Datum::Int(value) => usize::try_from(*value).ok().filter(|value| *value < 1 << 24),
        _ => None,
    };
    let both = |datum: &Datum<'_>| match datum {
        Datum::Tuple(pair) | Datum::List(pair) => match &pair[..] {
            [low, high] => Some([number(low)?, number(high)?]),
            _ => None,
        },
        one => number(one).map(|both| [both; 2]),
    };
    let each: Vec<[usize; 2]> = match datum {
        Datum::List(items) | Datum::Tuple(items) => items.iter().map(both).collect::<Option<_>>()?,
        one => vec![both(one)?; axes.count()],
    };
    if each.len() != axes.count() {
        return None;
    }
    let side = |which: usize| std::array::from_fn(|axis| axes.position(axis).map_or(0, |place| each[place][which]));
    Some([side(0), side(1)])
}

impl Call<'_, '_> {
    /// Positive whole numbers for the axes of windows: one for all, or a list. A sequence has height one.
    fn sizes(&self, name: &str, axes: Axes) -> Outcome<[usize; 2]> {
        let numbers = self.numbers(name, axes, 1)?;
        match numbers.iter().find(|number| **number == 0) {
            None => Ok(numbers),
            Some(_) => {
                let message = format!("`{name}` of `{}` must be positive, but it is 0", self.arguments.subject);
                Err(self.arguments.mistake(name, message).into())
            }
        }
    }

    /// Whole numbers for the axes of windows; `missing` for the height of a sequence.
    fn numbers(&self, name: &str, axes: Axes, missing: usize) -> Outcome<[usize; 2]> {
        let given = self.arguments.ints(name)?;
        let numbers: Option<Vec<usize>> =
            given.iter().map(|number| usize::try_from(*number).ok().filter(|number| *number < 1 << 24)).collect();
        let is_one = matches!(self.arguments.get(name), Datum::Int(_));
        let numbers = numbers.filter(|numbers| is_one || numbers.len() == axes.count());
        let Some(numbers) = numbers else {
            let many = if axes == Axes::Image { "a number or [height, width]" } else { "a number" };
            let subject = &self.arguments.subject;
            let message =
                format!("`{name}` of `{subject}` must be {many}, but it is {}", self.arguments.get(name).show());
            return Err(self.arguments.mistake(name, message).into());
        };
        let number = |place: usize| numbers.get(place).or(numbers.first()).copied().unwrap_or(missing);
        Ok(std::array::from_fn(|axis| axes.position(axis).map_or(missing, number)))
    }

    /// Elements before and behind height and width, as `zero_pad2d` and `crop2d` take them.
    pub fn sides(&self, name: &str) -> Outcome<Sides> {
        let given = self.arguments.get(name);
        sides(&given, Axes::Image).ok_or_else(|| {
            let forms = "a number, `[height, width]`, or `[(top, bottom), (left, right)]`";
            let subject = &self.arguments.subject;
            let message = format!("`{name}` of `{subject}` must be {forms}, but this is {}", given.describe());
            self.arguments.mistake(name, message).into()
        })
    }

    /// Two positive numbers: one for both axes of an image, or a list.
    pub fn image_sizes(&self, name: &str) -> Outcome<[usize; 2]> {
        self.sizes(name, Axes::Image)
    }
}
