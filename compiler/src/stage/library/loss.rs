//! Losses.

use super::super::fault::{Mistake, Outcome};
use super::super::value::{Datum, Tensor};
use super::{Builtin, Call};
use crate::ir::{DType, Expr};
use crate::network::Objective;
use crate::nn::loss as nn;

pub const TABLE: &[Builtin] = &[
    Builtin::new("cross_entropy", "logits, label", |call| {
        let (x, t) = classes(call, "logits", "label")?;
        Ok(call.loss(Objective::Classification, nn::cross_entropy(x, t)))
    }),
    Builtin::new("categorical_cross_entropy", "probabilities, target", |call| {
        let (x, t) = classes(call, "probabilities", "target")?;
        Ok(call.loss(Objective::Classification, nn::categorical_cross_entropy(x, t)))
    }),
    Builtin::new("binary_cross_entropy", "probability, target", |call| {
        let (x, t) = pair(call, "probability", "target")?;
        Ok(call.loss(Objective::BinaryProbability, nn::binary_cross_entropy(x, t)))
    }),
    Builtin::new("binary_cross_entropy_with_logits", "logit, target", |call| {
        let (x, t) = pair(call, "logit", "target")?;
        Ok(call.loss(Objective::BinaryLogit, nn::binary_cross_entropy_with_logits(x, t)))
    }),
    Builtin::new("mse", "prediction, target", |call| {
        let (x, t) = pair(call, "prediction", "target")?;
        Ok(call.loss(Objective::Regression, nn::mse(x, t)))
    }),
    Builtin::new("mae", "prediction, target", |call| {
        let (x, t) = pair(call, "prediction", "target")?;
        Ok(call.loss(Objective::Regression, nn::mae(x, t)))
    }),
    Builtin::new("huber", "prediction, target, delta = 1.0", |call| {
        let (x, t) = pair(call, "prediction", "target")?;
        let delta = call.arguments.real_in("delta", f64::MIN_POSITIVE, f64::INFINITY)?;
        Ok(call.loss(Objective::Regression, nn::huber(x, t, delta)))
    }),
    Builtin::new("hinge", "prediction, target", |call| {
        let (x, t) = pair(call, "prediction", "target")?;
        Ok(call.loss(Objective::Regression, nn::hinge(x, t)))
    }),
    Builtin::new("kl_divergence", "prediction, target", |call| {
        let (x, t) = classes(call, "prediction", "target")?;
        Ok(call.loss(Objective::Classification, nn::kl_divergence(x, t)))
    }),
    Builtin::new("cosine_similarity", "prediction, target", |call| {
        let (x, t) = classes(call, "prediction", "target")?;
        Ok(call.loss(Objective::Regression, nn::cosine_similarity(x, t)))
    }),
];

impl<'b> Call<'_, 'b> {
    fn loss(&mut self, objective: Objective, value: Expr<'b>) -> Datum<'b> {
        self.evaluator.objective.get_or_insert(objective);
        self.made(value)
    }
}

type Pair<'b> = (Expr<'b>, Expr<'b>);

/// A prediction and its target, of one shape.
fn pair<'b>(call: &Call<'_, 'b>, prediction: &str, target: &str) -> Outcome<Pair<'b>> {
    let (x, t) = (call.arguments.tensor(prediction)?, call.arguments.any_tensor(target)?);
    let label = match t.expr.ty().dtype {
        DType::Index(2) => t.expr.cast(DType::F32),
        DType::Index(_) | DType::Mask => return Err(no_number(call, target, &t).into()),
        DType::F32 => t.expr,
    };
    let (a, b) = (x.expr.shape().written(), label.shape().written());
    if a != b {
        let mistake = differ(call, target, &x, &t, &format!("{a:?} and {b:?} differ"));
        let same_size = a.iter().product::<usize>() == b.iter().product::<usize>();
        let name = x.origin.name.as_deref().unwrap_or("…");
        let help = same_size.then(|| format!("`reshape({name}, {b:?})` gives it the target's shape"));
        let two_classes = (a == [2] && t.expr.ty().dtype == DType::Index(2))
            .then(|| "two units are two classes, which `cross_entropy` compares".to_owned());
        return Err(mistake.maybe_help(help).maybe_help(two_classes).into());
    }
    Ok((x.expr, label))
}

fn no_number(call: &Call<'_, '_>, target: &str, t: &Tensor<'_>) -> Mistake {
    let name = call.arguments.builtin.name;
    let message = format!("`{name}` compares numbers, but its target is {}", t.written());
    let mistake = call.arguments.mistake(target, message).note(t.story("the target"));
    mistake.help("`cross_entropy(logits, label)` takes an index")
}

fn differ(call: &Call<'_, '_>, target: &str, x: &Tensor<'_>, t: &Tensor<'_>, what: &str) -> Mistake {
    let message = format!("`{}` cannot compare its arguments: {what}", call.arguments.builtin.name);
    let mistake = call.arguments.mistake(target, message);
    mistake.note(x.story("the prediction")).note(t.story("the target"))
}

/// Scores of classes in the last axis, and what each should be: a distribution, or an index that becomes one.
fn classes<'b>(call: &Call<'_, 'b>, scores: &str, target: &str) -> Outcome<Pair<'b>> {
    let (x, t) = (call.arguments.tensor(scores)?, call.arguments.any_tensor(target)?);
    let dims = x.expr.shape().written();
    let Some((classes, lead)) = dims.split_last() else {
        let message = format!("`{}` needs an axis of classes", call.arguments.builtin.name);
        let mistake = call.arguments.mistake(scores, message).note(x.story("the prediction"));
        return Err(mistake.help("`binary_cross_entropy` compares one probability").into());
    };
    let labels = t.expr.shape().written();
    match t.expr.ty().dtype {
        DType::F32 if labels == dims => Ok((x.expr, t.expr)),
        DType::Index(bound) if labels == lead && bound == *classes => Ok((x.expr, nn::one_hot(t.expr, *classes))),
        DType::Index(bound) if labels == lead => {
            let what = format!("there are {classes} classes, but the label is below {bound}");
            let mistake = differ(call, target, &x, &t, &what);
            Err(mistake.help(format!("`index<{classes}>` is a label of {classes} classes")).into())
        }
        DType::F32 if labels == lead => {
            let mistake = differ(call, target, &x, &t, &format!("{dims:?} and {labels:?} differ"));
            Err(mistake
                .help(format!("a label that is one of {classes} classes has the type `index<{classes}>`"))
                .into())
        }
        _ => {
            let mistake = differ(call, target, &x, &t, &format!("{dims:?} and {labels:?} differ"));
            Err(mistake.help(format!("the label is `index<{classes}>{}`", suffix(lead))).into())
        }
    }
}

/// The axes behind `index<N>`, as a user writes them.
fn suffix(axes: &[usize]) -> String {
    if axes.is_empty() { String::new() } else { format!("{axes:?}") }
}
