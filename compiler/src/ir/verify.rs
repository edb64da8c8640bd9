//! What holds of every graph, after staging and after each pass:
//!
//! - operands come before their users, so that the order of creation is topological;
//! - the type of each value is what its operator's type rule says, and only first axes are batched;
//! - each purpose has one value: an output a real or index, the loss `f32[]`, a gradient the shape of a trained
//!   parameter, an assignment that of a statistic;
//! - a loss, a gradient or an assignment does not grow with the batch;
//! - the body of a loop holds all of this too, and has outputs in order and nothing else to keep;
//! - no two parameters have one name, and no two different random values one number.

use super::hash::{Map, Set};
use super::op::Op;
use super::{DType, Fault, Graph, Purpose, Role, Shape, Sink, Type};
use crate::rules::shape;

/// Everything that does not hold.
pub fn verify(graph: &Graph) -> Vec<Fault> {
    let mut faults = Vec::new();
    values(graph, &mut faults);
    sinks(graph, &mut faults);
    names(graph, &mut faults);
    random_numbers(graph, &mut faults);
    faults
}

fn values(graph: &Graph, faults: &mut Vec<Fault>) {
    for value in graph.values() {
        let position = value.index();
        let operands = graph.operands(value);
        if let Some(late) = operands.iter().find(|operand| **operand >= value) {
            faults.push(Fault(format!("%{position} uses %{} before it is made", late.index())));
            continue;
        }
        let types: Vec<&Type> = operands.iter().map(|operand| graph.ty(*operand)).collect();
        if let Op::Scan(scan) = graph.op(value) {
            let inside = verify(&scan.body);
            faults.extend(inside.into_iter().map(|Fault(sentence)| Fault(format!("in %{position}: {sentence}"))));
        }
        match shape::infer(graph.op(value), &types, graph) {
            Ok(ty) if ty == *graph.ty(value) => {}
            Ok(ty) => faults.push(Fault(format!("%{position} is {}, but its operator makes {ty}", graph.ty(value)))),
            Err(Fault(sentence)) => faults.push(Fault(format!("%{position}: {sentence}"))),
        }
    }
}

fn sinks(graph: &Graph, faults: &mut Vec<Fault>) {
    let mut seen = Set::default();
    for sink in &graph.sinks {
        if !seen.insert(sink.purpose) {
            faults.push(Fault(format!("{:?} is kept twice", sink.purpose)));
        }
        if sink.value.index() >= graph.len() {
            faults.push(Fault(format!("{:?} is not a value of the graph", sink.purpose)));
        } else if !fits(graph, sink) {
            faults.push(Fault(format!("{:?} cannot be {}", sink.purpose, graph.ty(sink.value))));
        }
    }
}

fn fits(graph: &Graph, sink: &Sink) -> bool {
    let ty = graph.ty(sink.value);
    let of_parameter = |position: usize, role: Role| {
        let parameter = graph.parameters.get(position).filter(|parameter| parameter.role == role);
        parameter.is_some_and(|parameter| *ty == Type::f32(Shape::fixed(&parameter.shape)))
    };
    match sink.purpose {
        Purpose::Output(_) => ty.dtype != DType::Mask,
        Purpose::Loss => *ty == Type::f32(Shape::scalar()),
        Purpose::Gradient(position) => of_parameter(position, Role::Trained),
        Purpose::Assign(position) => of_parameter(position, Role::Statistic),
    }
}

fn names(graph: &Graph, faults: &mut Vec<Fault>) {
    let mut seen = Set::default();
    for parameter in &graph.parameters {
        if !seen.insert(&parameter.name) {
            faults.push(Fault(format!("two parameters are named {}", parameter.name)));
        }
    }
}

fn random_numbers(graph: &Graph, faults: &mut Vec<Fault>) {
    let mut seen = Map::default();
    for value in graph.values() {
        if let Op::Random(random) = graph.op(value)
            && *seen.entry(random.operator).or_insert(random) != random
        {
            faults.push(Fault(format!("two random values have the number {}", random.operator)));
        }
    }
}
