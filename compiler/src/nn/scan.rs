//! Loops over the steps of sequences, from a cell that is built once.
//!
//! The cell is built on placeholders in the outer graph; what depends on them becomes the body of the loop, and what
//! does not stays outside and is captured. Statistics that the cell assigns pass from step to step like carries, and
//! random numbers are drawn for all steps at once.

use std::collections::{BTreeSet, HashMap};

use crate::ir::op::{Op, Random, Source};
use crate::ir::scan::{Body, Scan, stacked, step_of};
use crate::ir::{Builder, Dim, Expr, Graph, Mark, Purpose, Shape, Type, Value};

/// What a cell gives: the next carries, and the outputs of the step.
pub type Step<'b> = (Vec<Expr<'b>>, Vec<Expr<'b>>);

/// The last carries, and the outputs of all steps, stacked along a new first axis.
///
/// All `sequences` have the same number of steps. A carry that is the same for all rows is repeated for each if a
/// sequence has rows.
///
/// # Errors
/// Those of the cell.
pub fn scan<'b, E>(
    builder: &'b Builder,
    inits: &[Expr<'b>],
    sequences: &[Expr<'b>],
    reverse: bool,
    cell: impl FnOnce(&[Expr<'b>], &[Expr<'b>]) -> Result<Step<'b>, E>,
) -> Result<Step<'b>, E> {
    let has_rows = sequences.iter().any(|sequence| sequence.shape().is_batched());
    let inits: Vec<Expr<'b>> = inits.iter().map(|&init| if has_rows { with_rows(init) } else { init }).collect();
    let mark = builder.mark();
    let carries: Vec<Expr<'b>> = inits.iter().map(|init| builder.input("carry", init.ty())).collect();
    let step = |sequence: &Expr<'b>| step_of(&sequence.ty()).map(|(step, _)| builder.input("step", step));
    let steps: Vec<Expr<'b>> = sequences.iter().filter_map(step).collect();
    let result = cell(&carries, &steps);
    let both = builder.take_back(mark);
    let (next, outputs) = result?;
    let n_steps = sequences.first().and_then(|sequence| step_of(&sequence.ty())).map_or(1, |(_, steps)| steps);
    let next = next.iter().map(|next| next.value).collect();
    let outputs: Vec<Value> = outputs.iter().map(|output| output.value).collect();
    let region = Region::new(&both, mark, next, outputs, n_steps);
    Ok(region.close(builder, &inits, sequences, reverse))
}

/// The value for each row.
fn with_rows(x: Expr<'_>) -> Expr<'_> {
    let shape = x.shape();
    if shape.is_batched() {
        return x;
    }
    let mut wider = shape.clone();
    wider.0.insert(0, Dim::BATCH);
    x.broadcast(wider, (1..=shape.rank()).collect())
}

/// The graph of a cell within that around it.
struct Region<'g> {
    both: &'g Graph,
    mark: Mark,
    next: Vec<Value>,
    outputs: Vec<Value>,
    steps: usize,
    /// Statistics that are assigned, and their new values.
    assigned: Vec<(usize, Value)>,
    /// What the results need.
    needed: BTreeSet<Value>,
    /// Whether each value changes from step to step.
    varies: Vec<bool>,
}

impl<'g> Region<'g> {
    fn new(both: &'g Graph, mark: Mark, next: Vec<Value>, outputs: Vec<Value>, steps: usize) -> Self {
        let assigned: Vec<(usize, Value)> = (both.sinks.iter().skip(mark.sinks))
            .filter_map(|sink| match sink.purpose {
                Purpose::Assign(parameter) => Some((parameter, sink.value)),
                Purpose::Output(_) | Purpose::Loss | Purpose::Gradient(_) => None,
            })
            .collect();
        let roots = next.iter().chain(&outputs).copied().chain(assigned.iter().map(|(_, value)| *value));
        let needed = needed(both, roots);
        let mut region = Self { both, mark, next, outputs, steps, assigned, needed, varies: vec![false; both.len()] };
        for value in both.values() {
            region.varies[value.index()] =
                region.is_given(value) || both.operands(value).iter().any(|operand| region.varies[operand.index()]);
        }
        region
    }

