//! Noise of training.

use crate::ir::Expr;
use crate::ir::op::{Compare, Distribution, Op, Random};

fn draw(x: Expr<'_>, distribution: Distribution, operator: u32) -> Expr<'_> {
    x.builder.add(Op::Random(Random { distribution, operator, shape: x.shape() }), &[])
}

/// x/(1 − rate) where a uniform number is at least the rate, else 0
pub fn dropout(x: Expr<'_>, rate: f64, operator: u32) -> Expr<'_> {
    dropped(x, draw(x, Distribution::Uniform, operator), rate)
}

/// x/(1 − rate) where the number drawn, or the one that is broadcast there, is at least the rate, else 0
pub fn dropped<'b>(x: Expr<'b>, drawn: Expr<'b>, rate: f64) -> Expr<'b> {
    let kept = drawn.compare(Compare::Ge, drawn.like(rate));
    kept.select(x * (1.0 / (1.0 - rate)), x.like(0.0))
}

/// x plus normal noise of a deviation
pub fn gaussian_noise(x: Expr<'_>, deviation: f64, operator: u32) -> Expr<'_> {
    x + draw(x, Distribution::Normal, operator) * deviation
}
