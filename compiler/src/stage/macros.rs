//! `assert!` and `format!`, which are evaluated while the network is built.

use std::cell::OnceCell;

use syn::punctuated::Punctuated;
use syn::{Expr, Macro, Token};

use super::evaluator::Evaluator;
use super::fault::{Mistake, Outcome, Stop};
use super::statement::plain_name;
use super::value::{Datum, written};
use crate::syntax::Extent;

type Arguments = Punctuated<Expr, Token![,]>;

/// The arguments of all macros, each parsed when it is first evaluated.
#[derive(Default)]
pub struct Macros(OnceCell<Box<Parsed>>);

struct Parsed {
    call: *const Macro,
    arguments: Arguments,
    next: Macros,
}

impl Macros {
    fn arguments<'b>(&'b self, call: &'b Macro) -> Outcome<&'b Arguments> {
        let mut place = &self.0;
        while let Some(parsed) = place.get() {
            if std::ptr::eq(parsed.call, call) {
                return Ok(&parsed.arguments);
            }
            place = &parsed.next.0;
        }
        let arguments = arguments(call)?;
        Ok(&place.get_or_init(|| Box::new(Parsed { call, arguments, next: Self::default() })).arguments)
    }
}

/// The arguments of a macro that the language has.
pub fn arguments(call: &Macro) -> Outcome<Arguments> {
    if !["assert", "format"].iter().any(|known| call.path.is_ident(known)) {
        return Err(refused(call).into());
    }
    call.parse_body_with(Arguments::parse_terminated)
        .map_err(|error| Mistake::of_words(error.to_string()).at(error.span()).into())
}

fn refused(call: &Macro) -> Mistake {
    let Some(name) = call.path.get_ident().map(ToString::to_string) else {
        return Mistake::of_words("the macros of a network are `assert!` and `format!`").at(Extent::of(&call.path));
    };
    let help = match name.as_str() {
        "assert_eq" => Some("`assert!(a == b)`"),
        "assert_ne" => Some("`assert!(a != b)`"),
        "panic" | "unreachable" | "todo" => Some("`assert!(false, \"…\")` stops with a message"),
        "vec" => Some("`[1, 2, 3]` is a list"),
        _ => None,
    };
    let mistake = Mistake::of_words(format!("there is no macro `{name}!` in a network")).at(Extent::of(&call.path));
    mistake.maybe_help(help.map(ToOwned::to_owned))
}

