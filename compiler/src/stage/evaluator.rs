//! The state of one evaluation of the declaration, and what it records.

use std::collections::HashMap;

use quote::ToTokens;

use super::environment::Environment;
use super::fault::{Outcome, Stop};
use super::names::{Names, NodeId};
use super::value::Datum;
use crate::ir::{Builder, Expr, Parameter, Type};
use crate::network::Objective;
use crate::syntax::errors::location;
use crate::syntax::{Ast, Errors, Extent};

/// Calls within calls, and expressions within expressions, that are followed.
const CALLS: usize = 48;
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
    pub kind: &'static str,
    /// Its output.
    pub output: Type,
    /// Multiply-accumulates a sample.
    pub macs: u64,
}

/// A call of a user's function that is being evaluated.
struct Frame {
    name: String,
    extent: Extent,
}

/// Evaluates a declaration into one graph.
pub struct Evaluator<'b> {
    /// The declaration.
    pub ast: &'b Ast,
    /// The graph being built.
    pub builder: &'b Builder,
    /// Whether layers behave as in training.
    pub mode: Mode,
    /// The scopes of parameters.
    pub names: Names,
    /// Variables.
    pub environment: Environment<'b>,
    /// Constants that are known; `None` while one is being evaluated.
    pub constants: HashMap<String, Option<Datum<'b>>>,
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
    calls: Vec<Frame>,
    depth: usize,
    steps: usize,
}

impl<'b> Evaluator<'b> {
    /// An evaluation that has not begun; `known_names` are those of the parameters, in order, if they are known.
    pub fn new(ast: &'b Ast, builder: &'b Builder, mode: Mode, known_names: &'b [String]) -> Self {
        Self {
            ast,
            builder,
            mode,
            names: Names::default(),
            environment: Environment::default(),
            constants: HashMap::new(),
            parameters: Vec::new(),
            rows: Vec::new(),
            objective: None,
            batch_statistics: false,
            flattened: Vec::new(),
            draws: 0,
            errors: Errors::default(),
            known_names,
            calls: Vec::new(),
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
            let (of_values, place) = (mistake.of_values, Extent::of(syntax));
            let diagnostic = mistake.at_last(place);
            self.errors.push(if of_values { self.seen_from_outside(diagnostic) } else { diagnostic });
        }
    }

    /// A mistake in the values of a call of a user's block is at that call.
    fn seen_from_outside(&self, diagnostic: crate::syntax::Diagnostic) -> crate::syntax::Diagnostic {
        let Some(outermost) = self.calls.first() else { return diagnostic };
        let innermost = self.calls.last().map_or(&outermost.name, |frame| &frame.name);
        let inside = format!("in `{innermost}` at {}", location(diagnostic.extent.start));
        let mut moved = diagnostic;
        moved.extent = outermost.extent;
        moved.notes.insert(0, inside);
        moved
    }

    /// Goes one expression deeper.
    pub fn descend(&mut self) -> Outcome<()> {
        use super::fault::Mistake;
        self.steps += 1;
        self.depth += 1;
        if self.steps == STEPS {
            return Err(Mistake::new(format!("this takes more than {STEPS} steps to evaluate")).into());
        }
        if self.steps > STEPS {
            return Err(Stop::Poisoned);
        }
        if self.depth > EXPRESSIONS {
            self.steps = STEPS;
            return Err(Mistake::new("this is nested too deep").into());
        }
        Ok(())
    }

    /// Comes back.
    pub fn ascend(&mut self) {
        self.depth -= 1;
    }

    /// Enters a call of a user's function.
    pub fn enter_call(&mut self, name: String, extent: Extent) -> Outcome<()> {
        if self.calls.len() >= CALLS {
            let message = format!("`{name}` calls itself more than {CALLS} times");
            let help = "recursion needs an `if` on a static value that ends it";
            self.steps = STEPS;
            return Err(super::fault::Mistake::of_values(message).help(help).into());
        }
        self.calls.push(Frame { name, extent });
        Ok(())
    }

    /// Leaves it.
    pub fn leave_call(&mut self) {
        self.calls.pop();
    }

    /// The builder's fault since the last time, as a mistake.
    pub fn check_builder(&self) -> Outcome<()> {
        match self.builder.take_fault() {
            Some(fault) => Err(super::fault::Mistake::of_values(fault.0).into()),
            None => Ok(()),
        }
    }
}