    /// Whether the body gets a value as an input that changes.
    fn is_given(&self, value: Value) -> bool {
        match self.both.op(value) {
            Op::Source(Source::Input(input)) => *input >= self.mark.inputs,
            Op::Source(Source::Parameter(parameter)) => self.assigned.iter().any(|(assigned, _)| assigned == parameter),
            Op::Random(_) => value.index() >= self.mark.values,
            _ => false,
        }
    }

    /// Numbers drawn in each step.
    fn draws(&self) -> Vec<(Value, Random)> {
        let drawn = self.needed.iter().filter(|value| self.is_given(**value));
        let random = |value: &Value| match self.both.op(*value) {
            Op::Random(random) => Some((*value, random.clone())),
            _ => None,
        };
        drawn.filter_map(random).collect()
    }

    fn close<'b>(self, builder: &'b Builder, inits: &[Expr<'b>], sequences: &[Expr<'b>], reverse: bool) -> Step<'b> {
        let draws = self.draws();
        let statistics: Vec<Expr<'b>> =
            self.assigned.iter().map(|(parameter, _)| builder.source(Source::Parameter(*parameter))).collect();
        let drawn = draws.iter().map(|(_, random)| {
            let shape = stacked(&Type::f32(random.shape.clone()), self.steps).shape;
            builder.add(Op::Random(Random { shape, ..random.clone() }), &[])
        });
        let sequences: Vec<Expr<'b>> = sequences.iter().copied().chain(drawn).collect();
        let body = Builder::new();
        let given = self.given(&body, &draws);
        let mut inside = Inside {
            region: &self,
            body: &body,
            outside: builder,
            known: given,
            moved: HashMap::new(),
            captured: Vec::new(),
        };
        let results = inside.results();
        let captured = std::mem::take(&mut inside.captured);
        for (number, &(result, has_rows)) in results.iter().enumerate() {
            let result = if has_rows { with_rows(result) } else { result };
            body.keep(Purpose::Output(number), result.value);
        }
        if let Some(fault) = body.take_fault() {
            builder.report(fault);
        }
        let scan = Scan {
            carries: inits.len() + statistics.len(),
            sequences: sequences.len(),
            steps: self.steps,
            reverse,
            result: 0,
            body: Body::new(body.finish()),
        };
        let operands = inits.iter().copied().chain(statistics).chain(sequences).chain(captured);
        let operands: Vec<Value> = operands.map(|operand| operand.value).collect();
        let result = |number: usize| builder.add(Op::Scan(scan.result(number)), &operands);
        for (number, (parameter, _)) in self.assigned.iter().enumerate() {
            builder.keep(Purpose::Assign(*parameter), result(inits.len() + number).value);
        }
        (
            (0..inits.len()).map(result).collect(),
            (scan.carries..scan.carries + self.outputs.len()).map(result).collect(),
        )
    }

    /// Inputs of the body for carries, statistics, steps and draws.
    fn given<'s>(&self, body: &'s Builder, draws: &[(Value, Random)]) -> HashMap<Value, Expr<'s>> {
        let ports = &self.both.inputs[self.mark.inputs..];
        let (carries, steps) = ports.split_at(self.next.len().min(ports.len()));
        let carries: Vec<Expr<'s>> = carries.iter().map(|port| body.input(&port.name, port.ty.clone())).collect();
        let statistics: HashMap<usize, Expr<'s>> = (self.assigned.iter())
            .map(|(parameter, _)| {
                let known = &self.both.parameters[*parameter];
                (*parameter, body.input(&known.name, Type::f32(Shape::fixed(&known.shape))))
            })
            .collect();
        let steps: Vec<Expr<'s>> = steps.iter().map(|port| body.input(&port.name, port.ty.clone())).collect();
        let mut given: HashMap<Value, Expr<'s>> = (draws.iter())
            .map(|(value, random)| (*value, body.input("draw", Type::f32(random.shape.clone()))))
            .collect();
        for &value in self.needed.iter().filter(|value| self.is_given(**value)) {
            let input = match self.both.op(value) {
                Op::Source(Source::Input(input)) => carries.iter().chain(&steps).nth(input - self.mark.inputs).copied(),
                Op::Source(Source::Parameter(parameter)) => statistics.get(parameter).copied(),
                _ => None,
            };
            given.extend(input.map(|input| (value, input)));
        }
        given
    }
}

