//! Arguments of a call, bound to the parameters of a function of the language and read with the checks they need.

use super::super::call::{Given, scope_name};
use super::super::fault::{Mistake, Outcome};
use super::super::operator::real;
use super::super::value::{Datum, Tensor};
use super::{Builtin, Call, nearest_argument, symbol};
use crate::ir::{DType, Expr};
use crate::syntax::Extent;

const WHOLE: &str = "a whole number";

struct Argument<'b> {
    name: &'static str,
    datum: Option<Datum<'b>>,
    default: Option<&'static str>,
    extent: Option<Extent>,
}

/// The arguments of a call.
pub struct Arguments<'b> {
    /// The function.
    pub builtin: &'static Builtin,
    /// The function, as the user knows it.
    pub subject: String,
    values: Vec<Argument<'b>>,
    name: Option<Given<'b>>,
    others: Vec<Given<'b>>,
}

impl<'b> Arguments<'b> {
    /// Binds what was given to the parameters.
    pub fn bind(builtin: &'static Builtin, subject: String, given: Vec<Given<'b>>) -> Outcome<Self> {
        let values = builtin.parameters().map(|(name, default)| Argument { name, datum: None, default, extent: None });
        let mut arguments = Self { builtin, subject, values: values.collect(), name: None, others: Vec::new() };
        let mut next = 0;
        for argument in given {
            arguments.bind_one(argument, &mut next)?;
        }
        arguments.check_passed_on()?;
        match arguments.values.iter().find(|argument| argument.datum.is_none() && argument.default.is_none()) {
            Some(lacking) => {
                let mistake =
                    Mistake::of_words(format!("`{}` needs an argument for `{}`", arguments.subject, lacking.name));
                Err(mistake.help(format!("`{}({})`", arguments.subject, builtin.signature)).into())
            }
            None => Ok(arguments),
        }
    }

    fn bind_one(&mut self, given: Given<'b>, next: &mut usize) -> Outcome<()> {
        let position = match &given.name {
            None => {
                *next += 1;
                *next - 1
            }
            Some(name) => match self.values.iter().position(|argument| name == argument.name) {
                Some(position) => position,
                None if name == "name" => {
                    self.name = Some(given);
                    return Ok(());
                }
                None if self.builtin.passes_on.is_some() => {
                    self.others.push(given);
                    return Ok(());
                }
                None => return Err(self.no_such(&name.to_string()).at(name.span()).into()),
            },
        };
        let Some(argument) = self.values.get_mut(position) else {
            let mistake = Mistake::of_words(format!("this is one argument too many for `{}`", self.subject));
            let mistake = mistake.help(format!("`{}({})`", self.subject, self.builtin.signature));
            return Err(mistake.at(given.extent).into());
        };
        if argument.datum.replace(given.datum.known_as(argument.name)).is_some() {
            return Err(Mistake::of_words(format!("`{}` is given twice", argument.name)).at(given.extent).into());
        }
        argument.extent = Some(given.extent);
        Ok(())
    }

    /// Arguments that are passed on are parameters of the function that gets them.
    fn check_passed_on(&self) -> Outcome<()> {
        let Some(Datum::Function(function)) = self.builtin.passes_on.map(|name| self.get(name)) else { return Ok(()) };
        let (own, passed) = (self.names(), function.parameters());
        let names = self.others.iter().filter_map(|given| given.name.as_ref());
        let Some(name) = names.into_iter().find(|name| !passed.iter().any(|known| *name == known)) else {
            return Ok(());
        };
        let all: Vec<String> = own.iter().chain(&passed).cloned().collect();
        let hint = nearest_argument(&name.to_string(), &all);
        let message = format!("neither `{}` nor `{}` has an argument `{name}`", self.subject, function.name());
        let mistake =
            Mistake::of_words(message).at(name.span()).note(format!("`{}` has {}", self.subject, listed(&own)));
        Err(mistake.note(format!("`{}` has {}", function.name(), listed(&passed))).maybe_help(hint).into())
    }

