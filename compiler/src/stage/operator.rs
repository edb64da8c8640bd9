//! Operators on static values and tensors.

use syn::spanned::Spanned;
use syn::{BinOp, ExprBinary, ExprUnary, UnOp};

use super::evaluator::Evaluator;
use super::fault::{Mistake, Outcome, Stop};
use super::value::{Datum, Tensor};
use crate::ir::op::{Binary, Compare, Unary};
use crate::ir::{DType, Expr};
use crate::syntax::Extent;

/// An operator, apart from how it is written.
#[derive(Clone, Copy)]
enum Kind {
    Arithmetic(Binary),
    Remainder,
    Comparison(Compare),
}

fn kind(op: &BinOp) -> Option<Kind> {
    Some(match op {
        BinOp::Add(_) | BinOp::AddAssign(_) => Kind::Arithmetic(Binary::Add),
        BinOp::Sub(_) | BinOp::SubAssign(_) => Kind::Arithmetic(Binary::Sub),
        BinOp::Mul(_) | BinOp::MulAssign(_) => Kind::Arithmetic(Binary::Mul),
        BinOp::Div(_) | BinOp::DivAssign(_) => Kind::Arithmetic(Binary::Div),
        BinOp::Rem(_) | BinOp::RemAssign(_) => Kind::Remainder,
        BinOp::Eq(_) => Kind::Comparison(Compare::Eq),
        BinOp::Ne(_) => Kind::Comparison(Compare::Ne),
        BinOp::Lt(_) => Kind::Comparison(Compare::Lt),
        BinOp::Le(_) => Kind::Comparison(Compare::Le),
        BinOp::Gt(_) => Kind::Comparison(Compare::Gt),
        BinOp::Ge(_) => Kind::Comparison(Compare::Ge),
        _ => return None,
    })
}

fn is_assigning(op: &BinOp) -> bool {
    matches!(
        op,
        BinOp::AddAssign(_) | BinOp::SubAssign(_) | BinOp::MulAssign(_) | BinOp::DivAssign(_) | BinOp::RemAssign(_)
    )
}

/// `-x` and `!x`
pub fn unary<'b>(evaluator: &Evaluator<'b>, expr: &ExprUnary, operand: Datum<'b>) -> Outcome<Datum<'b>> {
    match (&expr.op, operand) {
        (_, Datum::Poison) => Err(Stop::Poisoned),
        (UnOp::Neg(_), Datum::Int(value)) => value.checked_neg().map(Datum::Int).ok_or_else(|| overflow().into()),
        (UnOp::Neg(_), Datum::Float(value)) => Ok(Datum::Float(-value)),
        (UnOp::Neg(_), Datum::Tensor(tensor)) => {
            let result = tensor.expr.unary(Unary::Neg);
            evaluator.check_builder()?;
            Ok(tensor_of(evaluator, result, "-", expr))
        }
        (UnOp::Not(_), Datum::Bool(value)) => Ok(Datum::Bool(!value)),
        (UnOp::Not(_), other) => {
            Err(Mistake::new(format!("`!` needs `true` or `false`, but this is {}", other.describe())).into())
        }
        (UnOp::Neg(_), other) => Err(Mistake::new(format!("{} has no negative", other.describe())).into()),
        _ => Err(Mistake::of_words("there is no `*` in front of a value: values are no references").into()),
    }
}

