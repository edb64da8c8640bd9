//! From the syntax tree to a [`Network`].

use quote::ToTokens;

use super::calls::Calls;
use super::check::check;
use super::environment::Scopes;
use super::evaluator::{Evaluator, Mode, Row, Sources};
use super::fault::{Mistake, Outcome, Stop};
use super::library::counted;
use super::names::Names;
use super::value::{Datum, Origin, Tensor};
use crate::ir::op::{Reduce, Source};
use crate::ir::{Builder, DType, Expr, Graph, Parameter, Port, Purpose, Shape, Type};
use crate::network::{Argument, Layer, Network, Objective};
use crate::syntax::{Ast, Errors, ast};

/// Evaluates a declaration.
///
/// # Errors
/// All mistakes of the declaration.
pub fn stage(ast: &Ast) -> Result<Network, Errors> {
    let sources = Sources::new(ast);
    let survey = survey(&sources)?;
    let inference = build(&sources, &survey.parameters, ast.loss.is_some())?;
    let (inputs, targets) = arguments(ast, &survey.graph);
    let (forward, evaluation, training) = match ast.loss {
        Some(_) => (inference.outputs_only(), Some(inference), Some(survey.graph.with_parameters(&survey.parameters))),
        None => (inference, None, None),
    };
    Ok(Network {
        attributes: ast.model.attributes.clone(),
        visibility: ast.model.visibility.clone(),
        name: ast.model.name.clone(),
        inputs,
        outputs: survey.outputs,
        targets,
        forward,
        evaluation,
        training,
        objective: survey.objective,
        batch_statistics: survey.batch_statistics,
        layers: survey.layers,
        bindings: survey.bindings,
        flattened: survey.flattened,
    })
}

/// What is known of a network whose body may be wrong.
pub struct Signature {
    /// Arguments of `forward`.
    pub inputs: Vec<Argument>,
    /// Results of `forward`.
    pub outputs: Vec<Type>,
    /// Targets of `loss`, if there is one.
    pub targets: Option<Vec<Argument>>,
}

/// The types that the declaration states or its `forward` has, if all are right: enough to emit methods that diverge.
pub fn signature(ast: &Ast) -> Option<Signature> {
    let (builder, sources) = (Builder::new(), Sources::new(ast));
    let mut evaluator = Evaluator::new(&sources, &builder, Mode::Inference, &[]);
    let inputs = evaluator.arguments_of(&ast.forward)?;
    let targets = match &ast.loss {
        Some(loss) => Some(evaluator.arguments_of(loss)?),
        None => None,
    };
    let outputs = match &ast.forward.result {
        Some(results) => results.iter().map(|ty| evaluator.resolve_type(ty)).collect::<Option<Vec<_>>>()?,
        None => evaluator.forward()?.iter().map(|output| output.expr.ty()).collect(),
    };
    Some(Signature { inputs, outputs, targets })
}

/// What one evaluation in training mode tells.
struct Survey {
    /// The graph, before its parameters have their names.
    graph: Graph,
    parameters: Vec<Parameter>,
    outputs: Vec<Type>,
    objective: Objective,
    batch_statistics: bool,
    layers: Vec<Layer>,
    bindings: Vec<crate::network::Binding>,
    flattened: Vec<(String, [usize; 3])>,
}

fn survey(sources: &Sources<'_>) -> Result<Survey, Errors> {
    let (ast, builder) = (sources.ast, Builder::new());
    let mut evaluator = Evaluator::new(sources, &builder, Mode::Training, &[]);
    evaluator.errors = check(ast);
    for constant in &ast.constants {
        if let Err(stop) = evaluator.constant(constant) {
            evaluator.report(stop, &constant.name);
        }
    }
    let outputs = evaluator.forward();
    if ast.loss.is_some() {
        evaluator.loss(outputs.as_deref());
    }
    let Evaluator { names, environment, parameters, rows, objective, batch_statistics, flattened, errors, .. } =
        evaluator;
    errors.into_result()?;
    let resolved = names.resolve();
    let layers = rows.iter().map(|row| layer(row, &names, &resolved, &parameters)).collect();
    let named = |declared: &super::evaluator::Declared<'_>| Parameter {
        name: names.name_of(&resolved, declared.node).to_owned(),
        ..declared.parameter.clone()
    };
    let flattened = flattened.iter().map(|(node, image)| (names.name_of(&resolved, *node).to_owned(), *image));
    Ok(Survey {
        parameters: parameters.iter().map(named).collect(),
        outputs: outputs.unwrap_or_default().iter().map(|output| output.expr.ty()).collect(),
        objective: objective.unwrap_or(Objective::Regression),
        batch_statistics,
        layers,
        bindings: super::resolve::bindings(ast, &environment.values),
        flattened: flattened.collect(),
        graph: builder.finish(),
    })
}

