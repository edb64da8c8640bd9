//! Loops: what their adjoints read becomes an output before differentiation; what nobody reads goes at the end.

use std::collections::BTreeSet;

use super::made::Made;
use super::rebuild::finish;
use crate::ir::op::{Op, Source};
use crate::ir::scan::{Body, Scan};
use crate::ir::{Builder, Expr, Graph, Purpose, Value};
use crate::rules::vjp::widened;

/// Adds to each loop the outputs that its adjoint will read, innermost loops first.
pub(super) fn widen(graph: Graph) -> Graph {
    if !has_loops(&graph) {
        return graph;
    }
    let mut known: Vec<(Scan, Body)> = Vec::new();
    mapped(&graph, |scan, operands, builder| {
        let found = known.iter().find(|(other, _)| other.is_same_loop(scan)).map(|(_, body)| body.clone());
        let body = found.unwrap_or_else(|| {
            let inside = Scan { body: Body::new(widen((*scan.body).clone())), ..scan.clone() };
            let body = widened(&inside);
            known.push((scan.clone(), body.clone()));
            body
        });
        again(builder, Scan { body, ..scan.clone() }, operands)
    })
}

/// Drops results, carries, sequences and captured values that nothing reads; what is one number moves into the body.
pub(super) fn tidy(graph: Graph) -> Graph {
    if !has_loops(&graph) {
        return graph;
    }
    let uses = Uses::of(&graph);
    mapped(&graph, |scan, operands, builder| {
        let used = uses.results(scan, operands.iter().map(|(old, _)| *old));
        let kept = Kept::of(scan, used);
        let values: Vec<Option<f64>> = operands.iter().map(|(_, new)| new.constant()).collect();
        let (body, inputs) = kept.body(scan, &values);
        let operands: Vec<(Value, Expr<'_>)> = inputs.iter().map(|&input| operands[input]).collect();
        let count = |from: usize, to: usize| inputs.iter().filter(|input| (from..to).contains(*input)).count();
        let scan = Scan {
            body: Body::new(tidy(body)),
            carries: count(0, scan.carries),
            sequences: count(scan.carries, scan.carries + scan.sequences),
            result: kept.results.iter().position(|result| *result == scan.result).unwrap_or(0),
            ..scan.clone()
        };
        again(builder, scan, &operands)
    })
}

fn has_loops(graph: &Graph) -> bool {
    graph.values().any(|value| matches!(graph.op(value), Op::Scan(_)))
}

/// The graph with its loops replaced; operands are given as they were and as they are.
fn mapped(
    graph: &Graph,
    mut replace: impl for<'b> FnMut(&Scan, &[(Value, Expr<'b>)], &'b Builder) -> Expr<'b>,
) -> Graph {
    let builder = Builder::continuing(Graph::like(graph));
    let mut new: Vec<Expr<'_>> = Vec::new();
    for value in graph.values() {
        let operands: Vec<(Value, Expr<'_>)> =
            graph.operands(value).iter().map(|&old| (old, new[old.index()])).collect();
        let made = match graph.op(value) {
            Op::Scan(scan) => replace(scan, &operands, &builder),
            op => builder.add(op.clone(), &operands.iter().map(|(_, new)| new.value).collect::<Vec<_>>()),
        };
        if let Some(label) = graph.label(value) {
            builder.label(made.value, label);
        }
        new.push(made);
    }
    for sink in &graph.sinks {
        builder.keep(sink.purpose, new[sink.value.index()].value);
    }
    finish(builder)
}

fn again<'b>(builder: &'b Builder, scan: Scan, operands: &[(Value, Expr<'b>)]) -> Expr<'b> {
    builder.add(Op::Scan(scan), &operands.iter().map(|(_, new)| new.value).collect::<Vec<_>>())
}

/// The results of each loop that something reads.
struct Uses(Vec<(Scan, Vec<Value>, BTreeSet<usize>)>);

impl Uses {
    fn of(graph: &Graph) -> Self {
        let mut uses = Self(Vec::new());
        for value in graph.values() {
            let Op::Scan(scan) = graph.op(value) else { continue };
            let operands = graph.operands(value).to_vec();
            match uses.0.iter_mut().find(|(other, values, _)| *values == operands && other.is_same_loop(scan)) {
                Some((_, _, results)) => drop(results.insert(scan.result)),
                None => uses.0.push((scan.clone(), operands, BTreeSet::from([scan.result]))),
            }
        }
        uses
    }

    fn results(&self, scan: &Scan, operands: impl Iterator<Item = Value> + Clone) -> BTreeSet<usize> {
        let is_same = |(other, values, _): &&(Scan, Vec<Value>, BTreeSet<usize>)| {
            values.iter().copied().eq(operands.clone()) && other.is_same_loop(scan)
        };
        self.0.iter().find(is_same).map_or_else(BTreeSet::new, |(_, _, results)| results.clone())
    }
}

/// What of a loop is needed.
struct Kept {
    /// Results, ascending: live carries first, then stacked outputs that are read.
    results: Vec<usize>,
    /// Inputs of the body that the results need.
    inputs: BTreeSet<usize>,
    /// Values of the body that they need.
    values: BTreeSet<Value>,
}

impl Kept {
    /// Follows the results that are used back through the body, around the loop until nothing is added.
    fn of(scan: &Scan, used: BTreeSet<usize>) -> Self {
        let mut kept = Self { results: Vec::new(), inputs: BTreeSet::new(), values: BTreeSet::new() };
        let mut results = used;
        loop {
            for output in results.iter().filter_map(|&result| scan.body.output(result)) {
                kept.need(scan, output);
            }
            let carried: BTreeSet<usize> = kept.inputs.iter().copied().filter(|&input| input < scan.carries).collect();
            kept.inputs.extend(results.iter().filter(|&&result| result < scan.carries));
            if carried.is_subset(&results) {
                kept.results = results.into_iter().collect();
                return kept;
            }
            results.extend(carried);
        }
    }

    fn need(&mut self, scan: &Scan, value: Value) {
        let mut stack = vec![value];
        while let Some(value) = stack.pop() {
            if self.values.insert(value) {
                if let Op::Source(Source::Input(input)) = scan.body.op(value) {
                    self.inputs.insert(*input);
                }
                stack.extend(scan.body.operands(value));
            }
        }
    }

    /// The body without the rest, and which inputs it still has; inputs that are one number are made inside.
    fn body(&self, scan: &Scan, constants: &[Option<f64>]) -> (Graph, Vec<usize>) {
        let number = |input: usize| constants[input].filter(|_| input >= scan.carries);
        let inputs: Vec<usize> = self.inputs.iter().copied().filter(|&input| number(input).is_none()).collect();
        let builder = Builder::new();
        let mut new: Vec<Option<Expr<'_>>> = vec![None; scan.body.len()];
        let ports = inputs.iter().map(|&input| &scan.body.inputs[input]);
        let declared: Vec<Expr<'_>> = ports.map(|port| builder.input(&port.name, port.ty.clone())).collect();
        for &value in &self.values {
            new[value.index()] = Some(match scan.body.op(value) {
                Op::Source(Source::Input(input)) => match (number(*input), inputs.binary_search(input)) {
                    (None, Ok(position)) => declared[position],
                    (number, _) => {
                        builder.scalar(number.unwrap_or(0.0)).broadcast(scan.body.ty(value).shape.clone(), Vec::new())
                    }
                },
                op => {
                    let operands = scan.body.operands(value).iter().filter_map(|operand| new[operand.index()]);
                    builder.add(op.clone(), &operands.map(|operand| operand.value).collect::<Vec<_>>())
                }
            });
            if let (Some(label), Some(made)) = (scan.body.label(value), new[value.index()]) {
                builder.label(made.value, label);
            }
        }
        for (number, result) in self.results.iter().enumerate() {
            let value = scan.body.output(*result).and_then(|value| new[value.index()]);
            value.into_iter().for_each(|kept| builder.keep(Purpose::Output(number), kept.value));
        }
        (finish(builder), inputs)
    }
}
