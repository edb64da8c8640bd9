//! What a function that is written in the language takes, and the arguments of a call bound to it.

use syn::{Ident, Pat};

use super::call::{Given, scope_name};
use super::closure::Closure;
use super::fault::{Mistake, Outcome};
use super::library::{listed, nearest_argument};
use super::value::Function;
use crate::syntax::ast;

/// The parameters of a function.
pub struct Parameters<'f> {
    function: String,
    places: Vec<Place<'f>>,
}

struct Place<'f> {
    /// The name, unless it is a pattern of several.
    name: Option<&'f Ident>,
    has_default: bool,
}

/// The values of the parameters, in order, and the name of the scope.
type Values<'b> = (Vec<Option<Given<'b>>>, Option<String>);

impl<'f> Parameters<'f> {
    /// Those of a block.
    pub fn of_block(function: &'f ast::Function) -> Self {
        let place =
            |parameter: &'f ast::Parameter| Place { name: parameter.name(), has_default: parameter.default.is_some() };
        Self { function: function.name.to_string(), places: function.parameters.iter().map(place).collect() }
    }

    /// Those of a closure.
    pub fn of_closure(closure: &Closure<'f>) -> Self {
        let place = |pattern: &'f Pat| Place { name: name_of(pattern), has_default: false };
        Self { function: closure.name().to_owned(), places: closure.syntax.inputs.iter().map(place).collect() }
    }

    fn names(&self) -> Vec<String> {
        self.places.iter().filter_map(|place| place.name).map(Ident::to_string).collect()
    }

    /// The values of the parameters, in order, and the name of the scope.
    pub fn bind<'b>(&self, given: Vec<Given<'b>>) -> Outcome<Values<'b>> {
        let mut values: Vec<Option<Given<'b>>> = vec![None; self.places.len()];
        let mut scope = None;
        let mut next = 0;
        for argument in given {
            let position = match &argument.name {
                None => {
                    next += 1;
                    next - 1
                }
                Some(name) => match self.places.iter().position(|place| place.name == Some(name)) {
                    Some(position) => position,
                    None if name == "name" => {
                        scope = Some(scope_name(&argument)?);
                        continue;
                    }
                    None => return Err(self.no_such(name).into()),
                },
            };
            self.fill(&mut values, position, argument)?;
        }
        self.check_complete(&values)?;
        Ok((values, scope))
    }

    fn fill<'b>(&self, values: &mut [Option<Given<'b>>], position: usize, argument: Given<'b>) -> Outcome<()> {
        let extent = argument.extent;
        let Some(slot) = values.get_mut(position) else {
            let mistake = Mistake::of_words(format!("this is one argument too many for `{}`", self.function));
            return Err(mistake.help(self.written()).at(extent).into());
        };
        match slot.replace(argument) {
            Some(_) => {
                let name = self.places[position].name.map_or_else(|| "this argument".to_owned(), quoted);
                Err(Mistake::of_words(format!("{name} is given twice")).at(extent).into())
            }
            None => Ok(()),
        }
    }

    fn check_complete(&self, values: &[Option<Given<'_>>]) -> Outcome<()> {
        let mut places = self.places.iter().zip(values);
        match places.find(|(place, value)| value.is_none() && !place.has_default) {
            Some((place, _)) => {
                let name = place.name.map_or_else(|| "a tuple".to_owned(), quoted);
                let mistake = Mistake::of_words(format!("`{}` needs an argument for {name}", self.function));
                Err(mistake.help(self.written()).into())
            }
            None => Ok(()),
        }
    }

    fn no_such(&self, name: &Ident) -> Mistake {
        let known = self.names();
        let hint = nearest_argument(&name.to_string(), &known);
        let mistake = Mistake::of_words(format!("`{}` has no argument `{name}`", self.function)).at(name.span());
        mistake.note(format!("it has {}", listed(&known))).maybe_help(hint)
    }

    /// The call with the names of its parameters: "`layer(x, units, stride = …)`".
    fn written(&self) -> String {
        let place = |place: &Place<'_>| {
            let name = place.name.map_or_else(|| "(…)".to_owned(), Ident::to_string);
            if place.has_default { format!("{name} = …") } else { name }
        };
        let places: Vec<String> = self.places.iter().map(place).collect();
        format!("`{}({})`", self.function, places.join(", "))
    }
}

fn quoted(name: &Ident) -> String {
    format!("`{name}`")
}

/// The name that a parameter is, if it is one.
pub fn name_of(pattern: &Pat) -> Option<&Ident> {
    match pattern {
        Pat::Ident(pattern) => Some(&pattern.ident),
        _ => None,
    }
}

impl Function<'_> {
    /// The names of its parameters.
    pub fn parameters(&self) -> Vec<String> {
        match self {
            Self::Builtin(builtin) => builtin.parameters().map(|(name, _)| name.to_owned()).collect(),
            Self::User(function) | Self::Prelude(function) => Parameters::of_block(function).names(),
            Self::Closure(closure) => Parameters::of_closure(closure).names(),
        }
    }
}
