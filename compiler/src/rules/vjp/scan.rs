//! The adjoint of a loop: a loop the other way round over cotangents and saved values.
//!
//! Its carries are the cotangents of the carries and sums of the cotangents of captured values; its sequences are the
//! cotangents of the outputs, the sequences, and what of the forward steps cannot be made again cheaply. What is saved
//! becomes further outputs of the forward loop.

use std::collections::{BTreeSet, HashMap};

use super::walk::cotangents;
use crate::ir::op::{Binary, Movement, Op, Source, Unary};
use crate::ir::scan::{Body, Scan};
use crate::ir::{Builder, DType, Expr, Graph, Port, Purpose, Type, Value};

/// Cotangents of the operands, given those of some results.
pub(super) fn vjp<'b>(scan: &Scan, operands: &[Expr<'b>], results: &[(usize, Expr<'b>)]) -> Vec<Option<Expr<'b>>> {
    let Some(builder) = operands.first().map(|operand| operand.builder) else { return Vec::new() };
    let known: HashMap<usize, Expr<'b>> = results.iter().copied().collect();
    let seeded: Vec<usize> =
        (scan.carries..scan.body.sinks.len()).filter(|output| known.contains_key(output)).collect();
    let adjoint = Adjoint::derive(scan, &seeded);
    let (inits, rest) = operands.split_at(scan.carries);
    let (sequences, captured) = rest.split_at(scan.sequences);
    let carried = (0..scan.carries).map(|carry| known.get(&carry).copied().unwrap_or_else(|| inits[carry].like(0.0)));
    let sums = adjoint.summed.iter().map(|&position| captured[position].like(0.0));
    let wide = Scan { body: Body::new(adjoint.wide), ..scan.clone() };
    let values: Vec<Value> = operands.iter().map(|operand| operand.value).collect();
    let saved = adjoint.saved.iter().map(|&result| builder.add(Op::Scan(wide.result(result)), &values));
    let mut arguments: Vec<Expr<'b>> = carried.chain(sums).collect();
    let carries = arguments.len();
    arguments.extend(seeded.iter().map(|output| known[output]).chain(sequences.iter().copied()).chain(saved));
    let n_sequences = arguments.len() - carries;
    arguments.extend(captured);
    let back = Scan {
        body: Body::new(adjoint.body),
        carries,
        sequences: n_sequences,
        steps: scan.steps,
        reverse: !scan.reverse,
        result: 0,
    };
    let values: Vec<Value> = arguments.iter().map(|argument| argument.value).collect();
    let result = |number: usize| Some(builder.add(Op::Scan(back.result(number)), &values));
    let mut contributions = vec![None; operands.len()];
    (0..scan.carries).for_each(|carry| contributions[carry] = result(carry));
    for (number, position) in adjoint.summed.iter().enumerate() {
        contributions[scan.carries + scan.sequences + position] = result(scan.carries + number);
    }
    for (number, position) in adjoint.stepped.iter().enumerate() {
        contributions[scan.carries + position] = result(carries + number);
    }
    contributions
}

/// The body with everything that its adjoint reads among its outputs.
pub fn widened(scan: &Scan) -> Body {
    let outputs: Vec<usize> = (scan.carries..scan.body.sinks.len()).collect();
    Body::new(Adjoint::derive(scan, &outputs).wide)
}

struct Adjoint {
    /// One step back.
    body: Graph,
    /// The forward body with more outputs.
    wide: Graph,
    /// The results of the forward loop that are read as sequences, in order.
    saved: Vec<usize>,
    /// Captured values whose cotangents are summed, in order.
    summed: Vec<usize>,
    /// Sequences whose steps have a cotangent, in order.
    stepped: Vec<usize>,
}

impl Adjoint {
    /// Differentiates a step by its carries and the outputs `seeded`.
    fn derive(scan: &Scan, seeded: &[usize]) -> Self {
        let forward: &Graph = &scan.body;
        let builder = Builder::continuing(forward.clone());
        let outputs = (0..scan.carries).chain(seeded.iter().copied()).filter_map(|output| scan.body.output(output));
        let seeds: Vec<(Value, Expr<'_>)> =
            outputs.map(|value| (value, builder.input("cotangent", forward.ty(value).clone()))).collect();
        let by_input = cotangents(&builder, &active(forward), seeds.iter().copied());
        let of_input =
            |input: usize| by_input.get(builder.source(Source::Input(input)).value.index()).copied().flatten();
        let gradients: Vec<Option<Expr<'_>>> = (0..forward.inputs.len()).map(of_input).collect();
        let (carries, rest) = gradients.split_at(scan.carries);
        let (steps, captured) = rest.split_at(scan.sequences);
        let zero = |input: usize| builder.source(Source::Input(input)).like(0.0);
        let carries: Vec<Expr<'_>> =
            carries.iter().enumerate().map(|(input, known)| known.unwrap_or_else(|| zero(input))).collect();
        let present = |side: &[Option<Expr<'_>>]| (0..side.len()).filter(|&at| side[at].is_some()).collect::<Vec<_>>();
        let (stepped, summed) = (present(steps), present(captured));
        let results: Vec<Value> = carries
            .iter()
            .chain(captured.iter().flatten())
            .chain(steps.iter().flatten())
            .map(|expr| expr.value)
            .collect();
        let plan = Split::of(scan, builder.finish(), &results);
        Self {
            body: plan.body(scan, seeded.len(), &results, &summed),
            wide: plan.wide,
            saved: plan.saved,
            summed,
            stepped,
        }
    }
}

/// Everything that depends on a real input.
fn active(body: &Graph) -> Vec<bool> {
    let mut active = vec![false; body.len()];
    for value in body.values() {
        active[value.index()] = match body.op(value) {
            Op::Source(Source::Input(_)) => body.ty(value).dtype == DType::F32,
            _ => body.operands(value).iter().any(|operand| active[operand.index()]),
        };
    }
    active
}

/// A forward step and its way back in one graph, and which of the forward values the way back reads.
struct Split {
    both: Graph,
    wide: Graph,
    /// Forward values that are read as sequences, and for each the result of the wide loop.
    kept: Vec<Value>,
    saved: Vec<usize>,
    /// Values that the way back makes.
    made: BTreeSet<Value>,
}

impl Split {
    fn of(scan: &Scan, both: Graph, results: &[Value]) -> Self {
        let n_inputs = scan.body.inputs.len();
        let forward = forward_values(&both, n_inputs);
        let outputs: BTreeSet<Value> =
            (scan.carries..scan.body.sinks.len()).filter_map(|output| scan.body.output(output)).collect();
        let is_forward = |value: Value| {
            forward[value.index()] && (value.index() < scan.body.len() || matches!(both.op(value), Op::Scan(_)))
        };
        let (mut made, mut read) = (BTreeSet::new(), BTreeSet::new());
        let mut stack = results.to_vec();
        while let Some(value) = stack.pop() {
            if is_forward(value) && !is_view_or_mask(&both, value) {
                read.insert(value);
            } else if made.insert(value) {
                stack.extend(both.operands(value));
            }
        }
        let mut kept: Vec<Value> = Vec::new();
        for value in read {
            let is_kept = outputs.contains(&value)
                || !made_again(scan, &both, value, &|operand| outputs.contains(&operand) || kept.contains(&operand));
            if is_input(scan, &both, value) {
                made.insert(value);
            } else if is_kept {
                kept.push(value);
            } else {
                add_again(&both, value, &mut kept, &mut made, &outputs);
            }
        }
        kept.sort_unstable();
        kept.dedup();
        let (wide, saved) = widen(scan, &both, &kept);
        Self { both, wide, kept, saved, made }
    }

    /// The way back as a body of its own.
    fn body(&self, scan: &Scan, seeded: usize, results: &[Value], summed: &[usize]) -> Graph {
        let (builder, n_inputs) = (Builder::new(), scan.body.inputs.len());
        let input = |port: &Port| builder.input(&port.name, port.ty.clone());
        let (inputs, seeds) = self.both.inputs.split_at(n_inputs);
        let carried: Vec<Expr<'_>> = seeds.iter().take(scan.carries).map(input).collect();
        let captured = |position: &usize| input(&inputs[scan.carries + scan.sequences + position]);
        let sums: Vec<Expr<'_>> = summed.iter().map(captured).collect();
        let seeds: Vec<Expr<'_>> = seeds.iter().skip(scan.carries).take(seeded).map(input).collect();
        let steps: Vec<Expr<'_>> = inputs[scan.carries..scan.carries + scan.sequences].iter().map(input).collect();
        let saved = self.kept.iter().map(|&value| (value, builder.input("saved", self.both.ty(value).clone())));
        let mut new: HashMap<Value, Expr<'_>> = saved.collect();
        let captured: Vec<Expr<'_>> = inputs[scan.carries + scan.sequences..].iter().map(input).collect();
        for &value in &self.made {
            let expr = match self.both.op(value) {
                Op::Source(Source::Input(position)) => match position.checked_sub(n_inputs) {
                    Some(seed) => carried.iter().chain(&seeds).nth(seed).copied(),
                    None => steps.iter().chain(&captured).nth(position.saturating_sub(scan.carries)).copied(),
                },
                op => {
                    let operands: Vec<Value> = self
                        .both
                        .operands(value)
                        .iter()
                        .filter_map(|operand| new.get(operand))
                        .map(|e| e.value)
                        .collect();
                    Some(builder.add(op.clone(), &operands))
                }
            };
            new.extend(expr.filter(|_| !self.kept.contains(&value)).map(|expr| (value, expr)));
        }
        for (number, result) in results.iter().map(|result| new[result]).enumerate() {
            let sum = number.checked_sub(scan.carries).and_then(|sum| sums.get(sum));
            let kept = sum.map_or(result, |&sum| sum + result);
            builder.keep(Purpose::Output(number), kept.value);
        }
        builder.finish()
    }
}

/// Whether each value depends on nothing but the first `n_inputs` inputs.
fn forward_values(both: &Graph, n_inputs: usize) -> Vec<bool> {
    let mut forward = vec![true; both.len()];
    for value in both.values() {
        forward[value.index()] = match both.op(value) {
            Op::Source(Source::Input(position)) => *position < n_inputs,
            _ => both.operands(value).iter().all(|operand| forward[operand.index()]),
        };
    }
    forward
}

/// A sequence or captured value, which the way back has too.
fn is_input(scan: &Scan, both: &Graph, value: Value) -> bool {
    matches!(both.op(value), Op::Source(Source::Input(position)) if *position >= scan.carries)
}

/// Values that are made again from what they show or compare: they are larger than it, or no reals.
fn is_view_or_mask(both: &Graph, value: Value) -> bool {
    let is_mask = |ty: &Type| ty.dtype == DType::Mask;
    match both.op(value) {
        Op::Source(Source::Input(_)) => false,
        Op::Source(_) | Op::Stop | Op::Compare(_) | Op::Cast(DType::Mask) => true,
        Op::Cast(_) => both.operands(value).iter().any(|operand| is_mask(both.ty(*operand))),
        Op::Movement(Movement::Reshape(_) | Movement::Transpose(_) | Movement::Broadcast { .. }) => true,
        _ => is_mask(both.ty(value)),
    }
}

/// Whether one cheap operator makes a value from what is at hand.
fn made_again(scan: &Scan, both: &Graph, value: Value, at_hand: &impl Fn(Value) -> bool) -> bool {
    let is_cheap = matches!(
        both.op(value),
        Op::Select
            | Op::Unary(Unary::Neg | Unary::Abs | Unary::Sign)
            | Op::Binary(Binary::Add | Binary::Sub | Binary::Mul | Binary::Max | Binary::Min)
    );
    is_cheap && both.operands(value).iter().all(|&operand| is_at_hand(scan, both, operand, at_hand))
}

fn is_at_hand(scan: &Scan, both: &Graph, value: Value, at_hand: &impl Fn(Value) -> bool) -> bool {
    at_hand(value)
        || is_input(scan, both, value)
        || (is_view_or_mask(both, value)
            && both.operands(value).iter().all(|&operand| is_at_hand(scan, both, operand, at_hand)))
}

/// Makes a value again, and what it shows or compares; outputs that it needs are read.
fn add_again(both: &Graph, value: Value, kept: &mut Vec<Value>, made: &mut BTreeSet<Value>, outputs: &BTreeSet<Value>) {
    made.insert(value);
    for &operand in both.operands(value) {
        if outputs.contains(&operand) && !kept.contains(&operand) {
            kept.push(operand);
        } else if !kept.contains(&operand) {
            add_again(both, operand, kept, made, outputs);
        }
    }
}

/// The forward body with the values among its outputs, and the output of each.
fn widen(scan: &Scan, both: &Graph, kept: &[Value]) -> (Graph, Vec<usize>) {
    let builder = Builder::continuing(Graph::clone(&scan.body));
    let mut saved = Vec::new();
    for &value in kept {
        let own = if value.index() < scan.body.len() {
            value
        } else {
            builder.add(both.op(value).clone(), both.operands(value)).value
        };
        let known = builder.graph().sinks.iter().skip(scan.carries).position(|sink| sink.value == own);
        saved.push(known.map_or_else(
            || {
                let next = builder.graph().sinks.len();
                builder.keep(Purpose::Output(next), own);
                next
            },
            |known| known + scan.carries,
        ));
    }
    (builder.finish(), saved)
}