fn needed(graph: &Graph, roots: impl Iterator<Item = Value>) -> BTreeSet<Value> {
    let (mut needed, mut stack) = (BTreeSet::new(), roots.collect::<Vec<_>>());
    while let Some(value) = stack.pop() {
        if needed.insert(value) {
            stack.extend(graph.operands(value));
        }
    }
    needed
}

/// The body while it is built, and what it captures.
struct Inside<'r, 'g, 's, 'b> {
    region: &'r Region<'g>,
    body: &'s Builder,
    outside: &'b Builder,
    known: HashMap<Value, Expr<'s>>,
    /// Values of the cell that do not change, outside.
    moved: HashMap<Value, Expr<'b>>,
    captured: Vec<Expr<'b>>,
}

impl<'s, 'b> Inside<'_, '_, 's, 'b> {
    /// The next carries and statistics, then the outputs; each with whether it must have rows.
    fn results(&mut self) -> Vec<(Expr<'s>, bool)> {
        let region = self.region;
        for &value in &region.needed {
            if region.varies[value.index()] {
                self.make(value);
            }
        }
        let carries = &region.both.inputs[region.mark.inputs..];
        let next = region.next.iter().zip(carries).map(|(&value, port)| (value, port.ty.shape.is_batched()));
        let assigned = region.assigned.iter().map(|&(_, value)| (value, false));
        let outputs = region.outputs.iter().map(|&value| (value, false));
        let all: Vec<(Value, bool)> = next.chain(assigned).chain(outputs).collect();
        all.into_iter().map(|(value, has_rows)| (self.value(value), has_rows)).collect()
    }

    fn make(&mut self, value: Value) {
        if self.known.contains_key(&value) {
            return;
        }
        let both = self.region.both;
        let operands: Vec<Value> = both.operands(value).iter().map(|&operand| self.value(operand).value).collect();
        let made = self.body.add(both.op(value).clone(), &operands);
        if let Some(label) = both.label(value) {
            self.body.label(made.value, label);
        }
        self.known.insert(value, made);
    }

    /// A value in the body: made there, made again because it costs nothing, or captured.
    fn value(&mut self, value: Value) -> Expr<'s> {
        if let Some(known) = self.known.get(&value) {
            return *known;
        }
        if is_constant(self.region.both, value) {
            self.make(value);
            return self.known[&value];
        }
        let outside = self.outside(value);
        let name = self.region.both.label(value).unwrap_or("captured");
        let input = self.body.input(name, outside.ty());
        self.captured.push(outside);
        self.known.insert(value, input);
        input
    }

    /// A value that does not change, outside.
    fn outside(&mut self, value: Value) -> Expr<'b> {
        if value.index() < self.region.mark.values {
            return self.outside.expr(value);
        }
        if let Some(known) = self.moved.get(&value) {
            return *known;
        }
        let both = self.region.both;
        let operands: Vec<Value> = both.operands(value).iter().map(|&operand| self.outside(operand).value).collect();
        let made = self.outside.add(both.op(value).clone(), &operands);
        if let Some(label) = both.label(value) {
            self.outside.label(made.value, label);
        }
        self.moved.insert(value, made);
        made
    }
}

/// Whether a value follows from numbers alone.
fn is_constant(graph: &Graph, value: Value) -> bool {
    match graph.op(value) {
        Op::Source(Source::Input(_) | Source::Target(_) | Source::Parameter(_)) | Op::Random(_) => false,
        Op::Source(_) | Op::Movement(_) | Op::Unary(_) => {
            graph.operands(value).iter().all(|&operand| is_constant(graph, operand))
        }
        _ => false,
    }
}
