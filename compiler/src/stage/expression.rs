//! Expressions.

use syn::{Expr, ExprField, ExprIndex, ExprLit, ExprRange, ExprRepeat, Ident, Lit, Member, RangeLimits};

use super::evaluator::Evaluator;
use super::fault::{Mistake, Outcome, Stop};
use super::operator;
use super::statement::{bounded, plain_name, range};
use super::value::{Datum, Tensor, written};
use crate::syntax::Extent;

impl<'b> Evaluator<'b> {
    /// The value of an expression; a mistake is reported and gives poison.
    pub fn evaluate(&mut self, expr: &'b Expr) -> Datum<'b> {
        let result = self.descend().and_then(|()| self.try_evaluate(expr));
        self.ascend();
        result.unwrap_or_else(|stop| {
            self.report(stop, expr);
            if may_assign(expr) {
                self.environment.poison_mutable();
            }
            Datum::Poison
        })
    }

    fn try_evaluate(&mut self, expr: &'b Expr) -> Outcome<Datum<'b>> {
        match expr {
            Expr::Lit(literal) => self::literal(literal),
            Expr::Path(_) => match plain_name(expr) {
                Some(name) => self.name(name),
                None => Err(Mistake::of_words("a name in a network is one word, without `::`").into()),
            },
            Expr::Paren(inner) => Ok(self.evaluate(&inner.expr)),
            Expr::Group(inner) => Ok(self.evaluate(&inner.expr)),
            Expr::Block(block) if block.label.is_none() => Ok(self.block(&block.block)),
            Expr::Tuple(tuple) => bounded(Datum::Tuple(tuple.elems.iter().map(|item| self.evaluate(item)).collect())),
            Expr::Array(list) => bounded(Datum::List(list.elems.iter().map(|item| self.evaluate(item)).collect())),
            Expr::Range(range) => self.range(range),
            Expr::Unary(unary) => {
                let operand = self.evaluate(&unary.expr);
                operator::unary(self, unary, operand)
            }
            Expr::Binary(binary) => self.binary(binary),
            Expr::Assign(assign) => self.assign(assign),
            Expr::If(branch) => self.branch(branch),
            Expr::ForLoop(each) => self.each(each),
            Expr::Call(call) => self.call(call),
            Expr::MethodCall(call) => self.method(call),
            Expr::Field(field) => self.field(field),
            Expr::Index(index) => self.index(index),
            Expr::Repeat(repeat) => self.repeat(repeat),
            Expr::Macro(call) => self.macro_call(&call.mac),
            Expr::Closure(closure) => self.closure(closure),
            // A semicolon alone.
            Expr::Verbatim(tokens) if tokens.is_empty() => Ok(Datum::UNIT),
            other => Err(unsupported(other).into()),
        }
    }

    fn range(&mut self, expr: &'b ExprRange) -> Outcome<Datum<'b>> {
        let end = self.end_of_range(expr.end.as_deref())?;
        let end = end.ok_or_else(|| Mistake::of_words("a range needs an end"))?;
        let start = self.end_of_range(expr.start.as_deref())?.unwrap_or(0);
        let closed = matches!(expr.limits, RangeLimits::Closed(_));
        range(start, if closed { end.saturating_add(1) } else { end })
    }

    fn end_of_range(&mut self, end: Option<&'b Expr>) -> Outcome<Option<i64>> {
        let Some(end) = end else { return Ok(None) };
        match self.evaluate(end) {
            Datum::Int(value) => Ok(Some(value)),
            Datum::Poison => Err(Stop::Poisoned),
            other => {
                let message = format!("a range goes between whole numbers, but this is {}", other.describe());
                Err(Mistake::new(message).at(Extent::of_expr(end)).into())
            }
        }
    }

    /// `[value; length]`
    fn repeat(&mut self, expr: &'b ExprRepeat) -> Outcome<Datum<'b>> {
        let (value, length) = (self.evaluate(&expr.expr), self.evaluate(&expr.len));
        match length {
            Datum::Int(length) => {
                let Datum::List(places) = range(0, length)? else { return Err(Stop::Poisoned) };
                bounded(Datum::List(vec![value; places.len()]))
            }
            Datum::Poison => Err(Stop::Poisoned),
            other => {
                let message = format!("the length of a list is a whole number, but this is {}", other.describe());
                Err(Mistake::new(message).at(Extent::of_expr(&expr.len)).into())
            }
        }
    }

    fn field(&mut self, field: &'b ExprField) -> Outcome<Datum<'b>> {
        let base = self.evaluate(&field.base);
        if base.is_poisoned() {
            return Err(Stop::Poisoned);
        }
        match (&field.member, base) {
            (Member::Named(name), Datum::Tensor(tensor)) => property(&tensor, name),
            (Member::Unnamed(position), Datum::Tuple(items) | Datum::List(items)) => {
                let length = items.len();
                let found = usize::try_from(position.index).ok().and_then(|index| items.into_iter().nth(index));
                found.ok_or_else(|| {
                    Mistake::new(format!("there is no `.{}` in a tuple of {length}", position.index)).into()
                })
            }
            (Member::Named(name), other) => {
                let message = format!("{} has no `{name}`", other.describe());
                Err(Mistake::new(message).at(name.span()).into())
            }
            (Member::Unnamed(_), other) => Err(Mistake::new(format!("{} is not a tuple", other.describe())).into()),
        }
    }

    fn index(&mut self, expr: &'b ExprIndex) -> Outcome<Datum<'b>> {
        let base = self.evaluate(&expr.expr);
        let items = match base {
            Datum::List(items) | Datum::Tuple(items) => items,
            Datum::Poison => return Err(Stop::Poisoned),
            Datum::Tensor(tensor) => {
                let mistake = Mistake::new("a tensor is not indexed with brackets").note(tensor.story("it"));
                return Err(mistake.help("`slice(x, start, shape)` takes a part of it").into());
            }
            other => return Err(Mistake::new(format!("{} has no elements", other.describe())).into()),
        };
        if let Expr::Range(part) = &*expr.index {
            return self.part(items, part);
        }
        match self.evaluate(&expr.index) {
            Datum::Int(position) => {
                let length = items.len();
                let found = place(position, length).and_then(|index| items.into_iter().nth(index));
                found
                    .ok_or_else(|| Mistake::new(format!("there is no element {position} in a list of {length}")).into())
            }
            Datum::Poison => Err(Stop::Poisoned),
            other => {
                let message = format!("an index is a whole number, but this is {}", other.describe());
                Err(Mistake::new(message).at(Extent::of_expr(&expr.index)).into())
            }
        }
    }

    /// `list[start..end]`
    fn part(&mut self, items: Vec<Datum<'b>>, expr: &'b ExprRange) -> Outcome<Datum<'b>> {
        let length = items.len();
        let start = self.end_of_range(expr.start.as_deref())?.unwrap_or(0);
        let end = self.end_of_range(expr.end.as_deref())?;
        let closed = i64::from(matches!(expr.limits, RangeLimits::Closed(_)));
        let end = end.map_or(Some(length), |end| place(end, length).map(|end| end + closed as usize));
        let inside = place(start, length).zip(end).filter(|(start, end)| start <= end && *end <= length);
        match inside {
            Some((start, end)) => Ok(Datum::List(items[start..end].to_vec())),
            None => {
                let message =
                    format!("`{}` does not lie inside a list of {length}", written(&Expr::Range(expr.clone())));
                Err(Mistake::new(message).into())
            }
        }
    }
}

/// A position counted from the start, or from the end if it is negative; the end is a position, too.
fn place(position: i64, length: usize) -> Option<usize> {
    let from_start = if position < 0 { position.saturating_add(length as i64) } else { position };
    usize::try_from(from_start).ok().filter(|index| *index <= length)
}

fn property<'b>(tensor: &Tensor<'b>, name: &Ident) -> Outcome<Datum<'b>> {
    let dims = tensor.expr.shape().written();
    let number = |dim: Option<&usize>| dim.map(|dim| Datum::Int(*dim as i64));
    let found = match name.to_string().as_str() {
        "shape" => Some(Datum::List(dims.iter().map(|dim| Datum::Int(*dim as i64)).collect())),
        "rank" => Some(Datum::Int(dims.len() as i64)),
        "channels" => number(dims.last()),
        "height" if dims.len() == 3 => number(dims.first()),
        "width" if dims.len() == 3 => number(dims.get(1)),
        _ => None,
    };
    found.ok_or_else(|| {
        let mistake = Mistake::new(format!("a tensor {} has no `{name}`", tensor.written())).at(name.span());
        mistake.help("it has `shape`, `rank` and `channels`; images also have `height` and `width`").into()
    })
}

/// A number, a string, or a truth value.
pub fn literal<'b>(literal: &ExprLit) -> Outcome<Datum<'b>> {
    let suffix = match &literal.lit {
        Lit::Int(number) => number.suffix(),
        Lit::Float(number) => number.suffix(),
        _ => "",
    };
    if !suffix.is_empty() {
        return Err(Mistake::of_words(format!("numbers have no suffix here: drop `{suffix}`")).into());
    }
    let too_large = || Mistake::new("this number is too large");
    Ok(match &literal.lit {
        Lit::Int(number) => Datum::Int(number.base10_parse().map_err(|_| too_large())?),
        Lit::Float(number) => match number.base10_parse::<f64>() {
            Ok(value) if value.is_finite() => Datum::Float(value),
            _ => return Err(too_large().into()),
        },
        Lit::Bool(value) => Datum::Bool(value.value),
        Lit::Str(text) => Datum::Text(text.value()),
        _ => return Err(Mistake::of_words("a literal is a number, `true`, `false` or a string").into()),
    })
}

/// Whether variables may have other values after an expression that was not evaluated.
const fn may_assign(expr: &Expr) -> bool {
    matches!(expr, Expr::If(_) | Expr::ForLoop(_) | Expr::While(_) | Expr::Loop(_) | Expr::Match(_))
}

/// What is said of an expression that the language lacks.
pub fn unsupported(expr: &Expr) -> Mistake {
    let (what, help) = match expr {
        Expr::While(_) | Expr::Loop(_) => {
            ("`while` and `loop`", Some("`for x in list` unrolls while the network is built"))
        }
        Expr::Match(_) => ("`match` expressions", Some("`if` chooses between static values")),
        Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) => {
            ("`return`, `break` and `continue`", Some("the last expression of a body is its value"))
        }
        Expr::Reference(_) => ("references", Some("values are passed without `&`")),
        Expr::Cast(_) => {
            ("casts", Some("numbers are converted where they are used; `int(…)` and `float(…)` convert them"))
        }
        _ => ("expressions of this kind", None),
    };
    Mistake::of_words(format!("there are no {what} in a network")).maybe_help(help.map(ToOwned::to_owned))
}
