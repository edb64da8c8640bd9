//! Blocks, statements and patterns.

use syn::{Block, Expr, ExprAssign, ExprForLoop, ExprIf, Ident, Local, Pat, Stmt, StmtMacro};

use super::evaluator::Evaluator;
use super::fault::{Mistake, Outcome, Stop, nearest};
use super::value::Datum;
use crate::syntax::{Extent, ITEM_IN_BODY};

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
                Stmt::Macro(call) => match self.macro_statement(call) {
                    // What an assertion guards is not looked at when it fails.
                    Datum::Poison => {
                        self.environment.poison_mutable();
                        return Datum::Poison;
                    }
                    value => value,
                },
                Stmt::Item(item) => {
                    self.report(refused_item().into(), item);
                    Datum::UNIT
                }
            };
        }
        value
    }

    fn local(&mut self, local: &'b Local) {
        let (mistakes, pattern) = refused_local(local);
        for mistake in mistakes {
            self.report(mistake.into(), local);
        }
        let Some(init) = &local.init else { return self.bind_poison(pattern) };
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
    pub fn bind(&mut self, pattern: &Pat, value: Datum<'b>) {
        if let Err(stop) = self.try_bind(pattern, value) {
            self.report(stop, pattern);
            self.bind_poison(pattern);
        }
    }

    fn try_bind(&mut self, pattern: &Pat, value: Datum<'b>) -> Outcome<()> {
        match pattern {
            Pat::Ident(pattern) if pattern.by_ref.is_none() && pattern.subpat.is_none() => {
                self.environment.bind(&pattern.ident, value, pattern.mutability.is_some());
                Ok(())
            }
            Pat::Wild(_) => Ok(()),
            Pat::Paren(pattern) => self.try_bind(&pattern.pat, value),
            Pat::Tuple(pattern) => self.bind_each(&pattern.elems, value),
            Pat::Slice(pattern) => self.bind_each(&pattern.elems, value),
            _ => Err(refused_pattern().into()),
        }
    }

    fn bind_each(
        &mut self,
        patterns: &syn::punctuated::Punctuated<Pat, syn::Token![,]>,
        value: Datum<'b>,
    ) -> Outcome<()> {
        let values = apart(patterns.len(), value)?;
        for (pattern, value) in patterns.iter().zip(values) {
            self.bind(pattern, value);
        }
        Ok(())
    }

    fn bind_poison(&mut self, pattern: &Pat) {
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
        self.store(&assign.left, value)
    }

    /// Gives a variable, or each of a tuple of them, a new value.
    pub fn store(&mut self, target: &Expr, value: Datum<'b>) -> Outcome<Datum<'b>> {
        match target {
            Expr::Infer(_) => Ok(Datum::UNIT),
            Expr::Tuple(targets) => {
                let values = apart(targets.elems.len(), value)?;
                for (target, value) in targets.elems.iter().zip(values) {
                    self.store(target, value)?;
                }
                Ok(Datum::UNIT)
            }
            _ => self.store_one(target, value),
        }
    }

    fn store_one(&mut self, target: &Expr, value: Datum<'b>) -> Outcome<Datum<'b>> {
        let place = Extent::of_expr(target);
        let name = plain_name(target).ok_or_else(|| Mistake::of_words("only a variable can be assigned").at(place))?;
        let name = name.to_string();
        let Some(variable) = self.environment.variable(&name) else {
            return Err(unknown_variable(&name, &self.environment.names()).at(place).into());
        };
        if variable.is_captured {
            return Err(assigned_in_closure(&name).at(place).into());
        }
        if !variable.is_mutable {
            let mistake = Mistake::of_words(format!("`{name}` is assigned twice, but it is not `mut`")).at(place);
            return Err(mistake.help(format!("`let mut {name} = …`")).into());
        }
        variable.datum = if self.calls.in_prelude() { value } else { value.named(&name) };
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

    fn macro_statement(&mut self, call: &'b StmtMacro) -> Datum<'b> {
        self.macro_call(&call.mac).unwrap_or_else(|stop| {
            self.report(stop, &call.mac);
            Datum::Poison
        })
    }
}

/// The values of a list or tuple that is taken apart by so many names.
fn apart(names: usize, value: Datum<'_>) -> Outcome<Vec<Datum<'_>>> {
    let mistake = match value {
        Datum::List(values) | Datum::Tuple(values) if values.len() == names => return Ok(values),
        Datum::Poison => return Err(Stop::Poisoned),
        Datum::List(values) | Datum::Tuple(values) => {
            Mistake::new(format!("this pattern has {names} names, but there are {} values", values.len()))
        }
        other => {
            let mistake = format!("this pattern takes {names} values apart, but the value is {}", other.describe());
            let mistake = Mistake::new(mistake);
            match other {
                Datum::Tensor(tensor) => mistake.note(tensor.story("it")),
                _ => mistake,
            }
        }
    };
    Err(mistake.into())
}

/// What is said of an item in a body.
pub fn refused_item() -> Mistake {
    Mistake::of_words(ITEM_IN_BODY)
}

/// What is said of a pattern that the language lacks.
pub fn refused_pattern() -> Mistake {
    Mistake::of_words("a pattern is a name, `_` or a tuple of patterns")
}

/// What is said of a `let` with more or less than a pattern and a value, and its pattern.
pub fn refused_local(local: &Local) -> (Vec<Mistake>, &Pat) {
    let mut mistakes = Vec::new();
    let pattern = match &local.pat {
        Pat::Type(typed) => {
            let mistake = Mistake::of_words("a `let` has no type here: types are inferred");
            mistakes.push(mistake.at(Extent::of(&typed.ty)));
            &*typed.pat
        }
        pattern => pattern,
    };
    match &local.init {
        None => mistakes.push(Mistake::of_words("a `let` needs a value").at(Extent::of(&local.pat))),
        Some(init) => {
            let diverging = init.diverge.iter().map(|(_, diverging)| Extent::of_expr(diverging));
            mistakes.extend(diverging.map(|place| Mistake::of_words("there is no `let … else` here").at(place)));
        }
    }
    (mistakes, pattern)
}

/// What is said of an assignment to nothing.
pub fn unknown_variable(name: &str, known: &[String]) -> Mistake {
    let hint = nearest(name, known.iter().map(String::as_str));
    let mistake = Mistake::of_words(format!("there is no variable `{name}`")).maybe_help(hint);
    mistake.maybe_help(Some(format!("`let mut {name} = …` makes one")))
}

/// What is said of an assignment to a variable around a closure.
pub fn assigned_in_closure(name: &str) -> Mistake {
    let message = format!("`{name}` is assigned in a closure, which has only a copy of the variables around it");
    Mistake::of_words(message).help("the value of the closure is what it gives")
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