impl<'b> Evaluator<'b> {
    /// `a + b` and all the others.
    pub fn binary(&mut self, expr: &'b ExprBinary) -> Outcome<Datum<'b>> {
        if matches!(expr.op, BinOp::And(_) | BinOp::Or(_)) {
            return self.logical(expr);
        }
        let (left, right) = (self.evaluate(&expr.left), self.evaluate(&expr.right));
        let value = self.combine(expr, left, right);
        if !is_assigning(&expr.op) {
            return value;
        }
        match value {
            Ok(value) => self.store(&expr.left, value),
            Err(stop) => {
                self.report(stop, expr);
                self.store(&expr.left, Datum::Poison)
            }
        }
    }

    fn combine(&self, expr: &ExprBinary, left: Datum<'b>, right: Datum<'b>) -> Outcome<Datum<'b>> {
        if left.is_poisoned() || right.is_poisoned() {
            return Err(Stop::Poisoned);
        }
        let kind = kind(&expr.op)
            .ok_or_else(|| Mistake::of_words("there are no bit operators in a network").at(expr.op.span()))?;
        match (left, right) {
            (Datum::Tensor(a), b) => self.of_tensors(kind, Operand::Tensor(a), operand(b)?, expr),
            (a, Datum::Tensor(b)) => self.of_tensors(kind, operand(a)?, Operand::Tensor(b), expr),
            (a, b) => of_statics(kind, a, b),
        }
    }

    fn logical(&mut self, expr: &'b ExprBinary) -> Outcome<Datum<'b>> {
        let is_and = matches!(expr.op, BinOp::And(_));
        for side in [&expr.left, &expr.right] {
            match self.evaluate(side) {
                Datum::Bool(value) if value == is_and => {}
                Datum::Bool(value) => return Ok(Datum::Bool(value)),
                Datum::Poison => return Err(Stop::Poisoned),
                other => {
                    let message = format!("`&&` and `||` need `true` or `false`, but this is {}", other.describe());
                    return Err(Mistake::new(message).at(Extent::of(side)).into());
                }
            }
        }
        Ok(Datum::Bool(is_and))
    }

    fn of_tensors(&self, kind: Kind, a: Operand<'b>, b: Operand<'b>, expr: &ExprBinary) -> Outcome<Datum<'b>> {
        let (x, y) = (a.expr(self)?, b.expr(self)?);
        let (result, sign) = match kind {
            Kind::Arithmetic(op) => (x.binary(op, y), arithmetic_sign(op)),
            Kind::Comparison(op) => (x.compare(op, y), comparison_sign(op)),
            Kind::Remainder => {
                return Err(Mistake::new("`%` is for static numbers, but this is a tensor").at(expr.op.span()).into());
            }
        };
        match self.builder.take_fault() {
            None => Ok(tensor_of(self, result, sign, expr)),
            Some(fault) => Err(differ(sign, &a, &b, fault.0).into()),
        }
    }
}

enum Operand<'b> {
    Tensor(Tensor<'b>),
    Number(f64),
}

