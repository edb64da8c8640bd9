//! The graph: values in static single assignment, in the order of their creation.

use super::op::{Op, Source};
use super::parameter::Parameter;
use super::types::Type;

/// A value of a graph.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct Value(u32);

impl Value {
    /// Position in the order of creation, which is a topological order.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// An input or target.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Port {
    /// The name in the declaration.
    pub name: String,
    /// Its type, with the batch.
    pub ty: Type,
}

/// What a value is kept for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Purpose {
    /// A result of `forward`.
    Output(usize),
    /// The loss of the rows of the call, `f32[]`; sums over micro-batches to the loss of the step.
    Loss,
    /// The gradient of the loss by a parameter.
    Gradient(usize),
    /// The new value of a running statistic.
    Assign(usize),
}

/// A value that is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sink {
    /// What for.
    pub purpose: Purpose,
    /// Which.
    pub value: Value,
}

#[derive(Clone, Debug)]
struct Node {
    op: Op,
    operands: Vec<Value>,
    ty: Type,
    label: Option<String>,
}

/// A graph of values, with its inputs, targets, parameters and sinks.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    nodes: Vec<Node>,
    /// Inputs of `forward`.
    pub inputs: Vec<Port>,
    /// Targets of `loss`.
    pub targets: Vec<Port>,
    /// Parameters and running statistics, in order of declaration.
    pub parameters: Vec<Parameter>,
    /// Values that are kept, in the order in which they were named.
    pub sinks: Vec<Sink>,
    /// Whether simplification has nothing to do.
    simplified: bool,
}

impl Graph {
    /// A graph without values or sinks, with the ports and parameters of another.
    pub fn like(other: &Self) -> Self {
        Self {
            nodes: Vec::new(),
            inputs: other.inputs.clone(),
            targets: other.targets.clone(),
            parameters: other.parameters.clone(),
            sinks: Vec::new(),
            simplified: false,
        }
    }

    /// Appends a value whose type is already known to be right.
    pub(super) fn push(&mut self, op: Op, operands: &[Value], ty: Type) -> Value {
        self.append(Node { op, operands: operands.to_vec(), ty, label: None })
    }

    fn append(&mut self, node: Node) -> Value {
        self.simplified = false;
        self.nodes.push(node);
        Value(self.nodes.len() as u32 - 1)
    }

    /// Whether nothing was appended since simplification.
    pub(crate) fn is_simplified(&self) -> bool {
        self.simplified
    }

    pub(crate) fn set_simplified(&mut self) {
        self.simplified = true;
    }

    /// Whether a sink needs each value.
    pub fn needed(&self) -> Vec<bool> {
        let mut needed = vec![false; self.len()];
        self.sinks.iter().for_each(|sink| needed[sink.value.index()] = true);
        for value in self.values().rev().map(Value::index) {
            if needed[value] {
                self.nodes[value].operands.iter().for_each(|operand| needed[operand.index()] = true);
            }
        }
        needed
    }

    /// The graph with parameters that differ in their names alone, which are labels of their values too.
    pub fn with_parameters(mut self, parameters: &[Parameter]) -> Self {
        for node in &mut self.nodes {
            if let Op::Source(Source::Parameter(position)) = node.op {
                node.label = parameters.get(position).map(|parameter| parameter.name.clone());
            }
        }
        self.parameters = parameters.to_vec();
        self
    }

    /// The part of the graph that makes the outputs.
    pub fn outputs_only(&self) -> Self {
        let mut outputs = self.clone();
        outputs.targets.clear();
        outputs.sinks.retain(|sink| matches!(sink.purpose, Purpose::Output(_)));
        outputs.pruned()
    }

    /// The graph without the values that no sink needs.
    pub fn pruned(self) -> Self {
        let needed = self.needed();
        if !needed.contains(&false) {
            return self;
        }
        let simplified = self.simplified;
        let mut pruned = Self { nodes: Vec::with_capacity(self.len()), ..self };
        let mut new: Vec<Option<Value>> = Vec::with_capacity(needed.len());
        for (mut node, needed) in self.nodes.into_iter().zip(needed) {
            new.push(needed.then(|| {
                node.operands.iter_mut().for_each(|operand| *operand = new[operand.index()].unwrap_or(*operand));
                pruned.append(node)
            }));
        }
        pruned.sinks.iter_mut().for_each(|sink| sink.value = new[sink.value.index()].unwrap_or(sink.value));
        pruned.simplified = simplified;
        pruned
    }

    /// Drops all values, inputs and sinks but the first.
    pub(super) fn truncate(&mut self, values: usize, inputs: usize, sinks: usize) {
        self.nodes.truncate(values);
        self.inputs.truncate(inputs);
        self.sinks.truncate(sinks);
    }

    /// All values, operands before users.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = Value> + ExactSizeIterator + use<> {
        (0..self.nodes.len() as u32).map(Value)
    }

    /// The number of values.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The operator that makes a value.
    pub fn op(&self, value: Value) -> &Op {
        &self.nodes[value.index()].op
    }

    /// The operands, in order.
    pub fn operands(&self, value: Value) -> &[Value] {
        &self.nodes[value.index()].operands
    }

    /// The type of a value.
    pub fn ty(&self, value: Value) -> &Type {
        &self.nodes[value.index()].ty
    }

    /// The name a user gave a value, for dumps.
    pub fn label(&self, value: Value) -> Option<&str> {
        self.nodes[value.index()].label.as_deref()
    }

    /// Names a value that has no name yet.
    pub fn set_label(&mut self, value: Value, label: &str) {
        self.nodes[value.index()].label.get_or_insert_with(|| label.to_owned());
    }

    /// Whether another graph has the same inputs, operators in the same order, and sinks; names aside.
    pub fn computes_as(&self, other: &Self) -> bool {
        let types = |graph: &Self| graph.inputs.iter().map(|port| port.ty.clone()).collect::<Vec<_>>();
        self.len() == other.len()
            && self.sinks == other.sinks
            && types(self) == types(other)
            && self.values().all(|v| self.op(v) == other.op(v) && self.operands(v) == other.operands(v))
    }

    /// Keeps a value.
    pub fn keep(&mut self, purpose: Purpose, value: Value) {
        self.sinks.push(Sink { purpose, value });
    }

    /// The value kept for a purpose.
    pub fn sink(&self, purpose: Purpose) -> Option<Value> {
        self.sinks.iter().find(|sink| sink.purpose == purpose).map(|sink| sink.value)
    }
}
