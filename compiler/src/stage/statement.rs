//! Blocks, statements and patterns.

use syn::{Block, Expr, ExprAssign, ExprForLoop, ExprIf, Ident, Local, Pat, Stmt, StmtMacro};

use super::evaluator::Evaluator;
use super::fault::{Mistake, Outcome, Stop, nearest};
use super::value::Datum;
use crate::syntax::Extent;

/// Elements of a list or range, with those inside of them.
const LIST: usize = 1 << 16;

impl<'b> Evaluator<'b> {
    /// The value of a block, with variables of its own.
    pub fn block(&mut self, block: &'b Block) -> Datum<'b> {
        self.environment.push();
        let value = self.statements(&block.stmts);
        self.environment.pop();
        value
    }

    /// The value of the last statement.
    pub fn statements(&mut self, statements: &'b [Stmt]) -> Datum<'b> {
        let mut value = Datum::UNIT;
        for statement in statements {
            value = match statement {
                Stmt::Expr(expr, None) => self.evaluate(expr),
                Stmt::Expr(expr, Some(_)) => {
                    self.evaluate(expr);
                    Datum::UNIT
                }
                Stmt::Local(local) => {
                    self.local(local);
                    Datum::UNIT
                }
                Stmt::Macro(call) => self.refuse_macro(call),
                Stmt::Item(item) => {
                    let mistake = Mistake::new("an item belongs at the top of the network, not into a body");
                    self.report(mistake.into(), item);
                    Datum::UNIT
                }
            };
        }
        value
    }

    fn local(&mut self, local: &'b Local) {
        let pattern = match &local.pat {
            Pat::Type(typed) => {
                let mistake = Mistake::new("a `let` has no type here: types are inferred");
                self.report(mistake.into(), &typed.ty);
                &*typed.pat
            }
            pattern => pattern,
        };
        let Some(init) = &local.init else {
            self.report(Mistake::new("a `let` needs a value").into(), &local.pat);
            return self.bind_poison(pattern);
        };
        if let Some((_, diverging)) = &init.diverge {
            self.report(Mistake::new("there is no `let … else` here").into(), diverging);
        }
        let mark = self.names.mark();
        let value = self.evaluate(&init.expr);
        if let Pat::Ident(pattern) = pattern {
            let name = pattern.ident.to_string();
            self.names.bind(mark, &name);
            if let Datum::Tensor(tensor) = &value {
                tensor.expr.builder.label(tensor.expr.value, &name);
            }
        }
        self.bind(pattern, value);
    }

    /// Binds the names of a pattern; a mistake is reported, and its names are poisoned.
    pub fn bind(&mut self, pattern: &'b Pat, value: Datum<'b>) {
        if let Err(stop) = self.try_bind(pattern, value) {
            self.report(stop, pattern);
            self.bind_poison(pattern);
        }
    }

    fn try_bind(&mut self, pattern: &'b Pat, value: Datum<'b>) -> Outcome<()> {
        match pattern {
            Pat::Ident(pattern) if pattern.by_ref.is_none() && pattern.subpat.is_none() => {
                self.environment.bind(&pattern.ident, value, pattern.mutability.is_some());
                Ok(())
            }
            Pat::Wild(_) => Ok(()),
            Pat::Paren(pattern) => self.try_bind(&pattern.pat, value),
            Pat::Tuple(pattern) => self.bind_each(&pattern.elems, value),
            Pat::Slice(pattern) => self.bind_each(&pattern.elems, value),
            _ => Err(Mistake::new("a pattern is a name, `_` or a tuple of patterns").into()),
        }
    }

    fn bind_each(
        &mut self,
        patterns: &'b syn::punctuated::Punctuated<Pat, syn::Token![,]>,
        value: Datum<'b>,
    ) -> Outcome<()> {
        let values = match value {
            Datum::List(values) | Datum::Tuple(values) => values,
            Datum::Poison => return Err(Stop::Poisoned),
            other => {
                let message = format!(
                    "this pattern takes {} values apart, but the value is {}",
                    patterns.len(),
                    other.describe()
                );
                return Err(Mistake::new(message).into());
            }
        };
        if values.len() != patterns.len() {
            let message = format!("this pattern has {} names, but there are {} values", patterns.len(), values.len());
            return Err(Mistake::new(message).into());
        }
        for (pattern, value) in patterns.iter().zip(values) {
            self.bind(pattern, value);
        }
        Ok(())
    }

    fn bind_poison(&mut self, pattern: &'b Pat) {
        match pattern {
            Pat::Ident(pattern) => self.environment.bind(&pattern.ident, Datum::Poison, true),
            Pat::Paren(pattern) => self.bind_poison(&pattern.pat),
            Pat::Tuple(pattern) => pattern.elems.iter().for_each(|inner| self.bind_poison(inner)),
            Pat::Slice(pattern) => pattern.elems.iter().for_each(|inner| self.bind_poison(inner)),
            _ => {}
        }
    }

    /// `name = value`
    pub fn assign(&mut self, assign: &'b ExprAssign) -> Outcome<Datum<'b>> {
        let value = self.evaluate(&assign.right);
        if let Expr::Tuple(targets) = &*assign.left {
            let Datum::Tuple(values) = value else { return Err(Mistake::new("the value is not a tuple").into()) };
            if values.len() != targets.elems.len() {
                return Err(Mistake::new("the two tuples have different lengths").into());
            }
            for (target, value) in targets.elems.iter().zip(values) {
                self.store(target, value)?;
            }
            return Ok(Datum::UNIT);
        }
        self.store(&assign.left, value)
    }

    /// Gives a variable a new value.
    pub fn store(&mut self, target: &'b Expr, value: Datum<'b>) -> Outcome<Datum<'b>> {
        let name = plain_name(target).ok_or_else(|| Mistake::new("only a variable can be assigned"))?.to_string();
        let known = self.environment.names();
        let Some(variable) = self.environment.variable(&name) else {
            let hint = nearest(&name, known.iter().map(String::as_str));
            return Err(Mistake::new(format!("there is no variable `{name}`"))
                .maybe_help(hint)
                .at(Extent::of(target))
                .into());
        };
        if !variable.is_mutable {
            let mistake =
                Mistake::new(format!("`{name}` is assigned twice, but it is not `mut`")).at(Extent::of(target));
            return Err(mistake.help(format!("`let mut {name} = …`")).into());
        }
        variable.datum = value.named(&name);
        Ok(Datum::UNIT)
    }

    /// `if` on a static condition.
    pub fn branch(&mut self, branch: &'b ExprIf) -> Outcome<Datum<'b>> {
        let taken = match self.evaluate(&branch.cond) {
            Datum::Bool(taken) => taken,
            Datum::Poison => return Err(Stop::Poisoned),
            Datum::Tensor(tensor) => {
                let mistake =
                    Mistake::new("`if` chooses while the network is built, so its condition cannot be a tensor");
                let mistake = mistake.note(tensor.story("the condition")).at(Extent::of(&branch.cond));
                return Err(mistake.help("`select(mask, a, b)` chooses for each element").into());
            }
            other => {
                let message = format!("`if` needs `true` or `false`, but this is {}", other.describe());
                return Err(Mistake::new(message).at(Extent::of(&branch.cond)).into());
            }
        };
        Ok(match (&branch.else_branch, taken) {
            (_, true) => self.block(&branch.then_branch),
            (Some((_, other)), false) => self.evaluate(other),
            (None, false) => Datum::UNIT,
        })
    }

    /// `for pattern in list`
    pub fn each(&mut self, each: &'b ExprForLoop) -> Outcome<Datum<'b>> {
        let list = self.evaluate(&each.expr);
        let items = match list {
            Datum::List(items) | Datum::Tuple(items) => items,
            Datum::Poison => return Err(Stop::Poisoned),
            other => {
                let message = format!("`for` goes through a list or range, but this is {}", other.describe());
                return Err(Mistake::new(message).at(Extent::of(&each.expr)).into());
            }
        };
        for item in items {
            self.environment.push();
            self.bind(&each.pat, item);
            self.block(&each.body);
            self.environment.pop();
        }
        Ok(Datum::UNIT)
    }

    fn refuse_macro(&mut self, call: &'b StmtMacro) -> Datum<'b> {
        let mistake = match call.mac.path.get_ident() {
            Some(name) => format!("there is no macro `{name}!` in a network"),
            None => "there are no macros in a network".to_owned(),
        };
        self.report(Mistake::new(mistake).into(), &call.mac.path);
        Datum::Poison
    }
}

/// A list or tuple, unless it is too long.
pub fn bounded(datum: Datum<'_>) -> Outcome<Datum<'_>> {
    match datum.scalars() {
        0..=LIST => Ok(datum),
        more => Err(Mistake::new(format!("this list has {more} elements: {LIST} is the most")).into()),
    }
}

/// The elements of a range.
pub fn range<'b>(start: i64, end: i64) -> Outcome<Datum<'b>> {
    let length = usize::try_from(end.saturating_sub(start)).unwrap_or(0);
    if length > LIST {
        return Err(Mistake::new(format!("a range of {length} elements is too long: {LIST} is the most")).into());
    }
    Ok(Datum::List((start..end).map(Datum::Int).collect()))
}

/// The identifier that an expression is, if it is one.
pub fn plain_name(expr: &Expr) -> Option<&Ident> {
    match expr {
        Expr::Path(path) if path.qself.is_none() => path.path.get_ident(),
        Expr::Group(group) => plain_name(&group.expr),
        Expr::Paren(paren) => plain_name(&paren.expr),
        _ => None,
    }
}