fn layer(row: &Row, names: &Names, resolved: &[String], parameters: &[super::evaluator::Declared<'_>]) -> Layer {
    let name = names.name_of(resolved, row.scope).to_owned();
    let owned = parameters.iter().filter(|declared| names.is_under(declared.node, row.scope));
    Layer {
        name,
        kind: row.kind.clone(),
        output: row.output.clone(),
        parameters: owned.map(|declared| declared.parameter.len()).sum(),
        macs: row.macs,
    }
}

/// The graph in inference mode.
fn build(sources: &Sources<'_>, parameters: &[Parameter], with_loss: bool) -> Result<Graph, Errors> {
    let mut declared = Graph::default();
    declared.parameters = parameters.to_vec();
    let builder = Builder::continuing(declared);
    let names: Vec<String> = parameters.iter().map(|parameter| parameter.name.clone()).collect();
    let mut evaluator = Evaluator::new(sources, &builder, Mode::Inference, &names);
    let outputs = evaluator.forward();
    if with_loss {
        evaluator.loss(outputs.as_deref());
    }
    let errors = std::mem::take(&mut evaluator.errors);
    drop(evaluator);
    errors.into_result()?;
    Ok(builder.finish())
}

fn arguments(ast: &Ast, graph: &Graph) -> (Vec<Argument>, Vec<Argument>) {
    let typed = |parameters: &[ast::Parameter], ports: &[Port]| {
        let names = parameters.iter().filter(|parameter| parameter.ty.is_some()).filter_map(ast::Parameter::name);
        names.zip(ports).map(|(name, port)| Argument { name: name.clone(), port: port.clone() }).collect()
    };
    let targets = ast.loss.as_ref().map_or_else(Vec::new, |loss| typed(&loss.parameters, &graph.targets));
    (typed(&ast.forward.parameters, &graph.inputs), targets)
}

impl<'b> Evaluator<'b> {
    /// The parameters of a function that have types.
    fn arguments_of(&mut self, function: &'b ast::Function) -> Option<Vec<Argument>> {
        let typed = function.parameters.iter().filter(|parameter| parameter.ty.is_some());
        let argument = |parameter: &'b ast::Parameter| {
            let name = parameter.name()?.clone();
            let ty = self.resolve_type(parameter.ty.as_ref()?)?;
            Some(Argument { port: Port { name: name.to_string(), ty }, name })
        };
        typed.map(argument).collect()
    }

    /// Evaluates `forward` and keeps its outputs; `None` if they are poisoned.
    fn forward(&mut self) -> Option<Vec<Tensor<'b>>> {
        let function = &self.ast.forward;
        for parameter in &function.parameters {
            let ty = parameter.ty.as_ref().and_then(|ty| self.resolve_type(ty));
            let builder = self.builder;
            self.port(parameter, "forward", ty, |name, ty| builder.input(name, ty));
        }
        let value = self.block(&function.body);
        let declared = function
            .result
            .as_ref()
            .map(|result| result.iter().map(|ty| self.resolve_type(ty)).collect::<Option<Vec<Type>>>());
        let place = function.last();
        let outputs = self.outputs(value).unwrap_or_else(|stop| {
            self.report(stop, &place);
            None
        })?;
        if let Some(declared) = declared {
            self.check_outputs(&outputs, &declared?, place);
        }
        for (position, output) in outputs.iter().enumerate() {
            self.builder.keep(Purpose::Output(position), output.expr.value);
        }
        Some(outputs)
    }

    fn port(
        &mut self,
        parameter: &'b ast::Parameter,
        function: &str,
        ty: Option<Type>,
        make: impl FnOnce(&str, Type) -> Expr<'b>,
    ) {
        let Some(name) = parameter.name() else { return };
        let datum = ty.map_or(Datum::Poison, |ty| {
            let origin = Origin::input(&name.to_string(), function, name.span());
            Datum::Tensor(Tensor { expr: make(&name.to_string(), ty), origin, image: None })
        });
        self.bind(&parameter.pattern, datum);
    }

    fn outputs(&mut self, value: Datum<'b>) -> Outcome<Option<Vec<Tensor<'b>>>> {
        let items = match value {
            Datum::Tuple(items) if !items.is_empty() => items,
            other => vec![other],
        };
        let mut outputs = Vec::new();
        for item in items {
            match item {
                Datum::Tensor(tensor) => outputs.push(tensor),
                Datum::Poison => return Ok(None),
                other => {
                    let mistake = Mistake::new(format!("`forward` gives {}, not a tensor", other.describe()));
                    return Err(mistake.help("the last expression, without `;`, is the result").into());
                }
            }
        }
        for output in &mut outputs {
            output.expr = batched(output)?;
        }
        Ok(Some(outputs))
    }

    fn check_outputs(&mut self, outputs: &[Tensor<'b>], declared: &[Type], place: &dyn ToTokens) {
        if outputs.len() != declared.len() {
            let declared = counted(declared.len(), "result", "results");
            let message = format!("`forward` declares {declared}, but gives {}", outputs.len());
            return self.report(Mistake::new(message).into(), &place);
        }
        for (output, declared) in outputs.iter().zip(declared) {
            if output.expr.ty() != *declared {
                let message =
                    format!("`forward` is declared to give {}, but gives {}", declared.written(), output.written());
                let mistake = Mistake::new(message).note(output.story("the result"));
                self.report(mistake.maybe_help(result_help(output, declared)).into(), &place);
            }
        }
    }

    /// Evaluates `loss` and keeps the loss of the rows of the call.
    fn loss(&mut self, outputs: Option<&[Tensor<'b>]>) {
        let Some(function) = self.ast.loss.as_ref() else { return };
        self.calls = Calls::new("loss");
        self.environment.enter(Scopes::none(false));
        let (results, targets): (Vec<_>, Vec<_>) =
            function.parameters.iter().partition(|parameter| parameter.ty.is_none());
        let results: Vec<&'b ast::Parameter> = results;
        self.bind_results(&results, outputs, function);
        for parameter in targets {
            let ty = parameter.ty.as_ref().and_then(|ty| self.resolve_type(ty));
            let builder = self.builder;
            self.port(parameter, "loss", ty, |name, ty| builder.target(name, ty));
        }
        let value = self.block(&function.body);
        let contribution = self.contribution(value).and_then(|loss| self.check_builder().map(|()| loss));
        match contribution {
            Ok(loss) => self.builder.keep(Purpose::Loss, loss.value),
            Err(stop) => self.report(stop, &function.last()),
        }
    }

    fn bind_results(
        &mut self,
        results: &[&'b ast::Parameter],
        outputs: Option<&[Tensor<'b>]>,
        function: &ast::Function,
    ) {
        let values: Vec<Datum<'b>> = match outputs {
            None => vec![Datum::Poison; results.len()],
            Some(outputs) => outputs.iter().cloned().map(Datum::Tensor).collect(),
        };
        if let ([one], true) = (results, values.len() > 1) {
            return self.bind(&one.pattern, Datum::Tuple(values));
        }
        if results.len() != values.len() {
            let given = counted(values.len(), "result", "results");
            let message = format!("`forward` gives {given}, but `loss` takes {}", results.len());
            let help = "`loss` takes the results of `forward` first, then targets with their types";
            self.report(Mistake::new(message).help(help).into(), &function.name);
        }
        let values = values.into_iter().chain(std::iter::repeat(Datum::Poison));
        for (parameter, value) in results.iter().zip(values) {
            self.bind(&parameter.pattern, value);
        }
    }

    /// What the rows of this call add to the loss of the step.
    fn contribution(&self, value: Datum<'b>) -> Outcome<Expr<'b>> {
        let tensor = match value {
            Datum::Tensor(tensor) if tensor.expr.ty().dtype == DType::F32 => tensor,
            Datum::Poison => return Err(Stop::Poisoned),
            other => {
                let mistake = Mistake::new(format!("`loss` gives {}, not a number a sample", other.describe()));
                return Err(mistake.help("the last expression, without `;`, is the loss").into());
            }
        };
        let share = self.builder.source(Source::InverseTotal);
        let shape = tensor.expr.shape();
        if shape == Shape::scalar() {
            return Ok(tensor.expr * (self.builder.source(Source::RowCount) * share));
        }
        if shape == Shape::batched(&[]) {
            return Ok(tensor.expr.reduce(Reduce::Sum, &[0]) * share);
        }
        let message = format!("`loss` gives one number a sample, but this is {}", tensor.written());
        Err(Mistake::new(message).note(tensor.story("it")).help("`mean(…)` averages over the axes of a sample").into())
    }
}

/// An output that does not depend on the input is repeated for each row.
fn batched<'b>(output: &Tensor<'b>) -> Outcome<Expr<'b>> {
    let Type { dtype, shape } = output.expr.ty();
    if dtype == DType::Mask {
        let mistake = Mistake::new("`forward` gives a mask, which has no numbers").note(output.story("the result"));
        return Err(mistake.help("`select(mask, 1.0, 0.0)` makes numbers of it").into());
    }
    if shape.is_batched() {
        return Ok(output.expr);
    }
    let mut dims = vec![crate::ir::Dim::BATCH];
    dims.extend(shape.0.iter().copied());
    Ok(output.expr.broadcast(Shape(dims), (1..=shape.rank()).collect()))
}

fn result_help(output: &Tensor<'_>, declared: &Type) -> Option<String> {
    let (given, wanted) = (output.expr.shape().written(), declared.shape.written());
    match (&given[..], &wanted[..]) {
        ([.., _], [.., units])
            if given.len() == wanted.len() && given[..given.len() - 1] == wanted[..wanted.len() - 1] =>
        {
            Some(format!("a last layer with {units} units, or declare `-> {given:?}`"))
        }
        ([_, _, ..], [_]) if output.origin.made.starts_with("made by `dense`") => {
            Some("`flatten(x)` in front of the last layer".to_owned())
        }
        _ => Some(format!("declare `-> {given:?}`")),
    }
}
