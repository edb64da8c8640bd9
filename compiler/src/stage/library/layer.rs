//! Parameters, dense layers, normalisation, noise and penalties.

use super::super::evaluator::{Mode, Row};
use super::super::fault::{Mistake, Outcome};
use super::super::value::{Datum, Function, Tensor};
use super::init::{Fans, init};
use super::{Builtin, Call};
use crate::ir::op::{Real, Reduce, Unary};
use crate::ir::{Expr, Init, Parameter, Purpose, Role, Shape};
use crate::nn::{contraction, norm, random};

pub const TABLE: &[Builtin] = &[
    Builtin::new("param", "shape, init = glorot_uniform, trainable = true", param),
    Builtin::new("zeros", "shape", |call| filled(call, 0.0)),
    Builtin::new("ones", "shape", |call| filled(call, 1.0)),
    Builtin::new("constant", "value, shape = none", constant),
    Builtin::new(
        "dense",
        "x, units, activation = none, use_bias = true, init = glorot_uniform, trainable = true, bias_init = zeros",
        dense,
    ),
    Builtin::new(
        "batch_norm",
        "x, momentum = 0.99, epsilon = 1e-3, center = true, scale = true, unbiased = false, trainable = true",
        batch_norm,
    ),
    Builtin::new(
        "layer_norm",
        "x, axis = -1, epsilon = 1e-3, center = true, scale = true, trainable = true",
        layer_norm,
    ),
    Builtin::new("rms_norm", "x, axis = -1, epsilon = 1e-6, scale = true, trainable = true", rms_norm),
    Builtin::new("dropout", "x, rate", dropout),
    Builtin::new("gaussian_noise", "x, stddev", gaussian_noise),
    Builtin::new("l1", "rate = 0.01, of = none", |call| penalty(call, |w| w.unary(Unary::Abs))).taking_name_of(),
    Builtin::new("l2", "rate = 0.01, of = none", |call| penalty(call, |w| w.square())).taking_name_of(),
    Builtin::new("stop_gradient", "x", |call| {
        let x = call.arguments.tensor("x")?;
        Ok(call.made_from(&x, x.expr.stop_gradient()))
    }),
];

/// What is said of a parameter besides its name.
pub struct Leaf<'s> {
    /// What it is called if nothing names it.
    pub name: &'static str,
    /// Its shape.
    pub shape: &'s [usize],
    /// Its first values.
    pub init: Init,
    /// Whether it is trained.
    pub role: Role,
}

impl<'b> Call<'_, 'b> {
    /// Declares a parameter of a layer.
    pub fn leaf(&mut self, leaf: Leaf<'_>) -> Outcome<Expr<'b>> {
        let elements = leaf.shape.iter().try_fold(1_usize, |product, dim| product.checked_mul(*dim));
        if elements.is_none_or(|elements| elements > 1 << 31) {
            let message =
                format!("a parameter of shape {:?} is too large: 2147483648 elements are the most", leaf.shape);
            return Err(Mistake::new(message).into());
        }
        let parameter = Parameter {
            name: String::new(),
            shape: leaf.shape.to_vec(),
            init: leaf.init,
            role: leaf.role,
            of_layer: true,
        };
        Ok(self.evaluator.declare(leaf.name, None, parameter))
    }

    /// The role that the argument `trainable` asks for.
    pub fn role(&self) -> Outcome<Role> {
        Ok(if self.arguments.flag("trainable")? { Role::Trained } else { Role::Frozen })
    }

    /// Adds a row to the summary.
    pub fn row(&mut self, output: Expr<'b>, macs: u64) {
        if let Some(scope) = self.scope {
            let kind = self.arguments.builtin.name.to_owned();
            self.evaluator.rows.push(Row { scope, kind, output: output.ty(), macs });
        }
    }

    /// The number of the next operator that draws.
    pub fn next_draw(&mut self) -> u32 {
        self.evaluator.draws += 1;
        self.evaluator.draws - 1
    }

    /// Whether layers behave as in training.
    pub fn is_training(&self) -> bool {
        self.evaluator.mode == Mode::Training
    }

    /// The last axis, of which there must be one.
    pub fn features(&self, x: &Tensor<'b>) -> Outcome<usize> {
        x.expr.shape().written().last().copied().ok_or_else(|| {
            let message = format!("`{}` works on the last axis, but its input has none", self.arguments.builtin.name);
            self.arguments.mistake("x", message).note(x.story("it")).help("`reshape(x, [1])` gives it one").into()
        })
    }

    /// Scaled and shifted by parameters of this shape, as the flags of a normalisation ask for.
    pub fn finish_affine(&mut self, y: Expr<'b>, shape: &[usize]) -> Outcome<Datum<'b>> {
        let weight = affine(self, "scale", ("weight", 1.0), shape)?;
        let bias = affine(self, "center", ("bias", 0.0), shape)?;
        finish_norm(self, y, weight, bias)
    }

    /// Applies a function that was passed by name.
    pub fn activate(&mut self, name: &str, x: Datum<'b>) -> Outcome<Datum<'b>> {
        match self.arguments.get(name) {
            Datum::Symbol("none" | "linear") => Ok(x),
            Datum::Function(function) => self.apply(function, x),
            other => {
                let message = format!("`{name}` is the name of a function, but this is {}", other.describe());
                Err(self.arguments.mistake(name, message).help(format!("`{name} = relu`")).into())
            }
        }
    }

    fn apply(&mut self, function: Function<'b>, x: Datum<'b>) -> Outcome<Datum<'b>> {
        let extent = self.span.into();
        let given = super::super::call::Given { name: None, datum: x, extent };
        self.evaluator.apply(function, vec![given], self.span, extent)
    }
}

fn param<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let shape = call.arguments.shape("shape")?;
    let init = init(&call.arguments, "init", Fans::of(&shape))?;
    let parameter = Parameter { name: String::new(), shape, init, role: call.role()?, of_layer: false };
    let given = call.leaf_name.clone();
    let expr = call.evaluator.declare("param", given, parameter);
    call.scope = call.evaluator.parameters.last().map(|declared| declared.node);
    call.row(expr, 0);
    Ok(call.made(expr))
}

