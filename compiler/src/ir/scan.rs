//! A loop over the steps of sequences: an operator that holds the graph of one step.
//!
//! Inputs of the body are the carries, one step of each sequence, and the captured values; its outputs are the new
//! carries, then what is stacked. Operands of the operator are the first carries, the sequences, and the captured
//! values. A value of the outer graph is one result of the loop; results of one loop share operands and body.

use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

use super::graph::{Graph, Purpose, Value};
use super::types::{Dim, Shape, Type};

/// A loop, and which of its results a value is.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Scan {
    /// The graph of one step.
    pub body: Body,
    /// How many values pass from one step to the next.
    pub carries: usize,
    /// How many sequences are walked along.
    pub sequences: usize,
    /// The number of steps, at least one.
    pub steps: usize,
    /// Whether the last step of the sequences comes first.
    pub reverse: bool,
    /// The result: a carry after the last step, or, counted behind the carries, outputs stacked in the order of the
    /// sequences.
    pub result: usize,
}

/// The graph of one step, shared by the results of a loop; compared by what it computes.
#[derive(Clone, Debug)]
pub struct Body(Arc<Graph>);

impl Scan {
    /// The same loop, another result.
    pub fn result(&self, result: usize) -> Self {
        Self { result, ..self.clone() }
    }

    /// Whether two values are results of one loop, if their operands are the same.
    pub fn is_same_loop(&self, other: &Self) -> bool {
        (self.carries, self.sequences, self.steps, self.reverse)
            == (other.carries, other.sequences, other.steps, other.reverse)
            && self.body == other.body
    }

    /// The number of stacked results.
    pub fn stacked(&self) -> usize {
        self.body.sinks.len().saturating_sub(self.carries)
    }

    /// The type of a result.
    pub fn type_of(&self, result: usize) -> Option<Type> {
        let ty = self.body.ty(self.body.sink(Purpose::Output(result))?);
        Some(if result < self.carries { ty.clone() } else { stacked(ty, self.steps) })
    }
}

/// The axis along which steps of a type are stacked: the first written one.
pub fn step_axis(step: &Type) -> usize {
    usize::from(step.shape.is_batched())
}

/// The type of a sequence of steps.
pub fn stacked(step: &Type, steps: usize) -> Type {
    let mut dims = step.shape.0.clone();
    dims.insert(step_axis(step), Dim::fixed(steps));
    Type { dtype: step.dtype, shape: Shape(dims) }
}

/// The type of one step of a sequence, and the number of steps.
pub fn step_of(sequence: &Type) -> Option<(Type, usize)> {
    let mut dims = sequence.shape.0.clone();
    let axis = usize::from(sequence.shape.is_batched());
    let steps = dims.get(axis)?.size;
    dims.remove(axis);
    Some((Type { dtype: sequence.dtype, shape: Shape(dims) }, steps))
}

impl Body {
    /// A body.
    pub fn new(graph: Graph) -> Self {
        Self(Arc::new(graph))
    }

    /// The value of an output.
    pub fn output(&self, output: usize) -> Option<Value> {
        self.0.sink(Purpose::Output(output))
    }
}

impl Deref for Body {
    type Target = Graph;

    fn deref(&self) -> &Graph {
        &self.0
    }
}

impl PartialEq for Body {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.computes_as(&other.0)
    }
}

impl Eq for Body {}

impl Hash for Body {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.0.len(), self.0.inputs.len(), self.0.sinks.len()).hash(state);
    }
}
