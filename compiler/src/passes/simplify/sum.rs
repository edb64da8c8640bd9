//! Sums of products and of sums: what is the same for all elements that are added up is left out of the sum, and a sum
//! that is known already is not taken again.

use super::reduce::times;
use crate::ir::op::{Binary, Movement, Op, Reduce, Source, Unary};
use crate::ir::{Expr, Shape};
use crate::passes::made::Made;

/// Factors of a product that are looked at.
const FACTORS: usize = 8;

/// Σ −x = −Σ x; Σ x/s = (Σ x)/s and Σ x·s = s·Σ x, if s is the same for all elements that are added up;
/// Σ (x + y) = Σ x + Σ y, if both are known; Σ (x − mean x) = 0, up to rounding of finite numbers
pub(crate) fn outward<'b>(op: &Op, operands: &[Expr<'b>]) -> Option<Expr<'b>> {
    let (Op::Reduce(Reduce::Sum, axes), &[operand]) = (op, operands) else {
        return None;
    };
    let sum = Sum { axes, shape: operand.shape() };
    if let Some(x) = operand.as_unary(Unary::Neg) {
        return Some(-sum.of(x));
    }
    if let Some((x, s)) = operand.as_binary(Binary::Div) {
        return Some(sum.of(x) / sum.same(s)?);
    }
    match operand.as_binary(Binary::Mul) {
        Some(_) => sum.of_product(operand),
        None => sum.of_sum(operand),
    }
}

/// A sum over axes of values of a shape.
struct Sum<'a> {
    axes: &'a [usize],
    shape: Shape,
}