fn operand(datum: Datum<'_>) -> Outcome<Operand<'_>> {
    match datum {
        Datum::Tensor(tensor) => Ok(Operand::Tensor(tensor)),
        Datum::Int(value) => Ok(Operand::Number(value as f64)),
        Datum::Float(value) => Ok(Operand::Number(value)),
        other => {
            let help = matches!(other, Datum::Tuple(_)).then(|| "`let (a, b) = …` takes a tuple apart".to_owned());
            let mistake = Mistake::new(format!("{} cannot be combined with a tensor", other.describe()));
            Err(mistake.maybe_help(help).into())
        }
    }
}

impl<'b> Operand<'b> {
    fn expr(&self, evaluator: &Evaluator<'b>) -> Outcome<Expr<'b>> {
        match self {
            Self::Number(value) => Ok(evaluator.builder.scalar(*value)),
            Self::Tensor(tensor) => match tensor.expr.ty().dtype {
                DType::F32 => Ok(tensor.expr),
                DType::Mask => {
                    let mistake = Mistake::new("a mask has no arithmetic").note(tensor.story("it"));
                    Err(mistake.help("`select(mask, a, b)` chooses with it").into())
                }
                DType::Index(_) => {
                    let mistake = Mistake::new("an index has no arithmetic: it names a class, not a quantity");
                    Err(mistake.note(tensor.story("it")).into())
                }
            },
        }
    }
}

fn differ(sign: &str, a: &Operand<'_>, b: &Operand<'_>, fault: String) -> Mistake {
    let (Operand::Tensor(a), Operand::Tensor(b)) = (a, b) else { return Mistake::new(fault) };
    let shapes = [a, b].map(|side| format!("{:?}", side.expr.shape().written()));
    let [x, y] = [(a, "the left side"), (b, "the right side")].map(|(side, role)| subject(side, role));
    let message = format!("`{sign}` cannot combine {x} with {y}: {} and {} differ", shapes[0], shapes[1]);
    let help = bring_together(a, b);
    let mistake = Mistake::new(message).note(a.story("the left side")).note(b.story("the right side"));
    mistake.maybe_help(help)
}

fn subject(tensor: &Tensor<'_>, role: &str) -> String {
    tensor.origin.name.as_ref().map_or_else(|| role.to_owned(), |name| format!("`{name}`"))
}

fn bring_together(a: &Tensor<'_>, b: &Tensor<'_>) -> Option<String> {
    let (x, y) = (a.expr.shape().written(), b.expr.shape().written());
    match (&x[..], &y[..]) {
        ([.., n], [.., m]) if x.len() == y.len() && x[..x.len() - 1] == y[..y.len() - 1] && n != m => {
            let name = b.origin.name.as_deref().unwrap_or("…");
            Some(format!("`dense({name}, {n})` would bring them together"))
        }
        _ if permutation(&x, &y).is_some() => {
            let name = b.origin.name.as_deref().unwrap_or("…");
            let axes = permutation(&x, &y)?;
            Some(format!("`transpose({name}, {axes:?})` would bring them together"))
        }
        _ if x.iter().product::<usize>() == y.iter().product::<usize>() => {
            let name = b.origin.name.as_deref().unwrap_or("…");
            Some(format!("`reshape({name}, {x:?})` would bring them together"))
        }
        _ => None,
    }
}

/// The axes of `from` in an order that gives the shape `to`.
pub fn permutation(to: &[usize], from: &[usize]) -> Option<Vec<usize>> {
    let mut axes: Vec<usize> = Vec::new();
    for length in to {
        axes.push((0..from.len()).find(|axis| from[*axis] == *length && !axes.contains(axis))?);
    }
    (to.len() == from.len()).then_some(axes)
}

fn tensor_of<'b>(evaluator: &Evaluator<'b>, expr: Expr<'b>, sign: &str, syntax: &impl Spanned) -> Datum<'b> {
    Datum::Tensor(Tensor { expr, origin: evaluator.made_by(sign, syntax.span()), image: None })
}

const fn arithmetic_sign(op: Binary) -> &'static str {
    match op {
        Binary::Add => "+",
        Binary::Sub => "-",
        Binary::Mul => "*",
        Binary::Div => "/",
        Binary::Pow => "pow",
        Binary::Max => "max",
        Binary::Min => "min",
    }
}

const fn comparison_sign(op: Compare) -> &'static str {
    match op {
        Compare::Eq => "==",
        Compare::Ne => "!=",
        Compare::Lt => "<",
        Compare::Le => "<=",
        Compare::Gt => ">",
        Compare::Ge => ">=",
    }
}

fn overflow() -> Mistake {
    Mistake::new("this number is too large: whole numbers have 64 bits")
}

fn of_statics<'b>(kind: Kind, a: Datum<'b>, b: Datum<'b>) -> Outcome<Datum<'b>> {
    match (kind, &a, &b) {
        (Kind::Arithmetic(op), Datum::Int(a), Datum::Int(b)) => integers(op, *a, *b).map(Datum::Int),
        (Kind::Remainder, Datum::Int(a), Datum::Int(b)) => {
            a.checked_rem(*b).map(Datum::Int).ok_or_else(|| Mistake::new(format!("{a} % {b} has no value")).into())
        }
        (Kind::Arithmetic(Binary::Add), Datum::List(a), Datum::List(b)) => {
            super::statement::bounded(Datum::List(a.iter().chain(b).cloned().collect()))
        }
        (Kind::Comparison(op), _, _) => compare(op, &a, &b),
        (Kind::Remainder, _, _) => match (real(&a), real(&b)) {
            (Some(a), Some(b)) => finite(a % b).map(Datum::Float),
            _ => Err(unfit(&a, &b).into()),
        },
        (Kind::Arithmetic(op), _, _) => match (real(&a), real(&b)) {
            (Some(a), Some(b)) => reals(op, a, b).map(Datum::Float),
            _ => Err(unfit(&a, &b).into()),
        },
    }
}

