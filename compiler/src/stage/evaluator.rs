//! The state of one evaluation of the declaration, and what it records.

use std::rc::Rc;

use proc_macro2::Span;
use quote::ToTokens;

use super::calls::{Calls, endless};
use super::environment::Environment;
use super::fault::{Mistake, Outcome, Stop};
use super::macros::Macros;
use super::names::{Names, NodeId};
use super::value::{Datum, Origin};
use crate::ir::hash::Map;
use crate::ir::{Builder, Expr, Parameter, Type};
use crate::network::Objective;
use crate::prelude::Prelude;
use crate::syntax::{Ast, Errors, Extent};

/// Expressions within expressions that are followed.
const EXPRESSIONS: usize = 320;
/// Expressions that are evaluated in all.
const STEPS: usize = 1 << 20;

/// Whether layers behave as in training.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// Dropout draws, and batch statistics are used.
    Training,
    /// Nothing draws, and running statistics are used.
    Inference,
}

/// A parameter as it was declared.
pub struct Declared<'b> {
    /// Its place in the tree of names.
    pub node: NodeId,
    /// Its value in the graph.
    pub expr: Expr<'b>,
    /// What it is.
    pub parameter: Parameter,
}

/// A row of the summary, before it has a name.
pub struct Row {
    /// The scope of the layer.
    pub scope: NodeId,
    /// Its kind.
    pub kind: String,
    /// Its output.
    pub output: Type,
    /// Multiply-accumulates a sample.
    pub macs: u64,
}

/// What is evaluated.
pub struct Sources<'a> {
    /// The declaration.
    pub ast: &'a Ast,
    prelude: Prelude,
    macros: Macros,
}

impl<'a> Sources<'a> {
    /// A declaration, and what it may call besides.
    pub fn new(ast: &'a Ast) -> Self {
        Self { ast, prelude: Prelude::default(), macros: Macros::default() }
    }
}

/// Evaluates a declaration into one graph.
pub struct Evaluator<'b> {
    /// The declaration.
    pub ast: &'b Ast,
    /// Layers that are written in the language.
    pub prelude: &'b Prelude,
    /// Arguments of macros.
    pub macros: &'b Macros,
    /// The graph being built.
    pub builder: &'b Builder,
    /// Whether layers behave as in training.
    pub mode: Mode,
    /// The scopes of parameters.
    pub names: Names,
    /// The calls on the way.
    pub calls: Calls,
    /// Variables.
    pub environment: Environment<'b>,
    /// Constants that are known; `None` while one is being evaluated.
    pub constants: Map<String, Option<Datum<'b>>>,
    /// Parameters in order of declaration.
    pub parameters: Vec<Declared<'b>>,
    /// Layers in order.
    pub rows: Vec<Row>,
    /// What the first loss function compares.
    pub objective: Option<Objective>,
    /// Whether a layer used statistics over the batch.
    pub batch_statistics: bool,
    /// Weights that read a flattened image.
    pub flattened: Vec<(NodeId, [usize; 3])>,
    /// Operators that draw numbers.
    pub draws: u32,
    /// The mistakes so far.
    pub errors: Errors,
    known_names: &'b [String],
    depth: usize,
    steps: usize,
}

impl<'b> Evaluator<'b> {
    /// An evaluation that has not begun; `known_names` are those of the parameters, in order, if they are known.
    pub fn new(sources: &'b Sources<'b>, builder: &'b Builder, mode: Mode, known_names: &'b [String]) -> Self {
        Self {
            ast: sources.ast,
            prelude: &sources.prelude,
            macros: &sources.macros,
            builder,
            mode,
            names: Names::default(),
            calls: Calls::new("forward"),
            environment: Environment::default(),
            constants: Map::default(),
            parameters: Vec::new(),
            rows: Vec::new(),
            objective: None,
            batch_statistics: false,
            flattened: Vec::new(),
            draws: 0,
            errors: Errors::default(),
            known_names,
            depth: 0,
            steps: 0,
        }
    }

    /// Declares a parameter in the current scope.
    pub fn declare(&mut self, leaf: &str, given: Option<String>, mut parameter: Parameter) -> Expr<'b> {
        let node = self.names.parameter(leaf, given);
        let position = self.parameters.len();
        parameter.name = self.known_names.get(position).cloned().unwrap_or_else(|| format!("#{position}"));
        let expr = self.builder.parameter(parameter.clone());
        self.parameters.push(Declared { node, expr, parameter });
        expr
    }

    /// Looks up the parameters from a position on in the graph again, after values were taken back.
    pub fn find_again(&mut self, first: usize) {
        let builder = self.builder;
        for declared in self.parameters.iter_mut().skip(first) {
            declared.expr = builder.parameter(declared.parameter.clone());
        }
    }

    /// The position of a declared parameter in the graph.
    pub fn position(&self, expr: Expr<'b>) -> Option<usize> {
        let declared = self.parameters.iter().find(|declared| declared.expr.value == expr.value)?;
        self.builder.graph().parameters.iter().position(|known| known.name == declared.parameter.name)
    }

    /// Reports a mistake of an expression.
    pub fn report(&mut self, stop: Stop, syntax: &impl ToTokens) {
        if let Stop::Mistake(mistake) = stop {
            self.report_at(*mistake, Extent::of(syntax));
        }
    }

    /// Reports a mistake that is at this place if it knows no better one.
    pub fn report_at(&mut self, mistake: Mistake, place: Extent) {
        let is_plain = mistake.of_words && !self.calls.in_prelude();
        let diagnostic = mistake.at_last(place);
        self.errors.push(if is_plain { diagnostic } else { self.calls.explain(diagnostic) });
    }

    /// The origin of a tensor that is made at a place.
    pub fn made_by(&self, what: &str, span: Span) -> Rc<Origin> {
        self.calls.made_by(what, span)
    }

    /// Goes one expression deeper.
    pub fn descend(&mut self) -> Outcome<()> {
        self.steps += 1;
        self.depth += 1;
        if self.steps == STEPS {
            return Err(
                Mistake::new(format!("this network takes more than {STEPS} steps to build: loops unroll")).into()
            );
        }
        if self.steps > STEPS {
            return Err(Stop::Poisoned);
        }
        if self.depth > EXPRESSIONS {
            self.steps = STEPS;
            let endless = self.calls.repeated().map(endless);
            return Err(endless.unwrap_or_else(|| Mistake::new("this is nested too deep")).into());
        }
        Ok(())
    }

    /// Comes back.
    pub fn ascend(&mut self) {
        self.depth -= 1;
    }

    /// Enters a call of a function that is written in the language.
    pub fn enter_call(&mut self, name: String, extent: Extent, is_prelude: bool) -> Outcome<()> {
        let entered = self.calls.enter(name, extent, is_prelude);
        if entered.is_err() {
            self.steps = STEPS;
        }
        entered
    }

    /// The builder's fault since the last time, as a mistake.
    pub fn check_builder(&self) -> Outcome<()> {
        match self.builder.take_fault() {
            Some(fault) => Err(Mistake::new(fault.0).into()),
            None => Ok(()),
        }
    }
}