impl Sum<'_> {
    fn of<'b>(&self, x: Expr<'b>) -> Expr<'b> {
        x.reduce(Reduce::Sum, self.axes)
    }

    /// The axes that are left.
    fn kept(&self) -> Vec<usize> {
        (0..self.shape.rank()).filter(|axis| !self.axes.contains(axis)).collect()
    }

    /// A value in the shape of the sum, if it is the same for all elements that are added up.
    fn same<'b>(&self, x: Expr<'b>) -> Option<Expr<'b>> {
        let (small, Movement::Broadcast { axes: places, .. }) = x.as_movement()? else { return None };
        let kept = self.kept();
        let position = |place: &usize| kept.iter().position(|axis| axis == place);
        let places = places.iter().map(position).collect::<Option<Vec<usize>>>()?;
        Some(small.broadcast(Shape(kept.iter().map(|&axis| self.shape.0[axis]).collect()), places))
    }

    /// The factors of a product: those that leave the sum, in its shape, and the others.
    fn factors<'b>(&self, x: Expr<'b>, outside: &mut Vec<Expr<'b>>, inside: &mut Vec<Expr<'b>>) {
        match (self.same(x), x.as_binary(Binary::Mul)) {
            (Some(s), _) => outside.push(s),
            (None, Some((a, b))) if outside.len() + inside.len() < FACTORS => {
                self.factors(a, outside, inside);
                self.factors(b, outside, inside);
            }
            (None, _) => inside.push(x),
        }
    }

    /// The factors of a product that leave the sum, and the others, if there are some of each.
    fn parted<'b>(&self, x: Expr<'b>) -> Option<(Vec<Expr<'b>>, Vec<Expr<'b>>)> {
        let (mut outside, mut inside) = (Vec::new(), Vec::new());
        self.factors(x, &mut outside, &mut inside);
        // equal products in one order are one value
        inside.sort_unstable_by_key(|factor| factor.value);
        (!outside.is_empty() && !inside.is_empty()).then_some((outside, inside))
    }

    fn of_product<'b>(&self, x: Expr<'b>) -> Option<Expr<'b>> {
        let (outside, inside) = self.parted(x)?;
        let product = inside.into_iter().reduce(|product, factor| product * factor)?;
        Some(outside.into_iter().fold(self.of(product), |product, factor| product * factor))
    }

    fn of_sum<'b>(&self, x: Expr<'b>) -> Option<Expr<'b>> {
        let is_sum = x.as_binary(Binary::Add).or_else(|| x.as_binary(Binary::Sub)).is_some();
        if is_sum { self.known(x) } else { None }
    }

    /// The sum, if it needs no walk over the elements.
    fn known<'b>(&self, x: Expr<'b>) -> Option<Expr<'b>> {
        if let Some(s) = self.same(x) {
            return Some(self.axes.iter().fold(s, |sum, &axis| times(sum, self.shape.0[axis])));
        }
        if self.is_deviation(x) {
            return Some(self.zero(x));
        }
        if let Some(sum) = self.found(x) {
            return Some(sum);
        }
        if let Some((a, b)) = x.as_binary(Binary::Add) {
            return Some(self.known(a)? + self.known(b)?);
        }
        if let Some((a, b)) = x.as_binary(Binary::Sub) {
            return Some(self.known(a)? - self.known(b)?);
        }
        self.known_product(x)
    }

    fn known_product<'b>(&self, x: Expr<'b>) -> Option<Expr<'b>> {
        let (outside, inside) = self.parted(x)?;
        let product = match inside[..] {
            [factor] => Some(factor),
            [a, b] => x.builder.find(&Op::Binary(Binary::Mul), &[a.value, b.value]),
            _ => None,
        }?;
        if self.is_deviation(product) {
            return Some(self.zero(x));
        }
        Some(outside.into_iter().fold(self.found(product)?, |product, factor| product * factor))
    }

    /// The sum, if it is taken already.
    fn found<'b>(&self, x: Expr<'b>) -> Option<Expr<'b>> {
        x.builder.find(&Op::Reduce(Reduce::Sum, self.axes.to_vec()), &[x.value])
    }

    fn zero<'b>(&self, x: Expr<'b>) -> Expr<'b> {
        let shape = Shape(self.kept().iter().map(|&axis| self.shape.0[axis]).collect());
        x.builder.scalar(0.0).broadcast(shape, Vec::new())
    }

    /// Whether a value is `u` less the mean of `u` over the axes.
    fn is_deviation(&self, x: Expr<'_>) -> bool {
        let less = x.as_binary(Binary::Sub).map(|(u, mean)| (u, mean, 1.0));
        let Some((u, mean, sign)) = less.or_else(|| x.as_binary(Binary::Add).map(|(u, mean)| (u, mean, -1.0))) else {
            return false;
        };
        let Some((total, factor, rows)) = self.same(mean).and_then(scaled) else { return false };
        let is_total = matches!(total.op(), Op::Reduce(Reduce::Sum, axes) if axes == self.axes);
        if !is_total || total.operands()[0].value != u.value {
            return false;
        }
        let dims = self.axes.iter().map(|&axis| self.shape.0[axis]);
        let count: f64 = dims.clone().map(|dim| dim.size as f64).product();
        let batched = dims.filter(|dim| dim.batched).count() as i32;
        rows == -batched && (sign * factor * count - 1.0).abs() < 1e-12
    }
}

/// A value as a sum times a number times a power of the rows of the call.
fn scaled(x: Expr<'_>) -> Option<(Expr<'_>, f64, i32)> {
    if let Some(x) = x.as_unary(Unary::Neg) {
        return scaled(x).map(|(x, factor, rows)| (x, -factor, rows));
    }
    if let Some((x, n)) = x.as_binary(Binary::Div) {
        let (divisor, divisor_rows) = number(n)?;
        return scaled(x).map(|(x, factor, rows)| (x, factor / divisor, rows - divisor_rows));
    }
    if let Some((x, n)) = x.as_binary(Binary::Mul) {
        let (more, more_rows) = number(n)?;
        return scaled(x).map(|(x, factor, rows)| (x, factor * more, rows + more_rows));
    }
    matches!(x.op(), Op::Reduce(..)).then_some((x, 1.0, 0))
}

/// A number times a power of the rows of the call.
fn number(x: Expr<'_>) -> Option<(f64, i32)> {
    if let Some(number) = x.constant() {
        return Some((number, 0));
    }
    if let Some((a, b)) = x.as_binary(Binary::Mul) {
        let ((a, a_rows), (b, b_rows)) = (number(a)?, number(b)?);
        return Some((a * b, a_rows + b_rows));
    }
    match (x.op(), x.operands().as_slice()) {
        (Op::Source(Source::RowCount), _) => Some((1.0, 1)),
        (Op::Movement(Movement::Broadcast { .. } | Movement::Reshape(_)), &[x]) => number(x),
        _ => None,
    }
}