fn unfit(a: &Datum<'_>, b: &Datum<'_>) -> Mistake {
    Mistake::new(format!("there is no such operation on {} and {}", a.describe(), b.describe()))
}

/// The number that a static value is.
pub fn real(datum: &Datum<'_>) -> Option<f64> {
    match datum {
        Datum::Int(value) => Some(*value as f64),
        Datum::Float(value) => Some(*value),
        _ => None,
    }
}

fn integers(op: Binary, a: i64, b: i64) -> Outcome<i64> {
    if op == Binary::Div && b == 0 {
        return Err(Mistake::new(format!("{a} is divided by zero")).into());
    }
    let result = match op {
        Binary::Add => a.checked_add(b),
        Binary::Sub => a.checked_sub(b),
        Binary::Mul => a.checked_mul(b),
        Binary::Div => a.checked_div(b),
        Binary::Pow => u32::try_from(b).ok().and_then(|b| a.checked_pow(b)),
        Binary::Max => Some(a.max(b)),
        Binary::Min => Some(a.min(b)),
    };
    result.ok_or_else(|| overflow().into())
}

fn reals(op: Binary, a: f64, b: f64) -> Outcome<f64> {
    let result = match op {
        Binary::Add => a + b,
        Binary::Sub => a - b,
        Binary::Mul => a * b,
        Binary::Div => a / b,
        Binary::Pow => a.powf(b),
        Binary::Max => a.max(b),
        Binary::Min => a.min(b),
    };
    finite(result)
}

fn finite(result: f64) -> Outcome<f64> {
    if result.is_finite() { Ok(result) } else { Err(Mistake::new("the result is not a finite number").into()) }
}

fn compare<'b>(op: Compare, a: &Datum<'_>, b: &Datum<'_>) -> Outcome<Datum<'b>> {
    let equal = same(a, b);
    let decided = match (op, equal) {
        (Compare::Eq, Some(equal)) => Some(equal),
        (Compare::Ne, Some(equal)) => Some(!equal),
        _ => real(a).zip(real(b)).and_then(|(a, b)| match op {
            Compare::Lt => Some(a < b),
            Compare::Le => Some(a <= b),
            Compare::Gt => Some(a > b),
            Compare::Ge => Some(a >= b),
            Compare::Eq | Compare::Ne => None,
        }),
    };
    decided
        .map(Datum::Bool)
        .ok_or_else(|| Mistake::new(format!("{} and {} cannot be compared", a.describe(), b.describe())).into())
}

fn same(a: &Datum<'_>, b: &Datum<'_>) -> Option<bool> {
    match (a, b) {
        (Datum::Int(a), Datum::Int(b)) => Some(a == b),
        (Datum::Bool(a), Datum::Bool(b)) => Some(a == b),
        (Datum::Text(a), Datum::Text(b)) => Some(a == b),
        (Datum::Symbol(a), Datum::Symbol(b)) => Some(a == b),
        (Datum::Symbol(_), _) | (_, Datum::Symbol(_)) => Some(false),
        (Datum::Function(a), Datum::Function(b)) => Some(a.name() == b.name()),
        (Datum::List(a), Datum::List(b)) | (Datum::Tuple(a), Datum::Tuple(b)) => {
            let pairs = a.iter().zip(b).try_fold(true, |all, (a, b)| Some(all && same(a, b)?));
            if a.len() == b.len() { pairs } else { Some(false) }
        }
        _ => real(a).zip(real(b)).map(|(a, b)| a == b),
    }
}
