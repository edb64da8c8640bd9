//! Variables of the function that is being evaluated, and what editors are told about them.

use std::collections::HashMap;

use proc_macro2::Span;
use syn::Ident;

use super::value::Datum;
use crate::ir::Type;
use crate::network::Binding;

/// A variable.
pub struct Variable<'b> {
    name: String,
    /// What it holds.
    pub datum: Datum<'b>,
    /// Whether it may be assigned.
    pub is_mutable: bool,
    ident: *const Ident,
}

/// Nested blocks of one function.
pub type Scopes<'b> = Vec<Vec<Variable<'b>>>;

/// Every variable that was ever bound, by the identifier in the syntax tree.
#[derive(Default)]
pub struct Bindings {
    order: Vec<*const Ident>,
    known: HashMap<*const Ident, (String, Span, Option<Type>, bool)>,
}

impl Bindings {
    fn declare(&mut self, ident: &Ident, datum: &Datum<'_>) {
        let key: *const Ident = ident;
        let ty = match datum {
            Datum::Tensor(tensor) => Some(tensor.expr.ty()),
            _ => None,
        };
        if !self.known.contains_key(&key) {
            self.order.push(key);
            self.known.insert(key, (ident.to_string(), ident.span(), ty, ident.to_string().starts_with('_')));
        }
    }

    fn touch(&mut self, key: *const Ident) {
        if let Some(binding) = self.known.get_mut(&key) {
            binding.3 = true;
        }
    }

    /// The tensors among them, in order.
    pub fn finish(mut self) -> Vec<Binding> {
        let found = self.order.iter().filter_map(|key| self.known.remove(key));
        found.filter_map(|(name, span, ty, used)| Some(Binding { name, span, ty: ty?, used })).collect()
    }
}

/// The variables in sight.
pub struct Environment<'b> {
    scopes: Scopes<'b>,
    /// All that were bound.
    pub bindings: Bindings,
}

impl Default for Environment<'_> {
    fn default() -> Self {
        Self { scopes: vec![Vec::new()], bindings: Bindings::default() }
    }
}

impl<'b> Environment<'b> {
    /// Enters a function, which sees no variable of its caller.
    pub fn enter(&mut self) -> Scopes<'b> {
        std::mem::replace(&mut self.scopes, vec![Vec::new()])
    }

    /// Leaves it.
    pub fn leave(&mut self, caller: Scopes<'b>) {
        self.scopes = caller;
    }

    /// Enters a block.
    pub fn push(&mut self) {
        self.scopes.push(Vec::new());
    }

    /// Leaves it.
    pub fn pop(&mut self) {
        self.scopes.pop();
    }

    /// Binds a name in the current block.
    pub fn bind(&mut self, ident: &Ident, datum: Datum<'b>, is_mutable: bool) {
        self.bindings.declare(ident, &datum);
        let name = ident.to_string();
        let datum = datum.named(&name);
        if let Some(scope) = self.scopes.last_mut() {
            scope.push(Variable { name, datum, is_mutable, ident });
        }
    }

    /// The variable of a name, which counts as used.
    pub fn look_up(&mut self, name: &str) -> Option<Datum<'b>> {
        let variable =
            self.scopes.iter().rev().flat_map(|scope| scope.iter().rev()).find(|found| found.name == name)?;
        self.bindings.touch(variable.ident);
        Some(variable.datum.clone())
    }

    /// The variable of a name, to assign.
    pub fn variable(&mut self, name: &str) -> Option<&mut Variable<'b>> {
        self.scopes.iter_mut().rev().flat_map(|scope| scope.iter_mut().rev()).find(|found| found.name == name)
    }

    /// Forgets what the variables hold that may be assigned.
    pub fn poison_mutable(&mut self) {
        for variable in self.scopes.iter_mut().flatten().filter(|variable| variable.is_mutable) {
            variable.datum = Datum::Poison;
        }
    }

    /// All names in sight.
    pub fn names(&self) -> Vec<String> {
        self.scopes.iter().flatten().map(|variable| variable.name.clone()).collect()
    }
}