    /// Named arguments for the function that this one is given.
    pub fn passed_on(&self) -> Vec<Given<'b>> {
        self.others.clone()
    }

    fn names(&self) -> Vec<String> {
        self.values.iter().map(|argument| argument.name.to_owned()).collect()
    }

    fn no_such(&self, name: &str) -> Mistake {
        let known = self.names();
        let hint = match name {
            "training" | "train" => Some("`train_step` trains and `forward` does not: no layer is told".to_owned()),
            _ => nearest_argument(name, &known),
        };
        let mistake = Mistake::of_words(format!("`{}` has no argument `{name}`", self.subject));
        mistake.note(format!("it has {}", listed(&known))).maybe_help(hint)
    }

    /// Whether one of them is already reported.
    pub fn are_poisoned(&self) -> bool {
        let own = self.values.iter().filter_map(|argument| argument.datum.as_ref());
        own.chain(self.others.iter().map(|given| &given.datum)).any(Datum::is_poisoned)
    }

    /// The name of the scope, if the call gives one.
    pub fn name(&self) -> Outcome<Option<String>> {
        self.name.as_ref().map(scope_name).transpose()
    }

    fn find(&self, name: &str) -> Option<&Argument<'b>> {
        self.values.iter().find(|argument| argument.name == name)
    }

    /// An argument or its default.
    pub fn get(&self, name: &str) -> Datum<'b> {
        let Some(argument) = self.find(name) else { return Datum::Symbol("none") };
        match (&argument.datum, argument.default) {
            (Some(datum), _) => datum.clone(),
            (None, default) => default_value(default.unwrap_or("none")),
        }
    }

    /// Whether an argument is left out or `none`.
    pub fn is_none(&self, name: &str) -> bool {
        matches!(self.get(name), Datum::Symbol("none"))
    }

    /// A mistake in an argument.
    pub fn mistake(&self, name: &str, message: impl Into<String>) -> Mistake {
        let mistake = Mistake::new(message);
        match self.find(name).and_then(|argument| argument.extent) {
            Some(extent) => mistake.at(extent),
            None => mistake,
        }
    }

    /// A mistake in several arguments together, which a type rule found.
    pub fn unfit(&self, fault: &str) -> Mistake {
        let mistake = Mistake::new(format!("`{}` cannot combine its arguments: {fault}", self.subject));
        let tensors = self.values.iter().filter_map(|argument| match &argument.datum {
            Some(Datum::Tensor(tensor)) => Some(tensor.story(&format!("`{}`", argument.name))),
            _ => None,
        });
        tensors.fold(mistake, Mistake::note)
    }

    fn expected<T>(&self, name: &str, what: &str) -> Outcome<T> {
        let datum = self.get(name);
        let message = format!("`{name}` of `{}` must be {what}, but this is {}", self.subject, datum.describe());
        let mistake = self.mistake(name, message);
        let mistake = match datum {
            Datum::Tensor(tensor) => mistake.note(tensor.story("it")),
            Datum::Float(_) if what == WHOLE => mistake.help("`int(…)` makes a whole number of it"),
            _ => mistake,
        };
        Err(mistake.into())
    }

    /// A tensor of any element kind.
    pub fn any_tensor(&self, name: &str) -> Outcome<Tensor<'b>> {
        match self.get(name) {
            Datum::Tensor(tensor) => Ok(tensor),
            _ => self.expected(name, "a tensor"),
        }
    }

    /// A tensor of real numbers.
    pub fn tensor(&self, name: &str) -> Outcome<Tensor<'b>> {
        let tensor = self.any_tensor(name)?;
        match tensor.expr.ty().dtype {
            DType::F32 => Ok(tensor),
            DType::Index(_) | DType::Mask => self.expected(name, "a tensor of real numbers"),
        }
    }

    /// A real number.
    pub fn real(&self, name: &str) -> Outcome<f64> {
        real(&self.get(name)).map_or_else(|| self.expected(name, "a number"), Ok)
    }

    /// A real number from `low` up to, but without, `high`.
    pub fn real_in(&self, name: &str, low: f64, high: f64) -> Outcome<f64> {
        match self.real(name)? {
            value if (low..high).contains(&value) => Ok(value),
            value => {
                let range = match (low, high) {
                    (0.0, f64::INFINITY) => "not be negative".to_owned(),
                    (_, f64::INFINITY) => "be positive".to_owned(),
                    _ => format!("lie in [{low}, {high})"),
                };
                let message = format!("`{name}` of `{}` must {range}, but it is {value:?}", self.subject);
                Err(self.mistake(name, message).into())
            }
        }
    }

    /// A whole number.
    pub fn int(&self, name: &str) -> Outcome<i64> {
        match self.get(name) {
            Datum::Int(value) => Ok(value),
            _ => self.expected(name, WHOLE),
        }
    }

    /// A whole number that is at least one.
    pub fn size(&self, name: &str) -> Outcome<usize> {
        let value = self.int(name)?;
        match usize::try_from(value) {
            Ok(size) if (1..=1 << 31).contains(&size) => Ok(size),
            _ => {
                let message = format!("`{name}` of `{}` must be positive, but it is {value}", self.subject);
                Err(self.mistake(name, message).into())
            }
        }
    }

    /// True or false.
    pub fn flag(&self, name: &str) -> Outcome<bool> {
        match self.get(name) {
            Datum::Bool(value) => Ok(value),
            _ => self.expected(name, "`true` or `false`"),
        }
    }

    /// A string.
    pub fn text(&self, name: &str) -> Outcome<String> {
        match self.get(name) {
            Datum::Text(text) => Ok(text),
            _ => self.expected(name, "a string"),
        }
    }

    /// The elements of a list or tuple.
    pub fn list(&self, name: &str) -> Outcome<Vec<Datum<'b>>> {
        match self.get(name) {
            Datum::List(items) | Datum::Tuple(items) => Ok(items),
            _ => self.expected(name, "a list"),
        }
    }

    /// A list of whole numbers; one number is a list of one.
    pub fn ints(&self, name: &str) -> Outcome<Vec<i64>> {
        let items = match self.get(name) {
            Datum::Int(value) => return Ok(vec![value]),
            Datum::List(items) | Datum::Tuple(items) => items,
            _ => return self.expected(name, "a list of whole numbers"),
        };
        let numbers = items.iter().map(|item| match item {
            Datum::Int(value) => Some(*value),
            _ => None,
        });
        numbers.collect::<Option<_>>().map_or_else(|| self.expected(name, "a list of whole numbers"), Ok)
    }

    /// A shape: a list of lengths.
    pub fn shape(&self, name: &str) -> Outcome<Vec<usize>> {
        let lengths = self.ints(name)?;
        let dims: Option<Vec<usize>> =
            lengths.iter().map(|length| usize::try_from(*length).ok().filter(|length| *length > 0)).collect();
        let fits = |dims: &Vec<usize>| {
            let elements = dims.iter().try_fold(1_usize, |product, dim| product.checked_mul(*dim));
            elements.is_some_and(|elements| elements <= 1 << 31)
        };
        dims.filter(fits).ok_or_else(|| {
            self.mistake(
                name,
                format!("{lengths:?} is not a shape: lengths are at least 1, and 2147483648 elements are the most"),
            )
            .into()
        })
    }

    /// An axis of a tensor with `rank` written axes.
    pub fn axis(&self, name: &str, rank: usize) -> Outcome<usize> {
        self.resolve_axis(name, self.int(name)?, rank)
    }

    /// Axes of a tensor with `rank` written axes, ascending; all of them if there is no argument.
    pub fn axes(&self, name: &str, rank: usize) -> Outcome<Vec<usize>> {
        if self.is_none(name) {
            return Ok((0..rank).collect());
        }
        let mut axes = Vec::new();
        for axis in self.ints(name)? {
            axes.push(self.resolve_axis(name, axis, rank)?);
        }
        axes.sort_unstable();
        axes.dedup();
        Ok(axes)
    }

    /// An axis counted from either end.
    pub fn resolve_axis(&self, name: &str, axis: i64, rank: usize) -> Outcome<usize> {
        let from_start = if axis < 0 { axis.saturating_add(rank as i64) } else { axis };
        usize::try_from(from_start).ok().filter(|axis| *axis < rank).ok_or_else(|| {
            let message = format!("there is no axis {axis} in a tensor with {}", counted(rank, "axis", "axes"));
            self.mistake(name, message)
                .note("axes count from 0 without the batch; negative ones count from the end")
                .into()
        })
    }

    /// A tensor, or a number as one.
    pub fn operand(&self, name: &str) -> Outcome<OperandOf<'b>> {
        match self.get(name) {
            Datum::Tensor(_) => Ok(OperandOf::Tensor(self.tensor(name)?)),
            other => match real(&other) {
                Some(value) => Ok(OperandOf::Number(value)),
                None => self.expected(name, "a tensor or a number"),
            },
        }
    }
}