impl<'b> Evaluator<'b> {
    /// `assert!(condition, "message {}", value)` or `format!("block_{i}")`
    pub fn macro_call(&mut self, call: &'b Macro) -> Outcome<Datum<'b>> {
        let parsed = self.macros.arguments(call)?;
        let was_hidden = self.environment.hide(true);
        let value = if call.path.is_ident("assert") {
            self.assert(call, parsed).map(|()| Datum::UNIT)
        } else {
            self.format(call, &parsed.iter().collect::<Vec<_>>()).map(Datum::Text)
        };
        self.environment.hide(was_hidden);
        value
    }

    fn assert(&mut self, call: &'b Macro, arguments: &'b Arguments) -> Outcome<()> {
        let mut arguments = arguments.iter();
        let Some(condition) = arguments.next() else {
            return Err(Mistake::of_words("`assert!` needs a condition").at(Extent::of(call)).into());
        };
        let rest: Vec<&'b Expr> = arguments.collect();
        match self.evaluate(condition) {
            Datum::Bool(true) => Ok(()),
            Datum::Bool(false) => {
                let mut mistake = Mistake::new(self.failed(call, condition, &rest)?).at(Extent::of(call));
                let mut subjects = Vec::new();
                values_in(condition, &mut subjects);
                mistake.notes = self.shown(&subjects);
                Err(mistake.into())
            }
            Datum::Poison => Err(Stop::Poisoned),
            Datum::Tensor(tensor) => {
                let message = "`assert!` is checked while the network is built, so its condition cannot be a tensor";
                let mistake = Mistake::new(message).note(tensor.story("the condition"));
                Err(mistake.at(Extent::of_expr(condition)).into())
            }
            other => {
                let message = format!("`assert!` needs `true` or `false`, but this is {}", other.describe());
                Err(Mistake::new(message).at(Extent::of_expr(condition)).into())
            }
        }
    }

    fn failed(&mut self, call: &'b Macro, condition: &'b Expr, message: &[&'b Expr]) -> Outcome<String> {
        if message.is_empty() {
            return Ok(format!("`assert!({})` does not hold", written(condition)));
        }
        self.format(call, message)
    }

    /// What is known of the parts of a condition, each once.
    fn shown(&mut self, subjects: &[&'b Expr]) -> Vec<String> {
        let mut notes = Vec::new();
        for subject in subjects {
            let words = written(subject);
            let note = match self.evaluate(subject) {
                Datum::Function(_) | Datum::Symbol(_) | Datum::Poison => continue,
                Datum::Tensor(tensor) => tensor.story(&words),
                other => format!("`{words}` is {}", other.show()),
            };
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        notes
    }

    /// A template and its values as text.
    fn format(&mut self, call: &'b Macro, arguments: &[&'b Expr]) -> Outcome<String> {
        let Some((template, rest)) = arguments.split_first() else {
            return Err(Mistake::of_words("`format!` needs a string").at(Extent::of(call)).into());
        };
        let place = Extent::of_expr(template);
        let template = match self.evaluate(template) {
            Datum::Text(template) => template,
            Datum::Poison => return Err(Stop::Poisoned),
            other => {
                let message = format!("a message is a string, but this is {}", other.describe());
                return Err(Mistake::of_words(message).at(place).into());
            }
        };
        let mut values = Vec::new();
        for argument in rest {
            let (name, value) = match argument {
                Expr::Assign(assign) => (plain_name(&assign.left).map(ToString::to_string), &*assign.right),
                value => (None, *value),
            };
            values.push((name, self.evaluate(value).show()));
        }
        let mut value_of = |name: &str| Some(self.look_up(name)?.ok()?.show());
        fill(&template, &values, &mut value_of).map_err(|message| Mistake::of_words(message).at(place).into())
    }
}

/// Replaces `{}` by the values in order, and `{name}` by the value of a name.
fn fill(
    template: &str,
    values: &[(Option<String>, String)],
    value_of: &mut dyn FnMut(&str) -> Option<String>,
) -> Result<String, String> {
    let mut positional = values.iter().filter(|(name, _)| name.is_none()).map(|(_, value)| value);
    let mut filled = String::new();
    let mut rest = template;
    while let Some(place) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(place);
        filled.push_str(before);
        if let Some(after) = from.strip_prefix("{{").or_else(|| from.strip_prefix("}}")) {
            filled.push_str(&from[..1]);
            rest = after;
            continue;
        }
        let inner = from.strip_prefix('{').and_then(|from| from.split_once('}'));
        let (inner, after) = inner.ok_or_else(|| format!("a brace of {template:?} has no partner"))?;
        let name = inner.split(':').next().unwrap_or_default().trim();
        let given = || values.iter().find(|(known, _)| known.as_deref() == Some(name)).map(|(_, value)| value.clone());
        let value = if name.is_empty() { positional.next().cloned() } else { given().or_else(|| value_of(name)) };
        filled.push_str(&value.ok_or_else(|| format!("`{{{inner}}}` in {template:?} has no value"))?);
        rest = after;
    }
    match positional.count() {
        0 => Ok(filled + rest),
        more => Err(format!("{template:?} has fewer `{{}}` than values: {more} are left over")),
    }
}

/// The names in a condition, with the fields and indices behind them.
fn values_in<'e>(expr: &'e Expr, found: &mut Vec<&'e Expr>) {
    match expr {
        Expr::Path(_) | Expr::Field(_) | Expr::Index(_) if is_place(expr) => found.push(expr),
        Expr::Field(field) => values_in(&field.base, found),
        Expr::Index(index) => {
            values_in(&index.expr, found);
            values_in(&index.index, found);
        }
        Expr::Binary(binary) => {
            values_in(&binary.left, found);
            values_in(&binary.right, found);
        }
        Expr::Unary(unary) => values_in(&unary.expr, found),
        Expr::Paren(paren) => values_in(&paren.expr, found),
        Expr::Call(call) => call.args.iter().for_each(|argument| values_in(argument, found)),
        Expr::MethodCall(call) => {
            values_in(&call.receiver, found);
            call.args.iter().for_each(|argument| values_in(argument, found));
        }
        _ => {}
    }
}

/// Whether an expression names a value, and evaluating it again does nothing.
fn is_place(expr: &Expr) -> bool {
    match expr {
        Expr::Path(_) => plain_name(expr).is_some(),
        Expr::Field(field) => is_place(&field.base),
        Expr::Index(index) => is_place(&index.expr) && (matches!(*index.index, Expr::Lit(_)) || is_place(&index.index)),
        _ => false,
    }
}
