//! Activations.

use super::spread;
use crate::ir::op::{Binary, Compare, Reduce, Unary};
use crate::ir::{DType, Expr};

/// max(x, 0)
pub fn relu(x: Expr<'_>) -> Expr<'_> {
    x.binary(Binary::Max, x.like(0.0))
}

/// min(max(x, low), high)
pub fn clip(x: Expr<'_>, low: f64, high: f64) -> Expr<'_> {
    x.binary(Binary::Max, x.like(low)).binary(Binary::Min, x.like(high))
}

/// min(max(x, 0), 6)
pub fn relu6(x: Expr<'_>) -> Expr<'_> {
    clip(x, 0.0, 6.0)
}

/// x where x > 0, else slope·x
pub fn leaky_relu(x: Expr<'_>, slope: f64) -> Expr<'_> {
    x.compare(Compare::Gt, x.like(0.0)).select(x, x * slope)
}

/// x where x > 0, else α·(eˣ − 1)
pub fn elu(x: Expr<'_>, alpha: f64) -> Expr<'_> {
    let zero = x.like(0.0);
    // The exponential sees no positive number, so that the branch not taken has a finite gradient.
    let exp = x.binary(Binary::Min, zero).unary(Unary::Exp);
    x.compare(Compare::Gt, zero).select(x, (exp - 1.0) * alpha)
}

/// λ·elu(x, α) with the constants of Klambauer et al. 2017, for which mean 0 and variance 1 are a fixed point.
pub fn selu(x: Expr<'_>) -> Expr<'_> {
    elu(x, 1.673_263_242_354_377_2) * 1.050_700_987_355_480_5
}

/// x·Φ(x) = x·(1 + erf(x/√2))/2
pub fn gelu(x: Expr<'_>) -> Expr<'_> {
    x * 0.5 * (1.0 + (x * std::f64::consts::FRAC_1_SQRT_2).unary(Unary::Erf))
}

/// x·Φ(x) by tanh: x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³)))
pub fn gelu_tanh(x: Expr<'_>) -> Expr<'_> {
    let inner = (x + x * x * x * 0.044_715) * (std::f64::consts::FRAC_2_SQRT_PI * std::f64::consts::FRAC_1_SQRT_2);
    x * 0.5 * (1.0 + inner.unary(Unary::Tanh))
}

/// 1/(1 + e⁻ˣ)
pub fn sigmoid(x: Expr<'_>) -> Expr<'_> {
    x.unary(Unary::Sigmoid)
}

/// x·sigmoid(x)
pub fn silu(x: Expr<'_>) -> Expr<'_> {
    x * sigmoid(x)
}

/// min(max(x/6 + 1/2, 0), 1)
pub fn hard_sigmoid(x: Expr<'_>) -> Expr<'_> {
    clip(x * (1.0 / 6.0) + 0.5, 0.0, 1.0)
}

/// x·hard_sigmoid(x)
pub fn hard_swish(x: Expr<'_>) -> Expr<'_> {
    x * hard_sigmoid(x)
}

/// log(1 + eˣ) = max(x, 0) + log1p(e^−|x|). The parts are selected by one mask, so that the slope at 0 is 1/2.
pub fn softplus(x: Expr<'_>) -> Expr<'_> {
    let zero = x.like(0.0);
    let positive = x.compare(Compare::Gt, zero);
    positive.select(x, zero) + positive.select(-x, x).unary(Unary::Exp).unary(Unary::Log1p)
}

/// x/(1 + |x|)
pub fn softsign(x: Expr<'_>) -> Expr<'_> {
    x / (1.0 + x.unary(Unary::Abs))
}

/// x − max x along an axis; the maximum has no gradient, for it cancels.
fn shifted(x: Expr<'_>, axis: usize) -> Expr<'_> {
    x - spread(x.reduce(Reduce::Max, &[axis]).stop_gradient(), x, &[axis])
}

/// eᶻ/Σeᶻ along an axis, with z = x − max x
pub fn softmax(x: Expr<'_>, axis: usize) -> Expr<'_> {
    let exp = shifted(x, axis).unary(Unary::Exp);
    exp / spread(exp.reduce(Reduce::Sum, &[axis]), x, &[axis])
}

/// z − log Σeᶻ along an axis, with z = x − max x
pub fn log_softmax(x: Expr<'_>, axis: usize) -> Expr<'_> {
    let z = shifted(x, axis);
    z - spread(log_sum_exp(z, axis), x, &[axis])
}

/// log Σeᶻ along an axis whose largest element is 0.
///
/// Near certainty the sum is 1 and a little, which the sum itself cannot hold: log1p takes the little alone, summed
/// over all but one of the zeros. Its gradient is that of the whole sum, which adds nothing to the value here.
fn log_sum_exp(z: Expr<'_>, axis: usize) -> Expr<'_> {
    let exp = z.unary(Unary::Exp);
    let sum = exp.reduce(Reduce::Sum, &[axis]);
    let top = z.compare(Compare::Eq, z.like(0.0));
    let further_tops = top.cast(DType::F32).reduce(Reduce::Sum, &[axis]) - 1.0;
    let little = top.select(z.like(0.0), exp).reduce(Reduce::Sum, &[axis]) + further_tops;
    (little.stop_gradient() + (sum - sum.stop_gradient())).unary(Unary::Log1p)
}