fn filled<'b>(call: &mut Call<'_, 'b>, value: f64) -> Outcome<Datum<'b>> {
    let shape = Shape::fixed(&call.arguments.shape("shape")?);
    let expr = call.evaluator.builder.scalar(value).broadcast(shape, Vec::new());
    Ok(call.made(expr))
}

fn constant<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let value = call.arguments.real("value")?;
    if call.arguments.is_none("shape") { Ok(Datum::Float(value)) } else { filled(call, value) }
}

fn dense<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let x = call.arguments.tensor("x")?;
    let (units, features) = (call.arguments.size("units")?, call.features(&x)?);
    let role = call.role()?;
    let fans = Fans { input: features, output: units };
    let weight_init = init(&call.arguments, "init", fans)?;
    let bias_init = init(&call.arguments, "bias_init", Fans::of(&[units]))?;
    let weight = call.leaf(Leaf { name: "weight", shape: &[units, features], init: weight_init, role })?;
    if let Some((image, declared)) = x.image.zip(call.evaluator.parameters.last()) {
        call.evaluator.flattened.push((declared.node, image));
    }
    let mut y = contraction::dense(x.expr, weight);
    if call.arguments.flag("use_bias")? {
        y = y + call.leaf(Leaf { name: "bias", shape: &[units], init: bias_init, role })?;
    }
    call.evaluator.check_builder()?;
    let rows: usize = x.expr.shape().written().iter().rev().skip(1).product();
    call.row(y, (rows as u64).saturating_mul(features as u64).saturating_mul(units as u64));
    let y = call.made(y);
    call.activate("activation", y)
}

/// A parameter of a feature axis, if a flag asks for it.
fn affine<'b>(
    call: &mut Call<'_, 'b>,
    flag: &str,
    leaf: (&'static str, f64),
    shape: &[usize],
) -> Outcome<Option<Expr<'b>>> {
    if !call.arguments.flag(flag)? {
        return Ok(None);
    }
    let init = Init::Constant(Real::new(leaf.1));
    let role = call.role()?;
    call.leaf(Leaf { name: leaf.0, shape, init, role }).map(Some)
}

fn batch_norm<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let x = call.arguments.tensor("x")?;
    let shape = [call.features(&x)?];
    let (momentum, epsilon) = (call.arguments.real_in("momentum", 0.0, 1.0)?, call.arguments.real("epsilon")?);
    let unbiased = call.arguments.flag("unbiased")?;
    let weight = affine(call, "scale", ("weight", 1.0), &shape)?;
    let bias = affine(call, "center", ("bias", 0.0), &shape)?;
    let statistic =
        |name, value| Leaf { name, shape: &shape, init: Init::Constant(Real::new(value)), role: Role::Statistic };
    let running_mean = call.leaf(statistic("running_mean", 0.0))?;
    let running_var = call.leaf(statistic("running_var", 1.0))?;
    let trains = call.is_training() && call.arguments.flag("trainable")?;
    let y = if trains {
        let batch = norm::batch_statistics(x.expr);
        let kept = if unbiased { batch.variance * (batch.count / (batch.count - 1.0)) } else { batch.variance };
        assign(call, running_mean, norm::running(running_mean, batch.mean, momentum));
        assign(call, running_var, norm::running(running_var, kept, momentum));
        call.evaluator.batch_statistics = true;
        norm::standardize(x.expr, batch.mean, batch.variance, epsilon)
    } else {
        norm::standardize(x.expr, running_mean, running_var, epsilon)
    };
    finish_norm(call, y, weight, bias)
}

fn assign<'b>(call: &mut Call<'_, 'b>, parameter: Expr<'b>, value: Expr<'b>) {
    if let Some(position) = call.evaluator.position(parameter) {
        call.evaluator.builder.keep(Purpose::Assign(position), value.stop_gradient().value);
    }
}

