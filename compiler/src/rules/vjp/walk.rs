//! The walk from cotangents of results back to those of everything they depend on.

use super::{scan, vjp};
use crate::ir::hash::Map;
use crate::ir::op::Op;
use crate::ir::{Builder, Expr, Graph, Value};

/// Cotangents of the values that `active` has an entry for, given those of some; only active values have one.
pub fn cotangents<'b>(
    builder: &'b Builder,
    active: &[bool],
    seeds: impl IntoIterator<Item = (Value, Expr<'b>)>,
) -> Vec<Option<Expr<'b>>> {
    let mut walk = Walk { builder, active, cotangents: vec![None; active.len()] };
    seeds.into_iter().for_each(|(value, cotangent)| walk.add(value, cotangent));
    let values: Vec<Value> = builder.graph().values().take(active.len()).collect();
    let loops = Loops::of(&builder.graph(), active.len());
    for value in values.into_iter().rev().filter(|value| active[value.index()]) {
        match loops.results(value) {
            None => walk.pull_back(value),
            // the first result of a loop comes after the users of them all
            Some(results) if results[0] == value => walk.pull_back_loop(results),
            Some(_) => {}
        }
    }
    walk.cotangents
}

struct Walk<'b, 'a> {
    builder: &'b Builder,
    active: &'a [bool],
    cotangents: Vec<Option<Expr<'b>>>,
}

impl<'b> Walk<'b, '_> {
    fn add(&mut self, value: Value, contribution: Expr<'b>) {
        if self.active[value.index()] {
            let sum = &mut self.cotangents[value.index()];
            *sum = Some(sum.map_or(contribution, |sum| sum + contribution));
        }
    }

    /// Adds what a value's cotangent contributes to those of its operands.
    fn pull_back(&mut self, value: Value) {
        let Some(cotangent) = self.cotangents[value.index()] else { return };
        let (op, operands) = self.made(value);
        let contributions = vjp(&op, &self.exprs(&operands), self.builder.expr(value), cotangent);
        self.contribute(&operands, contributions);
    }

    /// The same for all results of a loop at once.
    fn pull_back_loop(&mut self, results: &[Value]) {
        let (op, operands) = self.made(results[0]);
        let Op::Scan(any) = op else { return };
        let number = |value: &Value| match self.builder.graph().op(*value) {
            Op::Scan(scan) => scan.result,
            _ => any.result,
        };
        let known: Vec<(usize, Expr<'b>)> =
            results.iter().filter_map(|value| Some((number(value), self.cotangents[value.index()]?))).collect();
        if !known.is_empty() {
            let contributions = scan::vjp(&any, &self.exprs(&operands), &known);
            self.contribute(&operands, contributions);
        }
    }

    fn made(&self, value: Value) -> (Op, Vec<Value>) {
        let graph = self.builder.graph();
        (graph.op(value).clone(), graph.operands(value).to_vec())
    }

    fn exprs(&self, values: &[Value]) -> Vec<Expr<'b>> {
        values.iter().map(|&value| self.builder.expr(value)).collect()
    }

    fn contribute(&mut self, operands: &[Value], contributions: Vec<Option<Expr<'b>>>) {
        for (&operand, contribution) in operands.iter().zip(contributions) {
            if let Some(contribution) = contribution {
                self.add(operand, contribution);
            }
        }
    }
}

/// Which results belong to one loop.
struct Loops {
    of_value: Map<Value, usize>,
    results: Vec<Vec<Value>>,
}

impl Loops {
    fn of(graph: &Graph, n_values: usize) -> Self {
        let mut loops = Self { of_value: Map::default(), results: Vec::new() };
        for value in graph.values().take(n_values) {
            let Op::Scan(scan) = graph.op(value) else { continue };
            let is_same = |results: &Vec<Value>| match graph.op(results[0]) {
                Op::Scan(other) => scan.is_same_loop(other) && graph.operands(value) == graph.operands(results[0]),
                _ => false,
            };
            let number = loops.results.iter().position(is_same).unwrap_or(loops.results.len());
            loops.results.resize(loops.results.len().max(number + 1), Vec::new());
            loops.results[number].push(value);
            loops.of_value.insert(value, number);
        }
        loops
    }

    fn results(&self, value: Value) -> Option<&[Value]> {
        self.of_value.get(&value).map(|&number| &self.results[number][..])
    }
}
