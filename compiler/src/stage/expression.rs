//! Expressions.

use syn::{Expr, ExprField, ExprIndex, ExprLit, ExprRange, Ident, Lit, Member, RangeLimits};

use super::evaluator::Evaluator;
use super::fault::{Mistake, Outcome, Stop, nearest};
use super::library;
use super::operator;
use super::statement::{bounded, plain_name, range};
use super::value::{Datum, Function, Tensor};
use crate::syntax::{Extent, ast};

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
                None => Err(Mistake::new("a name in a network is one word").into()),
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
            other => Err(unsupported(other).into()),
        }
    }

    /// What a name in front of parentheses stands for: a function, even if a variable that is none has its name.
    pub fn callee(&mut self, ident: &'b Ident) -> Outcome<Datum<'b>> {
        let name = ident.to_string();
        let hides = |datum: &Datum<'b>| !matches!(datum, Datum::Function(_));
        if self.environment.variable(&name).is_some_and(|variable| hides(&variable.datum))
            && let Some(function) = self.function(&name)
        {
            return Ok(Datum::Function(function));
        }
        self.name(ident)
    }

    fn function(&self, name: &str) -> Option<Function<'b>> {
        let users = self.ast.functions.iter().find(|function| function.name == name).map(Function::User);
        users.or_else(|| library::find(name).map(Function::Builtin))
    }

    /// What a name stands for.
    pub fn name(&mut self, ident: &'b Ident) -> Outcome<Datum<'b>> {
        let name = ident.to_string();
        if let Some(datum) = self.environment.look_up(&name) {
            return Ok(datum);
        }
        if let Some(constant) = self.ast.constants.iter().find(|constant| constant.name == name) {
            return self.constant(constant);
        }
        if let Some(function) = self.function(&name) {
            return Ok(Datum::Function(function));
        }
        if let Some(word) = library::symbol(&name) {
            return Ok(Datum::Symbol(word));
        }
        Err(self.unknown(&name).at(ident.span()).into())
    }

    fn unknown(&self, name: &str) -> Mistake {
        if library::is_planned(name) {
            return Mistake::new(format!("`{name}` is not available in this version"));
        }
        let mut known = self.environment.names();
        known.extend(self.ast.constants.iter().map(|constant| constant.name.to_string()));
        known.extend(self.ast.functions.iter().map(|function| function.name.to_string()));
        known.extend(library::names().map(ToOwned::to_owned));
        let hint = nearest(name, known.iter().map(String::as_str));
        Mistake::new(format!("there is no `{name}` here")).maybe_help(hint)
    }

    /// The value of a constant.
    pub fn constant(&mut self, constant: &'b ast::Constant) -> Outcome<Datum<'b>> {
        let name = constant.name.to_string();
        match self.constants.get(&name) {
            Some(Some(datum)) => return Ok(datum.clone()),
            Some(None) => {
                let mistake = Mistake::new(format!("the constant `{name}` depends on itself"));
                return Err(mistake.at(constant.name.span()).into());
            }
            None => {}
        }
        self.constants.insert(name.clone(), None);
        let caller = self.environment.enter();
        let mut datum = self.evaluate(&constant.value);
        self.environment.leave(caller);
        if matches!(datum, Datum::Tensor(_)) {
            let mistake = Mistake::new(format!("the constant `{name}` is a tensor, but constants are static values"));
            self.report(mistake.into(), &constant.value);
            datum = Datum::Poison;
        }
        self.environment.values.note(&constant.name, &datum);
        self.constants.insert(name, Some(datum.clone()));
        Ok(datum)
    }

    fn range(&mut self, expr: &'b ExprRange) -> Outcome<Datum<'b>> {
        let mut end_of = |end: &'b Option<Box<Expr>>, otherwise: Option<i64>| match end {
            None => otherwise.ok_or_else(|| Mistake::new("a range needs an end").into()),
            Some(end) => match self.evaluate(end) {
                Datum::Int(value) => Ok(value),
                Datum::Poison => Err(Stop::Poisoned),
                other => {
                    let message = format!("a range goes between whole numbers, but this is {}", other.describe());
                    Err(Stop::from(Mistake::new(message).at(Extent::of(end))))
                }
            },
        };
        let (start, end) = (end_of(&expr.start, Some(0))?, end_of(&expr.end, None)?);
        let closed = matches!(expr.limits, RangeLimits::Closed(_));
        range(start, if closed { end.saturating_add(1) } else { end })
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
        let (base, position) = (self.evaluate(&expr.expr), self.evaluate(&expr.index));
        match (base, position) {
            (Datum::List(items) | Datum::Tuple(items), Datum::Int(position)) => {
                let length = items.len();
                let from_end = if position < 0 { length as i64 } else { 0 };
                let index = usize::try_from(position.saturating_add(from_end)).ok();
                let found = index.and_then(|index| items.into_iter().nth(index));
                found
                    .ok_or_else(|| Mistake::new(format!("there is no element {position} in a list of {length}")).into())
            }
            (Datum::Poison, _) | (_, Datum::Poison) => Err(Stop::Poisoned),
            (Datum::Tensor(tensor), _) => {
                let mistake = Mistake::new("a tensor is not indexed with brackets").note(tensor.story("it"));
                Err(mistake.help("`slice(x, start, shape)` takes a part of it").into())
            }
            (Datum::List(_) | Datum::Tuple(_), other) => {
                Err(Mistake::new(format!("an index is a whole number, but this is {}", other.describe())).into())
            }
            (other, _) => Err(Mistake::new(format!("{} has no elements", other.describe())).into()),
        }
    }
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

fn literal<'b>(literal: &ExprLit) -> Outcome<Datum<'b>> {
    let suffix = match &literal.lit {
        Lit::Int(number) => number.suffix(),
        Lit::Float(number) => number.suffix(),
        _ => "",
    };
    if !suffix.is_empty() {
        return Err(Mistake::new(format!("numbers have no suffix here: drop `{suffix}`")).into());
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
        _ => return Err(Mistake::new("a literal is a number, `true`, `false` or a string").into()),
    })
}

/// Whether variables may have other values after an expression that was not evaluated.
const fn may_assign(expr: &Expr) -> bool {
    matches!(expr, Expr::If(_) | Expr::ForLoop(_) | Expr::While(_) | Expr::Loop(_) | Expr::Match(_))
}

fn unsupported(expr: &Expr) -> Mistake {
    let (what, help) = match expr {
        Expr::While(_) | Expr::Loop(_) => {
            ("`while` and `loop`", Some("`for x in list` unrolls while the network is built"))
        }
        Expr::Match(_) => ("`match`", Some("`if` chooses between static values")),
        Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) => {
            ("`return`, `break` and `continue`", Some("the last expression of a body is its value"))
        }
        Expr::Closure(_) => ("closures", Some("write a `fn` and pass it by name")),
        Expr::Macro(_) => ("macros", None),
        Expr::Reference(_) => ("references", Some("values are passed without `&`")),
        Expr::Cast(_) => ("casts", Some("numbers are converted where they are used")),
        Expr::Repeat(_) => ("`[value; length]`", Some("write the list out")),
        _ => ("expressions of this kind", None),
    };
    Mistake::new(format!("there are no {what} in a network")).maybe_help(help.map(ToOwned::to_owned))
}