fn finish_norm<'b>(
    call: &mut Call<'_, 'b>,
    y: Expr<'b>,
    weight: Option<Expr<'b>>,
    bias: Option<Expr<'b>>,
) -> Outcome<Datum<'b>> {
    let y = weight.map_or(y, |weight| y * weight);
    let y = bias.map_or(y, |bias| y + bias);
    call.row(y, 0);
    Ok(call.made(y))
}

/// The axes that are normalised over, batch included in the count, and the shape of the affine parameters.
fn normalized<'b>(call: &Call<'_, 'b>, x: &Tensor<'b>) -> Outcome<(Vec<usize>, Vec<usize>)> {
    call.features(x)?;
    let shape = x.expr.shape();
    let written = shape.written();
    let offset = shape.rank() - written.len();
    let axes = call.arguments.axes("axis", written.len())?;
    if axes.is_empty()
        || axes.windows(2).any(|pair| pair[0] + 1 != pair[1])
        || axes.last() != Some(&(written.len() - 1))
    {
        let message =
            format!("`{}` normalises over the last axes, but `axis` is {axes:?}", call.arguments.builtin.name);
        return Err(call.arguments.mistake("axis", message).note(x.story("the input")).into());
    }
    let dims = axes.iter().map(|axis| written[*axis]).collect();
    Ok((axes.iter().map(|axis| axis + offset).collect(), dims))
}

fn layer_norm<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let x = call.arguments.tensor("x")?;
    let (axes, dims) = normalized(call, &x)?;
    let y = norm::layer_norm(x.expr, &axes, call.arguments.real("epsilon")?);
    call.finish_affine(y, &dims)
}

fn rms_norm<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let x = call.arguments.tensor("x")?;
    let (axes, dims) = normalized(call, &x)?;
    let y = norm::rms_norm(x.expr, &axes, call.arguments.real("epsilon")?);
    let weight = affine(call, "scale", ("weight", 1.0), &dims)?;
    finish_norm(call, y, weight, None)
}

fn dropout<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let x = call.arguments.tensor("x")?;
    let rate = call.arguments.real_in("rate", 0.0, 1.0)?;
    let operator = call.next_draw();
    let draws = call.is_training() && rate > 0.0;
    let y = if draws { random::dropout(x.expr, rate, operator) } else { x.expr };
    call.row(y, 0);
    Ok(call.made_from(&x, y))
}

fn gaussian_noise<'b>(call: &mut Call<'_, 'b>) -> Outcome<Datum<'b>> {
    let x = call.arguments.tensor("x")?;
    let deviation = call.arguments.real_in("stddev", 0.0, f64::INFINITY)?;
    let operator = call.next_draw();
    let draws = call.is_training() && deviation > 0.0;
    let y = if draws { random::gaussian_noise(x.expr, deviation, operator) } else { x.expr };
    call.row(y, 0);
    Ok(call.made_from(&x, y))
}

/// rate·Σ f(w) over the trainable parameters of rank ≥ 2 that layers made
fn penalty<'b>(call: &mut Call<'_, 'b>, term: impl Fn(Expr<'b>) -> Expr<'b>) -> Outcome<Datum<'b>> {
    let rate = call.arguments.real_in("rate", 0.0, f64::INFINITY)?;
    let under = if call.arguments.is_none("of") { None } else { Some(call.arguments.text("of")?) };
    let weights = penalized(call, under.as_deref());
    if let (true, Some(name)) = (weights.is_empty(), under) {
        let message = format!("no layer `{name}` has weights that are trained");
        let scopes = layer_names(call);
        let hint = super::super::fault::nearest(&name, scopes.iter().map(String::as_str));
        return Err(call.arguments.mistake("of", message).maybe_help(hint).into());
    }
    let sum = |w: Expr<'b>| {
        let axes: Vec<usize> = (0..w.shape().rank()).collect();
        term(w).reduce(Reduce::Sum, &axes)
    };
    let total = weights.into_iter().map(sum).reduce(|a, b| a + b);
    let zero = call.evaluator.builder.scalar(0.0);
    Ok(call.made(total.map_or(zero, |total| total * rate)))
}

fn layer_names(call: &Call<'_, '_>) -> Vec<String> {
    let resolved = call.evaluator.names.resolve();
    let names = call.evaluator.parameters.iter().map(|declared| call.evaluator.names.name_of(&resolved, declared.node));
    names.filter_map(|name| name.rsplit_once('.')).map(|(scope, _)| scope.to_owned()).collect()
}

fn penalized<'b>(call: &Call<'_, 'b>, under: Option<&str>) -> Vec<Expr<'b>> {
    let resolved = call.evaluator.names.resolve();
    let inside = |name: &str| {
        under.is_none_or(|scope| name.strip_prefix(scope).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    };
    let mut weights = Vec::new();
    for declared in &call.evaluator.parameters {
        let parameter = &declared.parameter;
        let counts = parameter.of_layer && parameter.is_trainable() && parameter.shape.len() >= 2;
        if counts && inside(call.evaluator.names.name_of(&resolved, declared.node)) {
            weights.push(declared.expr);
        }
    }
    weights
}