/// A tensor or a number.
pub enum OperandOf<'b> {
    /// A tensor.
    Tensor(Tensor<'b>),
    /// A number.
    Number(f64),
}

impl<'b> Call<'_, 'b> {
    /// An argument that is a tensor or a number, in the graph.
    pub fn expr(&self, name: &str) -> Outcome<Expr<'b>> {
        Ok(match self.arguments.operand(name)? {
            OperandOf::Tensor(tensor) => tensor.expr,
            OperandOf::Number(value) => self.evaluator.builder.scalar(value),
        })
    }
}

fn default_value<'b>(text: &'static str) -> Datum<'b> {
    match text {
        "true" => Datum::Bool(true),
        "false" => Datum::Bool(false),
        "[]" => Datum::List(Vec::new()),
        _ => {
            let number = text.parse().map(Datum::Int).or_else(|_| text.parse().map(Datum::Float)).ok();
            let function =
                || super::find(text).map(|found| Datum::Function(super::super::value::Function::Builtin(found)));
            let symbol = || symbol(text).map(Datum::Symbol);
            number.or_else(function).or_else(symbol).unwrap_or(Datum::Symbol("none"))
        }
    }
}

/// "1 axis" or "2 axes".
pub fn counted(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

/// "`a`, `b` and `c`"
pub fn listed(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match &quoted[..] {
        [] => "no arguments".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
