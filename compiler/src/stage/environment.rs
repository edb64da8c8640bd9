//! Variables of the function that is being evaluated, and what they held, for editors.

use std::fmt;

use syn::Ident;

use super::value::Datum;
use crate::ir::Type;
use crate::ir::hash::Map;

/// A variable.
#[derive(Clone)]
pub struct Variable<'b> {
    name: String,
    /// What it holds.
    pub datum: Datum<'b>,
    /// Whether it may be assigned.
    pub is_mutable: bool,
    /// Whether it is the copy that a closure has.
    pub is_captured: bool,
    ident: *const Ident,
}

/// Nested blocks of one function.
#[derive(Clone)]
pub struct Scopes<'b> {
    blocks: Vec<Vec<Variable<'b>>>,
    /// Whether their names are told to nobody.
    is_hidden: bool,
}

impl Scopes<'_> {
    /// No variables yet; names of the prelude are hidden from the user.
    pub fn none(is_hidden: bool) -> Self {
        Self { blocks: vec![Vec::new()], is_hidden }
    }
}

/// How many different values of one name editors are shown.
const SHOWN: usize = 4;

/// What each name held, by the identifier in the syntax tree that defines it.
#[derive(Default)]
pub struct Values(Map<*const Ident, Vec<Held>>);

#[derive(PartialEq)]
enum Held {
    Tensor(Type),
    Function(String),
    Static(String),
}

impl Held {
    fn of(datum: &Datum<'_>) -> Option<Self> {
        Some(match datum {
            Datum::Tensor(tensor) => Self::Tensor(tensor.expr.ty()),
            Datum::Function(function) => Self::Function(function.name()),
            Datum::Int(value) => Self::Static(value.to_string()),
            Datum::Float(value) => Self::Static(format!("{value:?}")),
            Datum::Bool(value) => Self::Static(value.to_string()),
            Datum::Poison => return None,
            other => Self::Static(other.describe()),
        })
    }
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tensor(ty) => write!(f, "`{}`", ty.written()),
            Self::Function(text) | Self::Static(text) => write!(f, "`{text}`"),
        }
    }
}

impl Values {
    /// Notes what a name holds from here on.
    pub fn note(&mut self, ident: *const Ident, datum: &Datum<'_>) {
        let held = self.0.entry(ident).or_default();
        if held.len() <= SHOWN
            && let Some(value) = Held::of(datum)
            && !held.contains(&value)
        {
            held.push(value);
        }
    }

    /// What a name holds, in the order in which it came to hold it.
    pub fn shown(&self, ident: *const Ident) -> String {
        let held = self.0.get(&ident).map_or(&[][..], Vec::as_slice);
        let mut shown: Vec<String> = held.iter().take(SHOWN).map(Held::to_string).collect();
        if held.len() > SHOWN {
            shown.push("…".to_owned());
        }
        shown.join(", ")
    }

    /// Whether a name ever held a function.
    pub fn is_function(&self, ident: *const Ident) -> bool {
        self.0.get(&ident).is_some_and(|held| held.iter().any(|held| matches!(held, Held::Function(_))))
    }
}

/// The variables in sight.
pub struct Environment<'b> {
    scopes: Scopes<'b>,
    /// What all names held.
    pub values: Values,
}

impl Default for Environment<'_> {
    fn default() -> Self {
        Self { scopes: Scopes::none(false), values: Values::default() }
    }
}

impl<'b> Environment<'b> {
    /// Enters a function, which sees these variables and none of its caller's; gives what the caller sees.
    pub fn enter(&mut self, sees: Scopes<'b>) -> Scopes<'b> {
        std::mem::replace(&mut self.scopes, sees)
    }

    /// A copy of all variables in sight.
    pub fn capture(&self) -> Scopes<'b> {
        let mut scopes = self.scopes.clone();
        scopes.blocks.iter_mut().flatten().for_each(|variable| variable.is_captured = true);
        scopes.blocks.push(Vec::new());
        scopes
    }

    /// Leaves it.
    pub fn leave(&mut self, caller: Scopes<'b>) {
        self.scopes = caller;
    }

    /// Tells nobody the names that are bound from now on, or everybody; gives what was before.
    pub fn hide(&mut self, is_hidden: bool) -> bool {
        std::mem::replace(&mut self.scopes.is_hidden, is_hidden)
    }

    /// Enters a block.
    pub fn push(&mut self) {
        self.scopes.blocks.push(Vec::new());
    }

    /// Leaves it.
    pub fn pop(&mut self) {
        self.scopes.blocks.pop();
    }

    /// Binds a name in the current block.
    pub fn bind(&mut self, ident: &Ident, datum: Datum<'b>, is_mutable: bool) {
        let name = ident.to_string();
        let datum = datum.known_as(&name);
        let datum = if self.scopes.is_hidden { datum } else { datum.named(&name) };
        if !self.scopes.is_hidden {
            self.values.note(ident, &datum);
        }
        if let Some(scope) = self.scopes.blocks.last_mut() {
            scope.push(Variable { name, datum, is_mutable, is_captured: false, ident });
        }
    }

    /// The value of a name.
    pub fn look_up(&mut self, name: &str) -> Option<Datum<'b>> {
        let variable =
            self.scopes.blocks.iter().rev().flat_map(|scope| scope.iter().rev()).find(|found| found.name == name)?;
        if variable.is_mutable && !self.scopes.is_hidden {
            self.values.note(variable.ident, &variable.datum);
        }
        Some(variable.datum.clone())
    }

    /// The variable of a name, to assign.
    pub fn variable(&mut self, name: &str) -> Option<&mut Variable<'b>> {
        self.scopes.blocks.iter_mut().rev().flat_map(|scope| scope.iter_mut().rev()).find(|found| found.name == name)
    }

    /// Forgets what the variables hold that may be assigned.
    pub fn poison_mutable(&mut self) {
        for variable in self.scopes.blocks.iter_mut().flatten().filter(|variable| variable.is_mutable) {
            variable.datum = Datum::Poison;
        }
    }

    /// All names in sight.
    pub fn names(&self) -> Vec<String> {
        self.scopes.blocks.iter().flatten().map(|variable| variable.name.clone()).collect()
    }
}
